// What people type: every answer is for the person who asked, and what only admins may ask is checked.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { command, keysOf, passTime, recordOf, run } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openDm, visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { addChannel } from '../sandbox/servers/slack/workspace.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

let sandbox: Sandbox;
let people: Sandbox['organisation']['people'];
/** A channel that everybody is in, and the bot is not. */
let general: string;

beforeEach(async () => {
  sandbox = await sharedSandbox({}, { name: 'a sweep', play: (fresh) => run(fresh, 'sweep') });
  people = sandbox.organisation.people;
  const members = Object.values(people);
  general = addChannel(sandbox.slack.workspace, { name: 'general', members }).id;
});

afterEach(() => sandbox.close());

const seenBy = (person: string, channel = general) =>
  visibleMessages(sandbox.slack.workspace, channel, person).map(plainText);

/** What the person reads in the channel after typing, at once and later, newest last. */
async function types(person: string, text: string, channel = general): Promise<string[]> {
  const before = seenBy(person, channel).length;
  await command(sandbox, person, text, channel);
  return seenBy(person, channel).slice(before);
}

describe('status', () => {
  it('lists one’s own keys, the most urgent first, masks their ids, and shows nothing of other people', async () => {
    const [answer = ''] = await types(people.dan, 'status');
    expect(answer).toContain('You have 3 access keys to rotate');
    const dans = ['one-inactive', 'never-used', 'backup-a1B2c3'];
    const places = dans.map((name) => answer.indexOf(name));
    expect(Math.min(...places)).toBeGreaterThan(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(answer).toContain('Step 1 of 4: create a new key');
    for (const { userName, keys } of sandbox.aws.iam.state.users.values()) {
      for (const { id, secret } of keys) {
        expect(answer).not.toContain(id);
        expect(answer).not.toContain(secret);
      }
      if (!dans.includes(userName)) expect(answer).not.toContain(userName);
    }
  });

  it('says so when there is nothing to do', async () => {
    expect(await types(people.sam, 'status')).toEqual([expect.stringContaining('All is well')]);
  });

  it('of somebody else is told to an admin', async () => {
    const [answer] = await types(people.sam, `status <@${people.ana}|ana>`);
    expect(answer).toContain('ci-deploy');
    expect(answer).not.toContain('legacy-etl');
  });

  it('of somebody else is refused to everybody who is no admin', async () => {
    for (const person of [people.ben, people.gus]) {
      const answers = await types(person, `status <@${people.ana}|ana>`);
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatch(/Only admins of keyrotate|guests of this workspace/);
      expect(answers.join()).not.toContain('ci-deploy');
    }
  });
});

it.each([
  'show',
  'assign',
  'assign ci-deploy',
  'unassign',
  'unassign nowhere/ci-deploy',

  'summary',
  'summary now',
  'sweep',
  'sweep now',
  'check',
  'check it',
  'redrive',
  'redrive all',
  'status @ben',
  'list @ben',
])(
  '%s, typed by somebody who is no admin, is answered with who may, and not with how it is typed',
  async (text) => {
    const named = text.replace('@ben', `<@${people.ben}>`);
    expect(await types(people.ana, named)).toEqual([
      expect.stringContaining(
        `Only admins of keyrotate can do that. If you need it done, ask @${people.sam}.`,
      ),
    ]);
  },
);

it('the summary is told to an admin as often as they type it', async () => {
  for (let times = 0; times < 3; times += 1)
    expect(await types(people.sam, 'summary')).toEqual([expect.stringContaining('Access keys on')]);
});

it('what everybody may type is explained to them without what only admins may', async () => {
  expect((await types(people.ana, 'status of mine')).join()).toContain('Type /keyrotate status, for example');
  expect((await types(people.sam, 'status of mine')).join()).toContain('Type /keyrotate status [@person]');
});

it('help explains the steps, and shows the commands of admins to admins alone', async () => {
  const [anas = ''] = await types(people.ana, 'help');
  expect(anas).toContain('How it goes');
  expect(anas).not.toContain('For admins');
  expect((await types(people.sam, 'help')).join()).toContain('For admins');
});

it('nothing behind the command shows what there is to do, and whoever has nothing is told whom to ask', async () => {
  expect((await types(people.ana, '')).join()).toContain('ci-deploy');
  expect((await types(people.sam, '')).join()).toMatch(/no IAM user that is yours.*ask an admin/s);
});

/** Whoever types one; admins’ commands are typed by an admin. */
const ALL = [
  '',
  'help',
  'nonsense',
  'status',
  'list',
  'rotate',
  'rotate ci-deploy',
  'show ci-deploy',
  'history ci-deploy',
  'how ci-deploy',
].concat([
  'assign ci-deploy @nobody',
  'unassign ci-deploy',
  'summary',
  'sweep',
  'check',
  'redrive',
  'summary now',
]);

it.each(ALL)('one answer comes to %j', async (text) => {
  for (const person of [people.sam, people.ana]) expect(await types(person, text)).toHaveLength(1);
});

describe('the admins’ commands', () => {
  it('answer with the summary, to the admin alone', async () => {
    const adminChannel = sandbox.organisation.adminChannel;
    const posted = () => sandbox.slack.workspace.channels.get(adminChannel)?.messages.length;
    const before = posted();
    const [summary] = await types(people.sam, 'summary');
    expect(summary).toContain('1 of 1 account checked');
    expect(summary).toContain('4 access keys have no owner');
    expect(posted()).toBe(before);
  });

  it('start a sweep that finds what has come due since', async () => {
    expect((await recordOf(sandbox, 'fresh-app')).current).toBeUndefined();
    await passTime(sandbox, 67 * DAY);
    const answers = await types(people.sam, 'sweep');
    expect(answers.at(-1)).toContain('I am looking at 1 account now');
    expect((await recordOf(sandbox, 'fresh-app')).current?.rotation).toMatchObject({
      stage: 'due',
      oldKeyId: keysOf(sandbox, 'fresh-app')[0]?.id,
    });
  });

  it('are refused to others, and do not happen', async () => {
    const sweeps = () => sandbox.aws.wire.calls.filter(({ action }) => action === 'GenerateCredentialReport');
    const before = sweeps().length;
    for (const text of ['summary', 'sweep']) {
      const answers = await types(people.ana, text);
      expect(answers.at(-1)).toContain('Only admins of keyrotate can do that');
      expect(answers.join()).not.toContain('no owner');
    }
    expect(sweeps()).toHaveLength(before);
  });
});

describe('every answer', () => {
  it('is seen by the person who typed and by nobody else', async () => {
    for (const text of ['status', 'help', 'nonsense', 'summary']) await types(people.sam, text, general);
    const { messages = [] } = sandbox.slack.workspace.channels.get(general) ?? {};
    expect(messages.length).toBeGreaterThanOrEqual(4);
    for (const message of messages) expect(message.ephemeralTo).toBeDefined();
    expect(seenBy(people.chloe)).toEqual([]);
  });

  it('reaches its person in the direct conversation with the bot as well', async () => {
    const dm = openDm(sandbox.slack.workspace, people.sam).id;
    const [answer] = await types(people.sam, 'summary', dm);
    expect(answer).toContain('account checked');
  });
});
