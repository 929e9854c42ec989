// The main job, from a signed press to the state of the servers: a key is replaced, turned off, turned back on, deleted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import {
  alteredPress,
  applicationUses,
  buttons,
  cards,
  deliver,
  drain,
  keysOf,
  liveCard,
  passDays,
  passTime,
  recordOf,
  run,
  whispers,
} from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const PRESS = {
  create: 'Create new key',
  confirm: 'I replaced it everywhere',
  turnOff: 'Turn off the old key',
  turnOn: 'Turn it back on',
  remove: 'Delete for good',
  retire: "I don't need this key",
  discard: 'Discard new key',
};

let story: Story;
let sandbox: Sandbox;
let ana: string;
let oldKey: string;
let path: string;

beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30, service: 's3' }] }]);
  sandbox = story.sandbox;
  ana = story.people.ana;
  [oldKey = ''] = story.keyIds(USER);
  path = secretPath(sandbox, USER);
});

afterEach(() => story.end());

const presses = (button: string) => story.presses(ana, USER, button);
const offered = () => story.offered(ana, USER);
const stateOf = (id: string) => story.stateOf(USER, id);
const rotation = () => story.rotation(USER);
const newKeyId = () => story.keyIds(USER).find((id) => id !== oldKey) ?? '';
const secretHeld = () => sandbox.aws.secrets.state.secrets.get(path);
const writes = (action: string) =>
  sandbox.aws.wire.calls.filter((call) => call.service === 'iam' && call.action === action);

/** As an owner does it who is in no hurry: the new key at work, then a day without the old one. */
async function migrate(answers: Record<string, string> = {}): Promise<string> {
  await presses(PRESS.create);
  const id = newKeyId();
  await applicationUses(sandbox, id, 's3');
  await story.presses(ana, USER, PRESS.confirm, answers);
  return id;
}

describe('a rotation from due to deleted', () => {
  it('ends with the new key alone in IAM, its secret in the vault, and every step on record', async () => {
    const before = sandbox.clock.now();
    const id = await migrate();
    await presses(PRESS.turnOff);
    expect([stateOf(oldKey), stateOf(id)]).toEqual(['Inactive', 'Active']);

    await passDays(sandbox, 7);
    await presses(PRESS.remove);

    expect(keysOf(sandbox, USER).map((key) => key.id)).toEqual([id]);
    expect(await applicationUses(sandbox, oldKey, 's3')).toBe(false);
    const secret = await readSecret(sandbox, credentialsOf(sandbox, USER, id), path);
    expect('value' in secret && JSON.parse(secret.value)).toMatchObject({
      AccessKeyId: id,
      SecretAccessKey: credentialsOf(sandbox, USER, id).secretAccessKey,
      ReplacesKeyId: oldKey,
    });
    const { current, closed } = await recordOf(sandbox, USER);
    expect([{ ...closed[0], isFiled: true }]).toEqual([current?.rotation]);
    expect(closed[0]).toMatchObject({ stage: 'deleted', oldKeyId: oldKey, replacement: { keyId: id } });
    expect(closed[0]?.history.map(({ what, from, to, outcome }) => [what, from, to, outcome])).toEqual([
      ['open', undefined, 'due', 'done'],
      ['createKey', 'due', 'issued', 'done'],
      ['confirmMigration', 'issued', 'confirmed', 'done'],
      ['deactivate', 'confirmed', 'deactivated', 'done'],
      ['delete', 'deactivated', 'deleted', 'done'],
    ]);
    expect(Date.parse(closed[0]?.history[1]?.at ?? '')).toBeGreaterThanOrEqual(before);
    expect(current).not.toHaveProperty('claim');
  });

  it('keeps for the auditor who pressed, when, on what evidence, and the request ids of AWS', async () => {
    const id = await migrate();
    const createdAt = sandbox.clock.now();
    await passTime(sandbox, 2 * HOUR);
    await presses(PRESS.turnOff);
    const offAt = sandbox.clock.now();
    await passDays(sandbox, 7);
    await presses(PRESS.remove);

    const history = (await rotation())?.history ?? [];
    const [opened, ...moves] = history;
    expect(opened?.by).toEqual({ kind: 'keyrotate' });
    for (const { by } of moves) expect(by).toEqual({ kind: 'person', slackId: ana, as: 'owner' });
    const entry = (what: string) => history.find((each) => each.what === what);
    expect(entry('createKey')?.at).toBe(new Date(createdAt).toISOString());
    expect(entry('deactivate')?.at).toBe(new Date(offAt).toISOString());
    const evidence = entry('deactivate')?.evidence ?? [];
    expect(evidence.map((key) => key.id).sort()).toEqual([oldKey, id].sort());
    for (const key of evidence)
      expect(key).toMatchObject({ status: 'Active', lastUse: { seen: 'used', service: 's3' } });
    for (const [what, action] of [
      ['createKey', 'CreateAccessKey'],
      ['deactivate', 'UpdateAccessKey'],
      ['delete', 'DeleteAccessKey'],
    ] as const) {
      const [call, second] = writes(action);
      expect(second).toBeUndefined();
      const ids = entry(what)?.awsRequestIds ?? [];
      expect(ids).toHaveLength(1);
      expect(call?.reply?.body).toContain(ids[0]);
    }
    expect(entry('confirmMigration')?.awsRequestIds).toEqual([]);
  });

  it('does once what Slack or SQS delivers twice', async () => {
    const card = liveCard(sandbox, ana, USER);
    const click = sandbox.slack.people.click({ user: ana, message: card, button: PRESS.create });
    await deliver(sandbox, click);
    await deliver(sandbox, click);
    await drain(sandbox);
    // by now SQS has forgotten the first; Slack's signature is still fresh enough
    await passTime(sandbox, 4 * MINUTE);
    await deliver(sandbox, click);
    await drain(sandbox);

    expect(writes('CreateAccessKey')).toHaveLength(1);
    expect((await rotation())?.history.filter(({ what }) => what === 'createKey')).toHaveLength(1);
    expect(whispers(sandbox, ana)).toEqual([]);
  });

  it('shows the owner where to get the secret, and never the secret', async () => {
    await presses(PRESS.create);
    const shown = plainText(liveCard(sandbox, ana, USER));
    const { replacement } = (await rotation()) ?? {};
    expect(shown).toContain(`--secret-id ${path} --version-id ${replacement?.vaultVersion}`);
    const fetched = await readSecret(
      sandbox,
      credentialsOf(sandbox, USER, oldKey),
      path,
      replacement?.vaultVersion,
    );
    expect('value' in fetched && JSON.parse(fetched.value).AccessKeyId).toBe(newKeyId());
    expect(shown).not.toContain(credentialsOf(sandbox, USER, newKeyId()).secretAccessKey);
  });
});

describe('the grace period', () => {
  it('keeps delete off the card until it is over, and refuses a press kept from later', async () => {
    await migrate();
    await presses(PRESS.turnOff);
    const offAt = sandbox.clock.now();

    await passDays(sandbox, 6);
    await passTime(sandbox, offAt + 7 * DAY - HOUR - sandbox.clock.now());
    expect(offered()).toEqual([PRESS.turnOn, 'History']);
    const { move } = await forgedDelete();
    expect(move).toContain('can be deleted from');
    expect(stateOf(oldKey)).toBe('Inactive');

    await passTime(sandbox, HOUR);
    expect(sandbox.clock.now()).toBe(offAt + 7 * DAY);
    expect(offered()).toEqual([PRESS.remove, PRESS.turnOn, 'History']);
    await presses(PRESS.remove);
    expect(stateOf(oldKey)).toBe('gone');
  });

  /** The button of another stage or time, on the card that is there: labels are only drawn, never trusted. */
  async function forgedDelete(): Promise<{ move: string }> {
    const message = liveCard(sandbox, ana, USER);
    const click = sandbox.slack.people.click({ user: ana, message, button: PRESS.turnOn });
    const event = alteredPress(sandbox, click, (payload) => {
      payload.actions[0].action_id = 'move:delete';
    });
    await deliver(sandbox, event);
    await drain(sandbox);
    return { move: whispers(sandbox, ana).at(-1) ?? '' };
  }
});

describe('a key that nobody needs', () => {
  it('is turned off without a new one, can be turned back on, and is deleted after the grace period', async () => {
    await presses(PRESS.retire);
    expect(stateOf(oldKey)).toBe('Inactive');
    await passDays(sandbox, 3);
    await presses(PRESS.turnOn);
    expect(stateOf(oldKey)).toBe('Active');
    expect((await rotation())?.stage).toBe('due');

    await presses(PRESS.retire);
    await passDays(sandbox, 6);
    expect(offered()).toEqual([PRESS.turnOn, PRESS.create, 'History']);
    await passDays(sandbox, 1);
    await presses(PRESS.remove);

    expect(keysOf(sandbox, USER)).toEqual([]);
    expect(writes('CreateAccessKey')).toEqual([]);
    expect(secretHeld()).toBeUndefined();
    expect((await recordOf(sandbox, USER)).closed).toMatchObject([{ stage: 'deleted', oldKeyId: oldKey }]);
    const told = notifications(sandbox).length;
    await passDays(sandbox, 30);
    expect(notifications(sandbox)).toHaveLength(told);
    expect(cards(sandbox, ana).flatMap(buttons)).toEqual(['History']);
  });
});

describe('a new key that is not wanted after all', () => {
  it('is deleted again, and the old one goes on working', async () => {
    await presses(PRESS.create);
    const unwanted = newKeyId();
    await presses(PRESS.discard);

    expect(keysOf(sandbox, USER)).toMatchObject([{ id: oldKey, status: 'Active' }]);
    expect(await applicationUses(sandbox, oldKey, 's3')).toBe(true);
    expect((await rotation())?.stage).toBe('due');
    expect(offered()).toContain(PRESS.create);

    await presses(PRESS.create);
    const wanted = newKeyId();
    expect(wanted).not.toBe(unwanted);
    const secret = await readSecret(sandbox, credentialsOf(sandbox, USER, wanted), path);
    expect('value' in secret && JSON.parse(secret.value).AccessKeyId).toBe(wanted);
  });
});

describe('the next rotation of the same user', () => {
  it('opens when the replacement nears its age, adds a version to the same secret, and says where the key was replaced', async () => {
    const second = await migrate({ 'Where did you replace it?': 'GitHub org/app, web-1' });
    await presses(PRESS.turnOff);
    await passDays(sandbox, 7);
    await presses(PRESS.remove);
    const [first] = (await recordOf(sandbox, USER)).closed;

    // created on the first day: 7 have passed, and it is due for a first word at 76
    sandbox.clock.advance(68 * DAY);
    await run(sandbox, 'sweep');
    expect((await rotation())?.stage).toBe('deleted');
    await passDays(sandbox, 1);
    expect(await rotation()).toMatchObject({ stage: 'due', oldKeyId: second });

    await passDays(sandbox, 1); // that was a Sunday: the owner hears of it on Monday
    await presses(PRESS.create);
    expect(plainText(story.live(ana, USER))).toContain('GitHub org/app, web-1');
    const third = keysOf(sandbox, USER).find(({ id }) => id !== second)?.id ?? '';
    const replacement = (await rotation())?.replacement;
    const credentials = credentialsOf(sandbox, USER, third);
    const now = await readSecret(sandbox, credentials, path);
    expect('value' in now && JSON.parse(now.value)).toMatchObject({
      AccessKeyId: third,
      ReplacesKeyId: second,
    });
    const before = await readSecret(sandbox, credentials, path, first?.replacement?.vaultVersion);
    expect('value' in before && JSON.parse(before.value).AccessKeyId).toBe(second);
    expect(replacement?.vaultVersion).not.toBe(first?.replacement?.vaultVersion);
    expect(sandbox.aws.secrets.state.secrets.size).toBe(2); // this one, and Slack's own

    await applicationUses(sandbox, third, 's3');
    await presses(PRESS.confirm);
    await presses(PRESS.turnOff);
    await passDays(sandbox, 7);
    await presses(PRESS.remove);
    expect(keysOf(sandbox, USER).map(({ id }) => id)).toEqual([third]);
    expect((await recordOf(sandbox, USER)).closed.map(({ oldKeyId }) => oldKeyId)).toEqual([oldKey, second]);
  });
});
