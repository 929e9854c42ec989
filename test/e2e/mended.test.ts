// What was once got wrong, each as the story that showed it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../sandbox/clock.ts';
import { seedIam } from '../sandbox/organisation.ts';
import {
  alteredPress,
  applicationUses,
  buttons,
  cards,
  deliver,
  keysOf,
  liveCard,
  passDays,
  press,
  recordOf,
  run,
  settle,
} from '../sandbox/play.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/slack/transcript.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';
const RETIRE = "I don't need this key";

let sandbox: Sandbox;
let people: Sandbox['organisation']['people'];
let oldKey: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'nobody' });
  people = sandbox.organisation.people;
  const key = { age: 83, usedHoursAgo: 40 };
  const tags = { 'keyrotate:owner': 'ana@example.com' };
  seedIam(sandbox.aws.iam, sandbox.clock, [{ name: USER, tags, keys: [key] }], sandbox.organisation.region);
  oldKey = keysOf(sandbox, USER)[0]?.id ?? '';
  await run(sandbox, 'sweep');
});

afterEach(() => sandbox.close());

const presses = (button: string) => press(sandbox, people.ana, liveCard(sandbox, people.ana, USER), button);

describe('the grace period', () => {
  // Danger 8: counted from a deactivation that is not the last one.
  it('starts anew when the sweep has seen the key on in between', async () => {
    await presses(RETIRE);
    await passDays(sandbox, 4);
    sandbox.aws.iam.console.setKeyStatus(USER, oldKey, 'Active');
    await passDays(sandbox, 2);
    sandbox.aws.iam.console.setKeyStatus(USER, oldKey, 'Inactive');
    await passDays(sandbox, 1);
    // off for one day, and for seven by what is on record
    expect(buttons(liveCard(sandbox, people.ana, USER))).not.toContain('Delete for good');
  });
});

describe('an old key that is off while the new one is gone', () => {
  it('is not offered for deletion: it is the only key there is', async () => {
    await presses(CREATE);
    const id = keysOf(sandbox, USER).find((key) => key.id !== oldKey)?.id ?? '';
    await applicationUses(sandbox, id, 's3');
    await presses('I replaced it everywhere');
    await presses('Turn off the old key');
    sandbox.aws.iam.console.deleteKey(USER, id);
    await passDays(sandbox, 7);
    const card = liveCard(sandbox, people.ana, USER);
    expect(plainText(card)).toMatch(/new key/i); // nothing is said of it at all
    expect(buttons(card)[0]).toBe('Turn it back on');
  });
});

describe('an answer that cannot be given', () => {
  it('to somebody deactivated a moment ago does not hold up the key, nor end in the dead letters', async () => {
    const message = liveCard(sandbox, people.ana, USER);
    const click = sandbox.slack.people.click({ user: people.ana, message, button: CREATE });
    Object.assign(sandbox.slack.workspace.members.get(people.ana) ?? {}, { deleted: true });
    await deliver(sandbox, click);
    await settle(sandbox);
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
    await settle(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
    expect(sandbox.clock.now() - before).toBeLessThan(5 * MINUTE);
  });
});

describe('an owner who changes while a rotation is open', () => {
  it('gets the card at the next sweep: nobody else can turn the key back on', async () => {
    await presses(RETIRE);
    sandbox.aws.iam.console.tagUser(USER, { 'keyrotate:owner': 'ben@example.com' });
    await passDays(sandbox, 1);
    expect((await recordOf(sandbox, USER)).current?.owner).toMatchObject({ slackId: people.ben });
    expect(cards(sandbox, people.ben)).toHaveLength(1);
    await press(sandbox, people.ben, liveCard(sandbox, people.ben, USER), 'Turn it back on');
    expect(keysOf(sandbox, USER)[0]?.status).toBe('Active');
  });
});

describe('a key that is due and that somebody turned off in AWS', () => {
  beforeEach(async () => {
    sandbox.aws.iam.console.setKeyStatus(USER, oldKey, 'Inactive');
    await passDays(sandbox, 1);
  });

  it('is not told to work', () => {
    expect(plainText(liveCard(sandbox, people.ana, USER))).not.toContain('both work until you say so');
  });

  it('does not count as overdue later: it harms nobody', async () => {
    await passDays(sandbox, 10);
    await run(sandbox, 'summary');
    const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
    expect(messages.at(-1)?.text).not.toContain('overdue');
  });
});

describe('the summary', () => {
  it('ends its sentences with one full stop', async () => {
    await presses(RETIRE);
    await passDays(sandbox, 1);
    await run(sandbox, 'summary');
    const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
    expect(messages.at(-1)?.text).not.toContain('..');
  });
});
