// Who is asked, who may press, and what happens to everybody else's presses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { seededUsers, seedIam } from '../sandbox/organisation.ts';
import {
  alteredPress,
  buttons,
  cards,
  deliver,
  drain,
  keysOf,
  liveCard,
  openRow,
  passDays,
  press,
  recordOf,
  run,
  whispers,
} from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

const CREATE = 'Create new key';

let sandbox: Sandbox;
let people: Sandbox['organisation']['people'];

async function begin(params: Record<string, string> = {}): Promise<void> {
  sandbox = await sharedSandbox({ seed: 'nobody', params });
  people = sandbox.organisation.people;
}

/** Seeds some of the organisation's users, and others, and sweeps. */
async function given(names: string[], others: { name: string; tags?: Record<string, string> }[] = []) {
  const known = seededUsers(people).filter(({ name }) => names.includes(name));
  const more = others.map((user) => ({ ...user, keys: [{ age: 85, usedHoursAgo: 2 }] }));
  seedIam(sandbox.aws.iam, sandbox.clock, [...known, ...more], sandbox.organisation.region);
  await run(sandbox, 'sweep');
}

const nothing = { text: '', blocks: [] };
const ownerOf = async (userName: string) => (await recordOf(sandbox, userName)).current?.owner;
const snapshot = () =>
  JSON.stringify([[...sandbox.aws.iam.state.users], sandbox.aws.secrets.state.secrets.size]);

interface Changes {
  /** Who presses, whatever the message. */
  by?: string;
  value?: string;
}

/** A press of a card's first button, with parts of its payload changed on the way. */
async function pressesAltered(person: string, message: Message, { by, value }: Changes): Promise<number> {
  const all = buttons(message);
  // Of a list what is on a row.
  const button = all.find((label) => label === 'Open') ?? all[0] ?? '';
  const click = sandbox.slack.people.click({ user: person, message, button, nth: 1 });
  const event = alteredPress(sandbox, click, (payload) => {
    if (by) payload.user.id = by;
    if (value) payload.actions[0].value = value;
  });
  const { statusCode } = await deliver(sandbox, event);
  await drain(sandbox);
  return statusCode;
}

describe('the owner', () => {
  beforeEach(() => begin());
  afterEach(() => sandbox.close());

  it('is asked as soon as somebody names one', async () => {
    await given(['no-owner']);
    sandbox.aws.iam.console.tagUser('no-owner', { 'keyrotate:owner': 'ben@example.com' });
    await passDays(sandbox, 1);
    expect(await ownerOf('no-owner')).toMatchObject({ slackId: people.ben });
    await press(sandbox, people.ben, liveCard(sandbox, people.ben, 'no-owner'), CREATE);
    expect(keysOf(sandbox, 'no-owner')).toHaveLength(2);
  });

  it('is not changed by a Slack that does not answer', async () => {
    await given(['ci-deploy']);
    sandbox.slack.wire.interfere(({ action }) =>
      ['users.lookupByEmail', 'users.list'].includes(action)
        ? { kind: 'refuse', status: 200, code: 'fatal_error' }
        : undefined,
    );
    // Everybody is looked at once a week, and by then the list of members is too old to be asked.
    sandbox.clock.advance(7 * DAY);
    const lookUps = () => sandbox.slack.wire.calls.filter(({ action }) => action === 'users.lookupByEmail');
    const before = lookUps().length;
    await sandbox.functions.scheduler.invoke({ task: 'sweep' });
    await sandbox.queues.pump();
    sandbox.clock.advance(MINUTE); // by then there is a report
    await sandbox.queues.pump();
    expect(lookUps().length).toBeGreaterThan(before);
    expect(await ownerOf('ci-deploy')).toMatchObject({ kind: 'person', slackId: people.ana });
  });
});

describe('danger 25: people matched by a part of an address, or one of two', () => {
  beforeEach(() => begin());
  afterEach(() => sandbox.close());

  it('finds nobody by a part of an address', async () => {
    const near = ['na@example.com', 'anaa@example.com', 'ana@example.co', 'ana', 'ana@example.com.evil.org'];
    await given(
      [],
      near.map((address, nth) => ({ name: `near-${nth}`, tags: { 'keyrotate:owner': address } })),
    );
    for (let nth = 0; nth < near.length; nth += 1)
      expect(await ownerOf(`near-${nth}`)).toMatchObject({ kind: 'nobody' });
    expect(cards(sandbox, people.ana)).toEqual([]);
  });

  it('finds nobody when two are named, one has left, one is a guest, or none is named: admins read of it', async () => {
    await given(['no-owner', 'two-owners', 'left-behind', 'guest-owned']);
    expect(await ownerOf('two-owners')).toMatchObject({ kind: 'nobody', why: 'ambiguous' });
    for (const name of ['no-owner', 'left-behind', 'guest-owned'])
      expect(await ownerOf(name)).toMatchObject({ kind: 'nobody', why: 'none' });
    for (const person of Object.values(people)) expect(inbox(sandbox.slack.workspace, person)).toEqual([]);

    await run(sandbox, 'summary');
    const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
    const summary = plainText(messages.at(-1) ?? nothing);
    expect(summary).toContain('4 access keys have no owner');
    for (const name of ['no-owner', 'two-owners', 'left-behind', 'guest-owned'])
      expect(summary).toContain(name);
    expect(JSON.stringify(messages)).not.toContain('<@'); // names, no pings
  });
});

describe('a press', () => {
  const user = 'app-001';
  const spare = 'app-000';
  let card: Message;

  beforeEach(async () => {
    await begin();
    const tags = { 'keyrotate:owner': 'ana@example.com' };
    await given(
      ['legacy-etl', 'fresh-app'],
      [spare, user].map((name) => ({ name, tags })),
    );
    for (const name of [spare, user]) await openRow(sandbox, people.ana, name);
    card = liveCard(sandbox, people.ana, user);
  });

  afterEach(() => sandbox.close());

  const creates = () => sandbox.slack.people.click({ user: people.ana, message: card, button: CREATE });

  it('by somebody else on a card that is not theirs changes nothing, and they alone are told', async () => {
    const before = snapshot();
    const { text } = card;
    expect(await pressesAltered(people.ana, card, { by: people.ben })).toBe(200);
    expect(snapshot()).toBe(before);
    const toBen = inbox(sandbox.slack.workspace, people.ben).map(plainText);
    expect(toBen.at(-1)).toContain('who owns this key, or an admin can do that');
    expect(whispers(sandbox, people.ana)).toEqual([]);
    expect(liveCard(sandbox, people.ana, user).text).toBe(text);
  });

  it('whose value names somebody else’s IAM user changes nothing', async () => {
    const before = snapshot();
    await pressesAltered(people.ana, card, { value: '111122223333/legacy-etl' });
    expect(whispers(sandbox, people.ana).at(-1)).toContain('who owns this key');
    // her own, but with nothing open; and accounts, names and shapes that do not exist
    for (const value of [
      ...['111122223333/fresh-app', `999988887777/${user}`, '111122223333/nobody-at-all'],
      ...['111122223333/../legacy-etl', user, '111122223333/', `111122223333/${'x'.repeat(65)}`],
    ]) {
      expect(await pressesAltered(people.ana, card, { value })).toBe(200);
    }
    expect(snapshot()).toBe(before);
    expect((await recordOf(sandbox, 'legacy-etl')).current?.rotation?.history).toHaveLength(1);
  });

  it('on the card of one’s other IAM user does not count for this one', async () => {
    const before = snapshot();
    await pressesAltered(people.ana, card, { value: `111122223333/${spare}` });
    expect(snapshot()).toBe(before);
    expect(whispers(sandbox, people.ana).at(-1)).toContain('out of date');
  });

  it('on a row shows nothing of somebody else’s IAM user, whoever presses', async () => {
    const { ana, ben } = people;
    const digest = cards(sandbox, ana).find((message) => buttons(message).includes('Open'));
    if (!digest) throw new Error('there is no message with rows');
    const shown = () => [ana, ben].map((person) => cards(sandbox, person).map(plainText));
    const before = shown();
    await pressesAltered(ana, digest, { value: '111122223333/legacy-etl' });
    expect(whispers(sandbox, ana)).toEqual([expect.stringContaining('who owns this key')]);
    await pressesAltered(ana, digest, { by: ben });
    expect(shown()).toEqual(before);
  });

  it('on a row by somebody Slack no longer knows does not hold up the owner’s own', async () => {
    const digest = cards(sandbox, people.ana).find((message) => buttons(message).includes('Open'));
    if (!digest) throw new Error('there is no message with rows');
    const { account } = sandbox.organisation;
    const opens = sandbox.slack.people.click({ user: people.ana, message: digest, button: 'Open', nth: 1 });
    const event = alteredPress(sandbox, opens, (payload) => {
      payload.user.id = 'U000000ZZZ';
      delete payload.response_url;
      payload.actions[0].value = `${account}/${user}`;
    });
    await deliver(sandbox, event);
    await deliver(sandbox, creates());
    await sandbox.queues.pump();
    expect(keysOf(sandbox, user)).toHaveLength(2);
  });

  it('changes nothing while Slack will not say who pressed, and is not forgotten', async () => {
    const before = snapshot();
    sandbox.slack.wire.interfere(({ action }) =>
      action === 'users.info' ? { kind: 'refuse', status: 200, code: 'internal_error' } : undefined,
    );
    await deliver(sandbox, creates());
    await sandbox.queues.pump();
    expect(snapshot()).toBe(before);

    sandbox.slack.wire.interfere(undefined);
    await drain(sandbox);
    expect(keysOf(sandbox, user)).toHaveLength(2);
  });

  it('on an outdated card is answered in private, and what could not be removed is', async () => {
    const { ana } = people;
    // the message that replaces the card cannot delete the old one
    sandbox.slack.wire.interfere(({ action }) =>
      action === 'chat.delete' ? { kind: 'refuse', status: 200, code: 'fatal_error' } : undefined,
    );
    await openRow(sandbox, ana, user);
    sandbox.slack.wire.interfere(undefined);
    const [old, live] = cards(sandbox, ana).filter(
      (message) => plainText(message).includes(user) && buttons(message).includes(CREATE),
    );
    if (!live) throw new Error('there is no second card');
    expect(old?.ts).toBe(card.ts);
    expect((await recordOf(sandbox, user)).current?.card?.ts).toBe(live.ts);

    const before = snapshot();
    await press(sandbox, ana, card, CREATE);
    expect(snapshot()).toBe(before);
    expect(whispers(sandbox, ana).at(-1)).toContain('This message is out of date');
    expect([old?.deleted, live.deleted]).toEqual([true, undefined]);

    await press(sandbox, ana, live, CREATE);
    expect(keysOf(sandbox, user)).toHaveLength(2);
  });
});

describe('a group of admins that does not exist', () => {
  beforeEach(async () => {
    await begin({ ADMIN_GROUP: 'S404404404' });
    await given(['ci-deploy']);
  });
  afterEach(() => sandbox.close());

  it('is told to whoever presses and is not the owner, and the owner’s next press does not wait', async () => {
    const message = liveCard(sandbox, people.ana, 'ci-deploy');
    const click = () => sandbox.slack.people.click({ user: people.ana, message, button: CREATE });
    const bens = alteredPress(sandbox, click(), (payload) => {
      payload.user.id = people.ben;
    });
    await deliver(sandbox, bens);
    await deliver(sandbox, click());
    await sandbox.queues.pump();
    const told = inbox(sandbox.slack.workspace, people.ben).map(plainText);
    expect(told.at(-1)).toContain('no_such_subteam');
    expect(keysOf(sandbox, 'ci-deploy')).toHaveLength(2);
  });
});
