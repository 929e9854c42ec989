// What the sweep finds, when owners hear of it, and what it makes of changes that somebody made in AWS.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../sandbox/clock.ts';
import { seededUsers, seedIam } from '../sandbox/organisation.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import {
  applicationUses,
  buttons,
  cards,
  deliver,
  drain,
  keysOf,
  liveCard,
  passDays,
  passTime,
  press,
  recordOf,
  run,
} from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { dmOf } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';
const RETIRE = "I don't need this key";

let sandbox: Sandbox;
let ana: string;

beforeEach(async () => {
  sandbox = await sharedSandbox({ seed: 'nobody' });
  ana = sandbox.organisation.people.ana;
});

afterEach(() => sandbox.close());

function givenAge(...ages: number[]): void {
  const keys = ages.map((age) => ({ age, usedHoursAgo: 40 }));
  const tags = { 'keyrotate:owner': 'ana@example.com' };
  seedIam(sandbox.aws.iam, sandbox.clock, [{ name: USER, tags, keys }], sandbox.organisation.region);
}

function givenOrganisation(...names: string[]): void {
  const users = seededUsers(sandbox.organisation.people).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
  seedIam(sandbox.aws.iam, sandbox.clock, users, sandbox.organisation.region);
}

/** Every message the bot has ever sent to Ana, deleted ones included. */
const sent = () => (dmOf(sandbox.slack.workspace, ana)?.messages ?? []).filter((m) => !m.ephemeralTo);
/** Whom each of the bot's messages rang for. */
const rung = () =>
  notifications(sandbox)
    .map(({ to }) => to)
    .sort();
const unconfirmed = async () =>
  (await recordOf(sandbox, USER)).current?.unconfirmed.map(({ sighting }) => sighting);
const rotation = async () => (await recordOf(sandbox, USER)).current?.rotation;
const calls = (action: string) => sandbox.aws.wire.calls.filter((call) => call.action === action);

async function summary(): Promise<string> {
  await run(sandbox, 'summary');
  const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
  return plainText(messages.at(-1) ?? { text: '', blocks: [] });
}

describe('a sweep', () => {
  it('leaves alone what is young, off, or without a key, and writes to each owner once, by day', async () => {
    givenOrganisation();
    await run(sandbox, 'sweep');
    for (const name of ['fresh-app', 'parked', 'console-only'])
      expect((await recordOf(sandbox, name)).current).toBeUndefined();
    const { ben, chloe, dan } = sandbox.organisation.people;
    expect(rung()).toEqual([ana, ben, chloe].sort());

    await passTime(sandbox, 6 * HOUR); // New York is awake
    const everybody = [ana, ben, chloe, dan].sort();
    expect(rung()).toEqual(everybody);
    const listed = {
      [ana]: ['ci-deploy'],
      [ben]: ['legacy-etl', 'reports,monthly'],
      [chloe]: ['two-keys', 'chloe@example.com'],
      [dan]: ['one-inactive', 'never-used', 'backup-a1B2c3'],
    };
    for (const [person, names] of Object.entries(listed)) {
      const said = cards(sandbox, person).map(plainText).join();
      for (const name of Object.values(listed).flat())
        expect(said.includes(name), `${name} to ${person}`).toBe(names.includes(name));
    }

    await run(sandbox, 'sweep');
    await run(sandbox, 'tick');
    expect(rung()).toEqual(everybody);
    expect((await rotation())?.history).toHaveLength(1);
  });

  it('waits for the credential report without holding a function', async () => {
    givenAge(83);
    await sandbox.functions.scheduler.invoke({ task: 'sweep' });
    await sandbox.queues.pump();
    expect(calls('GenerateCredentialReport').length).toBeGreaterThan(0);
    expect(sent()).toEqual([]);
    const wait = (sandbox.queues.nextVisibleAt() ?? 0) - sandbox.clock.now();
    expect(wait).toBeGreaterThanOrEqual(10 * SECOND);
    expect(wait).toBeLessThanOrEqual(MINUTE);

    sandbox.clock.advance(wait);
    await sandbox.queues.pump();
    expect((await rotation())?.stage).toBe('due');
    expect(sandbox.queues.nextVisibleAt()).toBeUndefined();
    await run(sandbox, 'tick');
    expect(sent()).toHaveLength(1);
  });

  it('waits a minute, and not a whole visibility timeout, while Slack’s token cannot be read', async () => {
    givenAge(83);
    let isDown = true;
    sandbox.aws.wire.interfere(({ action }) =>
      isDown && action === 'GetSecretValue' ? { kind: 'refuse', status: 503, code: 'down' } : undefined,
    );
    await sandbox.functions.scheduler.invoke({ task: 'sweep' });
    await sandbox.queues.pump();
    sandbox.clock.advance(MINUTE); // by then there is a report
    await sandbox.queues.pump();
    expect(calls('GetSecretValue').length).toBeGreaterThan(0);
    isDown = false;
    sandbox.clock.advance(MINUTE);
    await sandbox.queues.pump();
    expect((await rotation())?.stage).toBe('due');
  });

  it('goes well with a press that is still queued', async () => {
    givenAge(83);
    await run(sandbox, 'sweep');
    const message = liveCard(sandbox, ana, USER);
    await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button: CREATE }));
    await run(sandbox, 'sweep');
    expect(calls('CreateAccessKey')).toHaveLength(1);
    expect((await rotation())?.history.map(({ what }) => what)).toEqual(['open', 'createKey']);
    expect(buttons(liveCard(sandbox, ana, USER))).toContain('I replaced it everywhere');
    expect(sent()).toHaveLength(1);
  });

  it('reads all other rows when one is broken, and tells admins about that one', async () => {
    givenOrganisation('ci-deploy', 'legacy-etl', 'reports,monthly');
    sandbox.aws.iam.state.reportOverride = (csv) =>
      csv
        .split('\n')
        .map((line) => (line.startsWith('legacy-etl,') ? 'legacy-etl,"what, is this' : line))
        .join('\n');
    await run(sandbox, 'sweep');
    expect((await recordOf(sandbox, 'legacy-etl')).current).toBeUndefined();
    for (const name of [USER, 'reports,monthly'])
      expect((await recordOf(sandbox, name)).current?.rotation?.stage).toBe('due');
    expect(await summary()).toContain('1 row (line 4: its quotes do not match)');
    expect(sandbox.logs().join()).toContain('"event":"sweep.unreadableRow"');
  });
});

describe('reminders', () => {
  /** How old the key is on each day that Ana is written to; there is one card at a time. */
  async function daysRemindedOn({ from, until }: { from: number; until: number }): Promise<number[]> {
    givenAge(from);
    await run(sandbox, 'sweep');
    const days = sent().length > 0 ? [from] : [];
    for (let age = from + 1; age <= until; age += 1) {
      const before = sent().length;
      await passDays(sandbox, 1);
      if (sent().length > before) days.push(age);
      expect(sent()).toHaveLength(days.length);
      expect(cards(sandbox, ana)).toHaveLength(Math.min(days.length, 1));
      expect((await recordOf(sandbox, USER)).current?.card?.ts).toBe(cards(sandbox, ana)[0]?.ts);
    }
    return days;
  }

  it('come 14, 7, 3, 1 and 0 days before the deadline and every other day after it, one card at a time', async () => {
    const days = await daysRemindedOn({ from: 73, until: 99 });
    expect(days).toEqual([76, 83, 87, 89, 90, 94, 96, 98]); // 92 was a Saturday, and waited for 94
    expect(sent().filter(({ deleted }) => deleted)).toHaveLength(7);
    expect(plainText(liveCard(sandbox, ana, USER))).toContain('8 days overdue');
  });

  it('that fall on a weekend come on Monday, and several of them as one', async () => {
    // 83 is a Sunday; 89 and 90 are the next weekend
    expect(await daysRemindedOn({ from: 77, until: 95 })).toEqual([77, 84, 87, 91, 92, 94]);
  });

  it('say when delete has become possible', async () => {
    givenAge(83);
    await run(sandbox, 'sweep');
    await press(sandbox, ana, liveCard(sandbox, ana, USER), RETIRE);
    const offAt = sandbox.clock.now();
    await passDays(sandbox, 6);
    expect(sent()).toHaveLength(2); // the morning after: is all well?
    await passTime(sandbox, offAt + 7 * DAY - HOUR - sandbox.clock.now());
    expect(sent()).toHaveLength(2);
    await passTime(sandbox, HOUR);
    expect(sent()).toHaveLength(3);
    expect(sent().map(({ deleted }) => deleted ?? false)).toEqual([true, true, false]);
    expect(sent()[2]?.text).toContain('it can be deleted now');
    expect(buttons(liveCard(sandbox, ana, USER))).toContain('Delete for good');
  });
});

describe('a key deleted in AWS', () => {
  it('is believed gone only at a second look, a quarter of an hour after the first', async () => {
    givenAge(83);
    await run(sandbox, 'sweep');
    const [key] = keysOf(sandbox, USER);
    sandbox.aws.iam.console.deleteKey(USER, key?.id ?? '');

    await run(sandbox, 'sweep');
    expect((await rotation())?.stage).toBe('due');
    expect(await unconfirmed()).toEqual(['oldKeyGone']);
    await passTime(sandbox, 14 * MINUTE);
    await run(sandbox, 'sweep');
    expect((await rotation())?.stage).toBe('due');

    await passTime(sandbox, MINUTE);
    expect((await rotation())?.stage).toBe('resolved');
    const { closed } = await recordOf(sandbox, USER);
    expect(closed).toMatchObject([{ stage: 'resolved', oldKeyId: key?.id }]);
    expect(closed[0]?.history.at(-1)).toMatchObject({ what: 'oldKeyGone', by: { kind: 'keyrotate' } });
    const [card] = cards(sandbox, ana);
    expect(plainText(card ?? { text: '', blocks: [] })).toContain('Somebody deleted it in AWS.');
    expect(calls('DeleteAccessKey')).toEqual([]);
  });

  it('was only out of sight when the second look shows it', async () => {
    givenAge(83);
    await run(sandbox, 'sweep');
    const keys = keysOf(sandbox, USER);
    const [key] = keys.splice(0);
    await run(sandbox, 'sweep');
    expect(await unconfirmed()).toEqual(['oldKeyGone']);
    if (key) keys.push(key);
    await passTime(sandbox, 15 * MINUTE);
    expect((await rotation())?.stage).toBe('due');
    expect(await unconfirmed()).toEqual([]);
    expect(buttons(liveCard(sandbox, ana, USER))).toContain(CREATE);
  });
});

describe('IAM users with names that Secrets Manager does not take as they are', () => {
  it.each([
    ['reports,monthly', 'ben', 'reports=2Cmonthly'],
    ['backup-a1B2c3', 'dan', 'backup-a1B2c3'],
    ['chloe@example.com', 'chloe', 'chloe@example.com'],
  ] as const)('%s gets a secret that works, and nobody else can read it', async (name, person, written) => {
    givenOrganisation('fresh-app', name);
    const path = secretPath(sandbox, name, written);
    await run(sandbox, 'sweep');
    await passTime(sandbox, 6 * HOUR); // New York is awake
    const owner = sandbox.organisation.people[person];
    const [old] = keysOf(sandbox, name);
    await press(sandbox, owner, liveCard(sandbox, owner, name), CREATE);

    const fetched = await readSecret(sandbox, credentialsOf(sandbox, name, old?.id ?? ''), path);
    const key = 'value' in fetched ? JSON.parse(fetched.value) : {};
    expect(key).toMatchObject({ UserName: name, ReplacesKeyId: old?.id });
    expect(credentialsOf(sandbox, name, key.AccessKeyId).secretAccessKey).toBe(key.SecretAccessKey);
    expect(await applicationUses(sandbox, key.AccessKeyId, 's3')).toBe(true);
    const other = credentialsOf(sandbox, 'fresh-app', keysOf(sandbox, 'fresh-app')[0]?.id ?? '');
    expect(await readSecret(sandbox, other, path)).toHaveProperty('refused');
  });
});

describe('the clock', () => {
  it('brings every schedule together without a second message or key', async () => {
    givenAge(83);
    for (let round = 0; round < 3; round += 1) {
      for (const task of ['tick', 'sweep', 'summary', 'tick', 'sweep'] as const)
        await sandbox.functions.scheduler.invoke({ task });
      await drain(sandbox);
      sandbox.clock.advance(5 * MINUTE);
    }
    expect(sent()).toHaveLength(1);
    expect(keysOf(sandbox, USER)).toHaveLength(1);
  });
});
