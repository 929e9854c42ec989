// What was once got wrong, each as the story that showed it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { alteredPress, deliver, drain, keysOf, liveCard, passDays, passTime } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';
const RETIRE = "I don't need this key";
const DELETE = 'Delete for good';

let story: Story;
let sandbox: Sandbox;
let people: Sandbox['organisation']['people'];
let oldKey: string;

beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
  ({ sandbox, people } = story);
  [oldKey = ''] = story.keyIds(USER);
});

afterEach(() => story.end());

const presses = (button: string) => story.presses(people.ana, USER, button);

describe('the grace period', () => {
  // Danger 8: counted from a deactivation that is not the last one.
  it.each([
    ['once', 1, 'retired'],
    ['twice, so that it is believed', 2, 'due'],
  ])('starts anew when sweeps have seen the key on in between, %s', async (_, days, stage) => {
    await presses(RETIRE);
    await passDays(sandbox, 6 - days);
    console_.turnOn(sandbox, USER, oldKey);
    await passDays(sandbox, days);
    expect((await story.rotation(USER))?.stage).toBe(stage);
    console_.turnOff(sandbox, USER, oldKey);
    await passDays(sandbox, 1);
    // off for one day, and for seven by the first press
    expect(story.offered(people.ana, USER)).not.toContain(DELETE);
    await passDays(sandbox, 5);
    expect(story.offered(people.ana, USER)).not.toContain(DELETE);
    await passDays(sandbox, 3);
    expect(story.offered(people.ana, USER)).toContain(DELETE);
  });
});

describe('an answer that cannot be given', () => {
  it('to somebody deactivated a moment ago does not hold up the key, nor end in the dead letters', async () => {
    const message = liveCard(sandbox, people.ana, USER);
    const click = sandbox.slack.people.click({ user: people.ana, message, button: CREATE });
    Object.assign(sandbox.slack.workspace.members.get(people.ana) ?? {}, { deleted: true });
    await deliver(sandbox, click);
    await drain(sandbox);
    const dead = [...sandbox.aws.sqs.state.queues].find(([name]) => name.includes('clicks-dead'));
    expect(dead?.[1].messages).toEqual([]);
  });

  it('to somebody Slack does not know does not make the owner wait for an hour', async () => {
    const message = liveCard(sandbox, people.ana, USER);
    const click = sandbox.slack.people.click({ user: people.ana, message, button: CREATE });
    const strange = alteredPress(sandbox, click, (payload) => {
      payload.user.id = 'U404404404';
      payload.trigger_id = 'somebody.else';
    });
    await deliver(sandbox, strange);
    await deliver(sandbox, click);
    const before = sandbox.clock.now();
    await drain(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
    expect(sandbox.clock.now() - before).toBeLessThan(5 * MINUTE);
  });
});

describe('a key that is due and that somebody turned off in AWS', () => {
  beforeEach(async () => {
    console_.turnOff(sandbox, USER, oldKey);
    await passDays(sandbox, 1);
  });

  it('is not told to work', async () => {
    for (const stage of ['due', 'retired']) {
      expect((await story.rotation(USER))?.stage).toBe(stage);
      expect(story.reads(people.ana, USER)).not.toContain('Nothing breaks until you say so');
      await passDays(sandbox, 1);
    }
  });
});

describe('CreateAccessKey, which is sent once', () => {
  it('comes over a new connection each time: IAM may have closed an old one while the container slept', async () => {
    await presses(CREATE);
    await presses('Discard new key');
    await presses(CREATE);
    const reuses = (wanted: string) =>
      sandbox.aws.wire.calls
        .filter(({ action }) => action === wanted)
        .map(({ reusesConnection }) => reusesConnection);
    expect(reuses('CreateAccessKey')).toEqual([false, false]);
    expect(reuses('GetUser')).toContain(true);
  });
});

describe('a form that Slack does not open', () => {
  const ASK = 'I need more time';
  const pressesAsk = () =>
    sandbox.slack.people.click({
      user: people.ana,
      message: liveCard(sandbox, people.ana, USER),
      button: ASK,
    });
  const vaultIsDown = () =>
    sandbox.aws.wire.interfere(({ action }) =>
      action === 'GetSecretValue' ? { kind: 'refuse', status: 503, code: 'ServiceUnavailable' } : undefined,
    );
  const reads = () =>
    sandbox.aws.wire.calls.filter(
      ({ action, caller }) => action === 'GetSecretValue' && caller?.includes('/slack/'),
    ).length;

  it('for a trigger that is over does not make the next press wait for the vault', async () => {
    const slow = pressesAsk();
    sandbox.clock.advance(4000);
    await deliver(sandbox, slow);
    vaultIsDown();
    expect(await deliver(sandbox, pressesAsk())).toMatchObject({ statusCode: 200 });
  });

  it('for a token that it no longer takes opens once the new token is stored', async () => {
    await deliver(sandbox, pressesAsk());
    const before = reads();
    sandbox.slack.wire.interfere(() => ({ kind: 'refuse', status: 200, code: 'invalid_auth' }));
    await deliver(sandbox, pressesAsk());
    sandbox.slack.wire.interfere(undefined);
    expect(reads()).toBe(before);
    await deliver(sandbox, pressesAsk());
    expect(reads()).toBe(before + 1);
  });
});

describe('a press that Slack is too busy for', () => {
  it('comes back no sooner than Slack asked', async () => {
    sandbox.slack.wire.interfere(() => ({
      ...{ kind: 'refuse', status: 429, code: 'ratelimited' },
      headers: { 'retry-after': '400' },
    }));
    const message = liveCard(sandbox, people.ana, USER);
    await deliver(sandbox, sandbox.slack.people.click({ user: people.ana, message, button: CREATE }));
    await sandbox.queues.pump();
    sandbox.slack.wire.interfere(undefined);
    const said = sandbox.clock.now() + 400_000;
    const visibleAt = sandbox.queues.nextVisibleAt() ?? 0;
    expect(visibleAt).toBeGreaterThanOrEqual(said);
    expect(visibleAt).toBeLessThan(said + 15_000);
    expect(story.keyIds(USER)).toEqual([oldKey]);
    sandbox.clock.advance(visibleAt - sandbox.clock.now());
    await drain(sandbox);
    expect(story.keyIds(USER)).toHaveLength(2);
  });
});

describe('another KMS key for the secrets', () => {
  it('is told of before a key is made that could not be stored', async () => {
    await presses(CREATE);
    await passTime(sandbox, 20 * MINUTE);
    await presses('Discard new key');
    const kmsKeyId = `arn:aws:kms:eu-central-1:${story.account}:key/11111111-2222-3333-4444-555555555555`;
    for (const [name, secret] of sandbox.aws.secrets.state.secrets)
      if (name.startsWith('/iam/keys/')) secret.kmsKeyId = kmsKeyId;
    await passTime(sandbox, 20 * MINUTE);
    const creates = () => sandbox.aws.wire.calls.filter(({ action }) => action === 'CreateAccessKey');
    const before = creates().length;
    await presses(CREATE);
    expect(creates()).toHaveLength(before);
    expect(story.told(people.ana)).toContain('lies under another KMS key');
  });
});
