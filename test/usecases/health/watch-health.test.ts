// What admins are told of keyrotate itself, when, and where; and what is started that did not come.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { channelRefused, watchHealth } from '../../../src/usecases/health/watch-health.ts';
import { attendUser } from '../../../src/usecases/night/attend-user.ts';
import { NOW, userAt } from '../../domain/given.ts';
import { ACCOUNT, SAM, TEST_ACCOUNT, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

const watch = (at = NOW, more: { refused?: string } = {}) => {
  world.goTo(at);
  return watchHealth({ kind: 'watchHealth', id: `check@${at}`, ...more }, world.ports);
};

/** What the last notice says is wrong. */
const wrong = () =>
  world.health
    .at(-1)
    ?.notice.findings.filter(({ state }) => state === 'wrong')
    .map(({ check }) => check);

const swept = (account: string, sweptAt: number) =>
  world.ports.records.saveSweep({
    ...{ account, sweptAt, users: 1, activeKeys: 1, withinAge: 1 },
    ...{ unreadable: [], unreadableCount: 0 },
  });

const NOT_IN_CHANNEL = new OutsideError('refused', 'chat.postMessage', 'not_in_channel');

/** Somebody has deployed, and was greeted. */
async function greeted(): Promise<void> {
  await watch();
  world.health.length = 0;
  world.sweeps.length = 0;
}

describe('the first time', () => {
  it('says hello, names each account’s mode, and sweeps at once', async () => {
    await watch();
    expect(world.health).toMatchObject([
      {
        to: 'CADMINS',
        notice: {
          isFirst: true,
          isMended: false,
          modes: [
            { account: ACCOUNT, mode: 'live' },
            { account: TEST_ACCOUNT, mode: 'live' },
          ],
        },
      },
    ]);
    expect(wrong()).toEqual([]);
    expect(world.sweeps.map(({ account }) => account)).toEqual([ACCOUNT, TEST_ACCOUNT]);
  });

  it('is over once it was said', async () => {
    await greeted();
    await watch(NOW + 5 * MINUTE);
    await watch(NOW + 3 * DAY);
    expect(world.health).toEqual([]);
  });

  it('is not over while nobody could be told', async () => {
    world.faults.slack = NOT_IN_CHANNEL;
    world.slack.admins = { able: [], unable: [SAM] };
    await watch();
    expect(world.health).toEqual([]);
    world.faults.slack = undefined;
    await watch(NOW + 5 * MINUTE);
    expect(world.health).toMatchObject([{ to: 'CADMINS', notice: { isFirst: true } }]);
    // It sweeps once, all the same.
    expect(world.sweeps).toHaveLength(2);
  });
});

describe('an account that AWS has shut', () => {
  const refuse = (at: number) =>
    world.ports.records.saveRefusedSweep({
      ...{ account: TEST_ACCOUNT, at, operation: 'AssumeRole', code: 'AccessDenied' },
    });

  it('is told by its name and reason until it is swept again, and its sweep is not told as late besides', async () => {
    await greeted();
    await swept(ACCOUNT, NOW + HOUR);
    await refuse(NOW + HOUR);
    world.lastDue.sweep = NOW + HOUR / 2;
    await watch(NOW + 3 * HOUR);
    expect(wrong()).toEqual(['accounts']);
    const finding = world.health.at(-1)?.notice.findings.find(({ check }) => check === 'accounts');
    expect(finding).toMatchObject({ names: [TEST_ACCOUNT], code: 'AssumeRole: AccessDenied' });
    // It is tried again all the same.
    expect(world.sweeps.map(({ account }) => account)).toEqual([TEST_ACCOUNT]);
    await swept(TEST_ACCOUNT, NOW + 4 * HOUR);
    await watch(NOW + 5 * HOUR);
    expect(world.health.at(-1)?.notice).toMatchObject({ isMended: true });
  });
});

describe('a change of mode', () => {
  it('is announced once, for the account that it is about', async () => {
    await greeted();
    const policy = world.ports.policy(ACCOUNT);
    const ports = {
      ...world.ports,
      policy: (account: string) =>
        account === TEST_ACCOUNT ? { ...policy, mode: 'preview' as const } : policy,
    };
    for (const id of ['1', '2']) await watchHealth({ kind: 'watchHealth', id }, ports);
    expect(world.health.map(({ notice }) => notice.modes)).toEqual([
      [{ account: TEST_ACCOUNT, mode: 'preview' }],
    ]);
  });
});

describe('what is wrong', () => {
  it('is told once, again each day while it lasts, and when it is over', async () => {
    await greeted();
    world.deadLetters.count = 3;
    await watch(NOW + HOUR);
    expect(world.health).toHaveLength(1);
    expect(wrong()).toEqual(['deadLetters']);
    await watch(NOW + 2 * HOUR);
    expect(world.health).toHaveLength(1);
    await watch(NOW + HOUR + DAY);
    expect(world.health).toHaveLength(2);
    world.deadLetters.count = 0;
    await watch(NOW + 2 * DAY);
    expect(world.health).toHaveLength(3);
    expect(world.health[2]?.notice).toMatchObject({ isMended: true });
    await watch(NOW + 4 * DAY);
    expect(world.health).toHaveLength(3);
  });

  it('is told at once when something else goes wrong, too', async () => {
    await greeted();
    world.deadLetters.count = 1;
    await watch(NOW + HOUR);
    world.slack.app = { missingScopes: ['users:read'] };
    await watch(NOW + 2 * HOUR);
    expect(wrong()).toEqual(['slackApp', 'deadLetters']);
    // One of the two is mended: that is no news.
    world.deadLetters.count = 0;
    await watch(NOW + 3 * HOUR);
    expect(world.health).toHaveLength(2);
  });

  it.each([
    [
      'an app of another workspace',
      () => (world.slack.app = { missingScopes: [], cannot: 'other_workspace' }),
      'slackApp',
    ],
    [
      'an admin channel without keyrotate',
      () => (world.slack.adminChannel = { id: 'C', cannot: 'not_in_channel' }),
      'adminChannel',
    ],
    ['an admin who left', () => (world.slack.admins = { able: [SAM], unable: ['U0LENA'] }), 'admins'],
    [
      'a group of admins that does not exist',
      () => (world.slack.admins = { able: [SAM], unable: [], noGroup: 'S0GONE' }),
      'admins',
    ],
    ['nobody who is admin', () => (world.slack.admins = { able: [], unable: [] }), 'admins'],
  ])('may be %s', async (_, happen, check) => {
    await greeted();
    happen();
    await watch(NOW + HOUR);
    expect(wrong()).toEqual([check]);
  });

  it('may be users that wait for what does not come, two hours after it was due', async () => {
    await greeted();
    // Its reminder is due, and no tick comes.
    await world.save(userAt('due'));
    await watch(NOW + HOUR);
    expect(world.health).toEqual([]);
    await watch(NOW + 30 * DAY);
    expect(wrong()).toEqual(['waiting']);
  });

  it('does not include what could not be looked up', async () => {
    await greeted();
    world.ports.installation.adminChannel = async () => {
      throw new OutsideError('refused', 'conversations.info', 'missing_scope');
    };
    await watch(NOW + HOUR);
    expect(world.health).toEqual([]);
  });
});

describe('a sweep that did not come', () => {
  it('is started again for the accounts it did not come to, and told, an hour after it was due', async () => {
    await greeted();
    const due = NOW + DAY;
    world.lastDue.sweep = due;
    await swept(ACCOUNT, due + 10 * MINUTE);
    await watch(due + 59 * MINUTE);
    expect(world.sweeps).toEqual([]);
    await watch(due + HOUR);
    expect(world.sweeps.map(({ account }) => account)).toEqual([TEST_ACCOUNT]);
    expect(wrong()).toEqual(['sweep']);
  });

  it('is started every two hours, until it comes', async () => {
    await greeted();
    const due = NOW + DAY;
    world.lastDue.sweep = due;
    await swept(ACCOUNT, due + 10 * MINUTE);
    for (let passed = HOUR; passed <= 5 * HOUR; passed += 15 * MINUTE) await watch(due + passed);
    expect(world.sweeps).toHaveLength(3);
    await swept(TEST_ACCOUNT, due + 5 * HOUR);
    await watch(due + 8 * HOUR);
    expect(world.sweeps).toHaveLength(3);
    expect(world.health.at(-1)?.notice).toMatchObject({ isMended: true });
  });
});

describe('what is started again', () => {
  const lost = new OutsideError('unknown', 'chat.postMessage', 'ETIMEDOUT');

  it.each([
    ['Slack does not answer', lost],
    ['Slack wants to be asked later', new OutsideError('busy', 'chat.postMessage', 'ratelimited')],
  ])('is started once in two hours, also while nobody can be told: %s', async (_, fault) => {
    world.faults.slack = fault;
    for (let passed = 0; passed <= 2 * HOUR; passed += 15 * MINUTE)
      await watch(NOW + passed).catch(() => undefined);
    // The first deployment, and once more two hours later.
    expect(world.sweeps.map(({ account }) => account)).toEqual([ACCOUNT, TEST_ACCOUNT]);
    await watch(NOW + DAY).catch(() => undefined);
    world.lastDue.sweep = NOW + DAY;
    for (let passed = HOUR; passed < 3 * HOUR; passed += 5 * MINUTE)
      await watch(NOW + DAY + passed).catch(() => undefined);
    expect(world.sweeps).toHaveLength(4);
  });
});

describe('a notice', () => {
  it('is not posted while it could not be noted: it would come every five minutes', async () => {
    await greeted();
    world.deadLetters.count = 1;
    const { saveHealth } = world.ports.records;
    world.ports.records.saveHealth = () =>
      Promise.reject(new OutsideError('unknown', 'PutItem', 'ETIMEDOUT'));
    for (const minutes of [5, 10, 15]) await watch(NOW + minutes * MINUTE).catch(() => undefined);
    expect(world.health).toEqual([]);
    world.ports.records.saveHealth = saveHealth;
    await watch(NOW + 20 * MINUTE);
    expect(wrong()).toEqual(['deadLetters']);
  });

  it('does not call mended what could not be looked up', async () => {
    await greeted();
    world.slack.adminChannel = { id: 'CADMINS', cannot: 'is_archived' };
    await watch(NOW + HOUR);
    const { adminChannel } = world.ports.installation;
    world.ports.installation.adminChannel = () =>
      Promise.reject(new OutsideError('unknown', 'conversations.info', 'ETIMEDOUT'));
    await watch(NOW + 2 * HOUR);
    world.ports.installation.adminChannel = adminChannel;
    await watch(NOW + 3 * HOUR);
    expect(world.health).toHaveLength(1);
  });

  it('tells what comes back while something else stays wrong', async () => {
    await greeted();
    world.deadLetters.count = 1;
    world.slack.adminChannel = { id: 'CADMINS', cannot: 'not_in_channel' };
    await watch(NOW + HOUR);
    world.slack.adminChannel = { id: 'CADMINS' };
    await watch(NOW + 2 * HOUR);
    world.slack.adminChannel = { id: 'CADMINS', cannot: 'is_archived' };
    await watch(NOW + 3 * HOUR);
    expect(world.health).toHaveLength(2);
  });

  it('comes once to an admin, whatever becomes of that to the others', async () => {
    await greeted();
    world.faults.slack = NOT_IN_CHANNEL;
    world.slack.adminChannel = { id: 'CADMINS', cannot: 'not_in_channel' };
    world.slack.admins = { able: [SAM, 'U0MIA'], unable: [] };
    const { sendHealth } = world.ports.messenger;
    world.ports.messenger.sendHealth = (notice, to, refusedAs) =>
      to === SAM
        ? sendHealth(notice, to, refusedAs)
        : Promise.reject(new OutsideError('busy', 'chat.postMessage', 'ratelimited'));
    for (const minutes of [5, 10, 15]) await watch(NOW + minutes * MINUTE);
    expect(world.health.map(({ to }) => to)).toEqual([SAM]);
  });
});

describe('a move that does not end', () => {
  it('is told two hours after its press, though each look puts it off', async () => {
    await greeted();
    const actor = { kind: 'person', slackId: SAM, as: 'admin' } as const;
    const claim = { jobId: 'j', move: 'createKey', at: NOW, actor, leaseUntil: NOW } as const;
    world.addIamUser('ci-deploy');
    await world.save(userAt('due', { claim: { ...claim, evidence: [], knownKeyIds: [] } as never }));
    world.faults.iam = new OutsideError('refused', 'ListAccessKeys', 'AccessDenied');
    for (let passed = 0; passed <= 3 * HOUR; passed += 15 * MINUTE) {
      world.goTo(NOW + passed);
      const { account, userName } = userAt('due');
      await attendUser({ kind: 'inspect', id: `tick@${passed}`, account, userName }, world.ports);
      for (const job of world.put.splice(0))
        if (job.kind === 'watchHealth') await watchHealth(job, world.ports);
    }
    expect(wrong()).toEqual(['waiting']);
  });
});

describe('a summary that did not come', () => {
  it('is started again, and told', async () => {
    await greeted();
    world.lastDue.summary = NOW + DAY;
    await watch(NOW + DAY + HOUR);
    expect(world.put).toMatchObject([{ kind: 'summarize' }]);
    expect(wrong()).toEqual(['summary']);
  });

  it('is none where it was due before keyrotate was there', async () => {
    world.lastDue.summary = NOW - DAY;
    await greeted();
    await watch(NOW + DAY);
    expect(world.put).toEqual([]);
    expect(world.health).toEqual([]);
  });
});

describe('an admin channel that takes no message', () => {
  it('has each admin told in their own conversation, with the reason', async () => {
    await greeted();
    world.faults.slack = NOT_IN_CHANNEL;
    world.slack.adminChannel = { id: 'CADMINS', cannot: 'not_in_channel' };
    world.slack.admins = { able: [SAM, 'U0MIA'], unable: [] };
    await watch(NOW + HOUR);
    expect(world.health.map(({ to, refusedAs }) => [to, refusedAs])).toEqual([
      [SAM, 'not_in_channel'],
      ['U0MIA', 'not_in_channel'],
    ]);
    await watch(NOW + 2 * HOUR);
    expect(world.health).toHaveLength(2);
  });

  it('is told of when only a message shows it, for a day', async () => {
    await greeted();
    await watch(NOW + HOUR, { refused: 'restricted_action' });
    expect(wrong()).toEqual(['adminChannel']);
    await watch(NOW + 2 * HOUR);
    expect(world.health).toHaveLength(1);
    await watch(NOW + HOUR + DAY);
    expect(world.health.at(-1)?.notice).toMatchObject({ isMended: true });
  });

  it('asks once for many refusals', async () => {
    await channelRefused(NOT_IN_CHANNEL, world.ports);
    await channelRefused(NOT_IN_CHANNEL, world.ports);
    expect(new Set(world.put.map(({ id }) => id)).size).toBe(1);
    expect(world.put[0]).toMatchObject({ kind: 'watchHealth', refused: 'not_in_channel' });
  });
});
