// keyrotate tells its admins how it is itself: after a deploy, when something does not come, and where its channel is dead.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import { itemsAt } from '../sandbox/play/items.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import {
  command,
  drain,
  keysOf,
  liveCard,
  passDays,
  passTime,
  press,
  run,
  whispers,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { inbox, openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Fault } from '../sandbox/servers/wire.ts';
import { sharedSandbox } from '../sandbox/shared.ts';
import { begin, type Story } from './story.ts';

let sandbox: Sandbox;

/** On a Monday: the summary of this morning was due at nine, before anything was deployed. */
const AT_TEN = { name: 'ten o’clock', play: async ({ clock }: Sandbox) => clock.advance(HOUR) };

beforeEach(async () => {
  sandbox = await sharedSandbox({ mode: 'preview' }, AT_TEN);
});

afterEach(() => sandbox.close());

const channel = () => sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel);
const posted = () => (channel()?.messages ?? []).map(plainText);
const sam = () => sandbox.organisation.people.sam;
const toSam = () =>
  inbox(sandbox.slack.workspace, sam())
    .filter(({ ephemeralTo }) => ephemeralTo === undefined)
    .map(plainText);

const checked = (person = sam()) => typed('check', person);

async function typed(text: string, person = sam()): Promise<string> {
  await command(sandbox, person, text, openDm(sandbox.slack.workspace, person).id);
  return whispers(sandbox, person).at(-1) ?? '';
}

const leaveChannel = () => {
  const { workspace } = sandbox.slack;
  const members = channel()?.members ?? [];
  members.splice(members.indexOf(workspace.bot.userId), 1);
};

describe('a first deployment', () => {
  it('says hello in the admin channel, and looks at the account at once', async () => {
    await run(sandbox, 'check');
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).toMatch(
      /^Hello, keyrotate is here\.[\s\S]*preview[\s\S]*looking at the accounts now/,
    );
    // The figures of a sweep that nobody asked for.
    expect(await itemsAt(sandbox, `SWEEP#${sandbox.organisation.account}`)).toHaveLength(1);
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posted()).toHaveLength(1);
  });

  it('says with it what is wrong, and what to do', async () => {
    sandbox.slack.workspace.bot.scopes = sandbox.slack.workspace.bot.scopes.filter(
      (scope) => scope !== 'users:read.email',
    );
    await run(sandbox, 'check');
    expect(posted()[0]).toContain('The app lacks 1 scope: users:read.email.');
    expect(posted()[0]).toContain('install it again');
  });

  it('tells each admin in private where keyrotate was not invited to the channel', async () => {
    leaveChannel();
    await run(sandbox, 'check');
    expect(posted()).toEqual([]);
    expect(toSam()).toHaveLength(1);
    expect(toSam()[0]).toContain('Hello, keyrotate is here.');
    expect(toSam()[0]).toContain('Invite me there: /invite @keyrotate.');
    expect(toSam()[0]).toContain('Slack takes no message from me in the admin channel (not_in_channel).');
  });
});

describe('going live', () => {
  it('is announced, and so is going back', async () => {
    await run(sandbox, 'check');
    sandbox.clock.advance(5 * MINUTE);
    const live = await redeployed(sandbox, 'live', 'follow');
    await run(live, 'check');
    expect(posted().at(-1)).toMatch(/^The mode was changed\.[\s\S]*is live: owners are asked/);
    sandbox.clock.advance(5 * MINUTE);
    await run(await redeployed(live, 'preview', 'follow'), 'check');
    expect(posted().at(-1)).toMatch(/is in preview: owners hear nothing/);
    expect(posted()).toHaveLength(3);
  });
});

describe('a sweep that did not come', () => {
  it('is made good, told, and told to be well again', async () => {
    await run(sandbox, 'check');
    // The next night, and no schedule runs.
    sandbox.clock.advance(18 * HOUR);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toMatch(
      /^One thing is wrong with keyrotate\.[\s\S]*The sweep of .* did not come/,
    );
    expect(await itemsAt(sandbox, `SWEEP#${sandbox.organisation.account}`)).toHaveLength(2);
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toMatch(/^All is well with keyrotate again\./);
  });
});

describe('a summary that did not come', () => {
  it('comes later', async () => {
    await run(sandbox, 'check');
    sandbox.clock.advance(7 * DAY + HOUR);
    await run(sandbox, 'check');
    // The sweep comes first.
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posted().some((text) => text.startsWith('Access keys'))).toBe(true);
  });
});

describe('an admin channel that is archived', () => {
  it('is told to each admin, and the summary comes once it is open again', async () => {
    await run(sandbox, 'check');
    Object.assign(channel() ?? {}, { is_archived: true });
    sandbox.clock.advance(7 * DAY);
    await run(sandbox, 'summary');
    expect(toSam().at(-1)).toContain('is archived. Open it again, or set ADMIN_CHANNEL to another one');
    // No dead letter comes of it.
    expect(sandbox.aws.sqs.state.queues.get('keyrotate-dev-upkeep-dead.fifo')?.messages).toEqual([]);
    Object.assign(channel() ?? {}, { is_archived: false });
    sandbox.clock.advance(2 * HOUR);
    await run(sandbox, 'check');
    expect(posted().some((text) => text.startsWith('Access keys'))).toBe(true);
  });
});

describe('a job that was given up', () => {
  it('is told in the admin channel, until it is started again', async () => {
    await run(sandbox, 'check');
    // A look at somebody, while the worker lacks a right on the table.
    const { wire, sqs } = sandbox.aws;
    wire.interfere(({ action }) =>
      action === 'GetItem' ? { kind: 'refuse', status: 400, code: 'AccessDeniedException' } : undefined,
    );
    const look = { v: 1, kind: 'inspect', id: 'x', account: sandbox.organisation.account, userName: 'ci' };
    sqs.state.queues
      .get('keyrotate-dev-upkeep.fifo')
      ?.send({ body: JSON.stringify(look), groupId: 'x', deduplicationId: 'x', senderId: 'x' });
    for (let tries = 0; tries < 90; tries += 1) await passTime(sandbox, MINUTE);
    wire.interfere(undefined);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toContain('1 job was given up.');
    expect(posted().at(-1)).toContain('/keyrotate redrive starts it again.');
    expect(await typed('redrive', sandbox.organisation.people.ana)).not.toContain('again.');
    expect(await typed('redrive')).toContain('I start 1 job again.');
    sandbox.clock.advance(MINUTE);
    expect(await typed('redrive')).toContain('No job was given up. There is nothing to start again.');
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toMatch(/^All is well with keyrotate again\./);
  });
});

describe('a “redrive” that does not get all', () => {
  beforeEach(async () => {
    await run(sandbox, 'check');
    const { queues } = sandbox.aws.sqs.state;
    const at = {
      sentAt: sandbox.clock.now(),
      visibleAt: sandbox.clock.now(),
      receiveCount: 80,
      senderId: 'x',
    };
    const look = { v: 1, kind: 'inspect', id: 'x', account: sandbox.organisation.account, userName: 'ci' };
    const sweep = { ...look, kind: 'sweep' };
    const bury = (name: string, fifo: '.fifo' | '', job: object) =>
      queues
        .get(`keyrotate-dev-${name}-dead${fifo}`)
        ?.bury(
          { ...at, id: name, body: JSON.stringify(job), ...(fifo && { groupId: 'x' }) },
          queues.get(`keyrotate-dev-${name}${fifo}`)?.arn ?? '',
        );
    bury('upkeep', '.fifo', look);
    bury('sweeps', '', sweep);
  });

  const failing = (fault: Fault, times: number) => {
    let left = times;
    sandbox.aws.wire.interfere(({ action, input }) => {
      if (action !== 'StartMessageMoveTask' || !String(input.SourceArn).endsWith('sweeps-dead'))
        return undefined;
      left -= 1;
      return left >= 0 ? fault : undefined;
    });
  };

  it('breaks off half way, and tells of all that it put back when it has gone on', async () => {
    failing({ kind: 'refuse', status: 500, code: 'InternalFailure' }, 5);
    expect(await typed('redrive')).toContain('I start 2 jobs again.');
  });

  it('tells what SQS will not put back beside what it does', async () => {
    failing({ kind: 'refuse', status: 400, code: 'InvalidParameterValue' }, 1);
    const told = await typed('redrive');
    expect(told).toContain('I start 1 job again.');
    expect(told).toContain('SQS refuses to put 1 job back (InvalidParameterValue)');
    expect(told).not.toContain('already');
  });
});

describe('a deployment beside an older one that is live', () => {
  const ANA = 'ana@example.com';
  const users = [{ name: 'ci', tags: { 'keyrotate:owner': ANA }, keys: [{ age: 83, usedHoursAgo: 30 }] }];
  const OTHER = 'keyrotate-next-WorkerRole';
  const toAna = () =>
    notifications(sandbox).filter(({ to }) => to === sandbox.organisation.people.ana).length;

  const sweepsMade = async () => (await itemsAt(sandbox, `SWEEP#${sandbox.organisation.account}`)).length;

  /** Than this deployment. */
  function older(role: { createdAt: number }, by = DAY): void {
    role.createdAt = (sandbox.aws.iam.state.roles.get('worker')?.createdAt ?? 0) - by;
  }

  /** A trial that nobody removed, from before production was removed and deployed anew. */
  function trial(mode: 'live' | 'preview', age = DAY): void {
    older(sandbox.aws.iam.addRole(OTHER, [], '/keyrotate/next/us-east-1/', `keyrotate, ${mode}`), age);
  }

  /** Production has swept, and Ana was written to. */
  beforeEach(async () => {
    await sandbox.close();
    const checked = { name: 'a check', play: (story: Story) => run(story.sandbox, 'check') };
    sandbox = (await begin(users, {}, checked)).sandbox;
    expect(toAna()).toBe(1);
  });

  it('neither sweeps nor writes to owners, and tells its admins what to do', async () => {
    trial('live');
    const sweeps = await sweepsMade();
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    const told = posted().at(-1) ?? '';
    expect(told).toContain('next in us-east-1 was deployed before this keyrotate, and is live.');
    expect(told).toContain('npx serverless remove --stage next --region us-east-1');
    await passDays(sandbox, 9);
    await run(sandbox, 'check');
    expect(toAna()).toBe(1);
    expect(await sweepsMade()).toBe(sweeps);
    expect(await checked()).toContain('next in us-east-1 was deployed before');
    // That is why: nothing else is wrong.
    expect(posted().at(-1)).toMatch(/^One thing is wrong with keyrotate\./);
  });

  it('says so to an admin who has it sweep', async () => {
    trial('live');
    const sweeps = await sweepsMade();
    expect(await typed('sweep')).toContain(
      'another keyrotate, next in us-east-1, was deployed before this one',
    );
    expect(await sweepsMade()).toBe(sweeps);
  });

  it('still does what an owner presses', async () => {
    trial('live');
    const { ana } = sandbox.organisation.people;
    await press(sandbox, ana, liveCard(sandbox, ana, 'ci'), 'Create new key');
    expect(keysOf(sandbox, 'ci')).toHaveLength(2);
  });

  it('goes on by itself once the other is removed', async () => {
    trial('live');
    await passDays(sandbox, 3);
    await run(sandbox, 'check');
    sandbox.aws.iam.state.roles.delete(OTHER);
    await passDays(sandbox, 2);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toMatch(/^All is well with keyrotate again\./);
    await passDays(sandbox, 7);
    expect(toAna()).toBeGreaterThan(1);
  });

  it.each([
    ['is in preview', () => trial('preview')],
    ['is younger', () => trial('live', -DAY)],
    // No deployment, however old.
    ['is none', () => older(sandbox.aws.iam.addRole('break-glass', [], '/keyrotate/readers/'))],
    [
      'is what a removal of its own has left',
      () => older(sandbox.aws.iam.addRole('left', [], '/keyrotate/dev/eu-central-1/', 'keyrotate, live')),
    ],
  ])('is not hindered by one that %s', async (_, made) => {
    made();
    const sweeps = await sweepsMade();
    await passDays(sandbox, 8);
    expect(toAna()).toBeGreaterThan(1);
    expect(await sweepsMade()).toBeGreaterThan(sweeps);
    await run(sandbox, 'check');
    expect(posted().join()).not.toContain('was deployed before');
  });
});

describe('/keyrotate check', () => {
  it('tells an admin how everything stands', async () => {
    await run(sandbox, 'check');
    await drain(sandbox);
    const answer = await checked();
    expect(answer).toMatch(/^I am well\./);
    for (const line of [
      'Mode: preview.',
      'Slack takes the token, and it has every scope.',
      'I am in the admin channel',
      '1 person is admin.',
      'The accounts were last swept on',
      'The first summary is still to come.',
      'Slack signed what you asked with the signing secret that is stored.',
      'No job was given up.',
    ])
      expect(answer).toContain(line);
  });

  it('tells of the readers, the KMS key and the protected users, each as the doctor does', async () => {
    const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11112222-3333-4444-5555-666677778888';
    sandbox.aws.kmsKeys.set(KEY, { state: 'Enabled' });
    sandbox.aws.iam.addUser('root-like', { path: '/protected/' });
    sandbox = await redeployed(sandbox, 'preview', 'follow', { SECRET_KMS_KEY_ID: KEY });
    await run(sandbox, 'check');
    const answer = await checked();
    expect(answer).toMatch(/^I am well\./);
    for (const line of [
      'Readers: 1 role may read new secrets, and it exists.',
      'KMS key: The KMS key is there and can encrypt.',
      'Protected users: PROTECTED_USERS matches 1 IAM user, which are never changed.',
    ])
      expect(answer).toContain(line);
    sandbox.aws.kmsKeys.set(KEY, { state: 'PendingDeletion' });
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posted().at(-1)).toContain('cannot encrypt secrets (PendingDeletion)');
  });

  it('tells nobody else', async () => {
    expect(await checked(sandbox.organisation.people.ana)).not.toContain('Mode');
  });

  it('names admins who left', async () => {
    const { lena } = sandbox.organisation.people;
    const other = { ...sandbox, environment: { ...sandbox.environment, ADMINS: `${sam()},${lena}` } };
    sandbox = await redeployed(other, 'preview', 'stay');
    expect(await checked()).toContain('who cannot act: no full member of this workspace');
  });
});
