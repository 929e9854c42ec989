// The workspace without a browser: what the page asks for, what it is shown, and what is kept between two runs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allItems } from '../sandbox/play/items.ts';
import { pressables } from '../sandbox/servers/slack/pressables.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Act } from '../sandbox/workspace/acts.ts';
import { type Desk, openDesk } from '../sandbox/workspace/desk.ts';
import { servePage } from '../sandbox/workspace/page-server.ts';
import { SCENE_NAMES, SCENES } from '../sandbox/workspace/scenes.ts';
import { callsThatFit, type Screen, screenFor } from '../sandbox/workspace/screen.ts';

let folder: string;
let desk: Desk;
const file = () => join(folder, 'workspace.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrotate-'));
  desk = await openDesk(file(), true);
});
afterEach(async () => {
  await desk.close();
  await rm(folder, { recursive: true });
});

const person = (name: 'ana' | 'ben' | 'sam') => desk.sandbox.organisation.people[name];
const screen = (name: 'ana' | 'ben' | 'sam') => screenFor(desk, person(name));

/** What the page sends for the button with this label on the last message that has it. */
async function pressOf(name: 'ana' | 'ben' | 'sam', label: string): Promise<Act> {
  const { conversations } = await screen(name);
  for (const { id, messages } of conversations)
    for (const message of messages.toReversed())
      for (const { label: words, block, element, option } of pressables(message))
        if (words === label)
          return {
            ...{ kind: 'press', person: person(name), channel: id, ts: message.ts },
            ...{ block: block.block_id ?? '', action: element.action_id ?? '' },
            ...(option && { option: option.value ?? '' }),
          };
  throw new Error(`${name} sees no button “${label}”`);
}

const words = ({ conversations }: Screen) =>
  conversations.flatMap(({ messages }) => messages.map(plainText)).join('\n');

it('asks Ana for the first key at once, and makes a new one when she presses', async () => {
  const before = await screen('ana');
  expect(before.conversations[0]?.unread).toBe(1);
  expect(before.hint?.step).toBe(1);
  expect(await desk.do(await pressOf('ana', 'Create new key'))).toEqual({ ok: true });
  const after = await screen('ana');
  const keys = after.users.find(({ name }) => name === 'ci-deploy')?.keys;
  expect(keys?.map(({ status, isStored }) => [status, isStored])).toEqual([
    ['Active', false],
    ['Active', true],
  ]);
  expect(after.hint?.step).toBe(2);
  expect(after.secrets.some(({ name }) => name.includes('/ci-deploy/'))).toBe(true);
});

it('leads through one rotation, step by step, until its old key is gone', async () => {
  await desk.do(await pressOf('ana', 'Create new key'));
  const keys = async () => (await screen('ana')).users.find(({ name }) => name === 'ci-deploy')?.keys ?? [];
  const [oldKey, newKey] = await keys();
  expect((await screen('ana')).hint?.words).toContain('“Fetch the new key”');
  const fetched = await desk.do({ kind: 'fetch', user: 'ci-deploy', key: oldKey?.id ?? '' });
  expect(JSON.parse(fetched.secret ?? '')).toMatchObject({ AccessKeyId: newKey?.id });
  expect((await screen('ana')).hint?.words).toContain(`“Use” beside …${newKey?.id.slice(-4)}`);
  expect((await desk.do({ kind: 'use', key: newKey?.id ?? '', service: 's3' })).ok).toBe(true);
  expect((await screen('ana')).hint?.step).toBe(3);
  await desk.do(await pressOf('ana', 'I replaced it everywhere'));
  const { modal } = await screen('ana');
  const input = modal?.view.blocks.find(({ type }) => type === 'input')?.block_id ?? '';
  const submit: Act = {
    kind: 'submit',
    person: person('ana'),
    view: modal?.id ?? '',
    values: { [input]: '' },
  };
  expect((await desk.do(submit)).ok).toBe(true);
  expect((await screen('ana')).hint?.step).toBe(4);
  await desk.do(await pressOf('ana', 'Turn it off when quiet'));
  await desk.do({ kind: 'wait', until: 'morning' });
  for (let hour = 0; hour < 3; hour += 1) await desk.do({ kind: 'wait', until: 'hour' });
  expect((await screen('ana')).hint?.step).toBe(5);
  await desk.do({ kind: 'wait', until: 'week' });
  await desk.do({ kind: 'wait', until: 'hour' });
  await desk.do(await pressOf('ana', 'Delete for good'));
  expect((await keys()).map(({ id }) => id)).toEqual([newKey?.id]);
  expect((await screen('ana')).hint?.step).toBe(6);
});

describe('the hint of the first walk', () => {
  const hint = async () => (await screen('ana')).hint?.words ?? '';
  const waits = (until: 'hour' | 'morning' | 'week') => desk.do({ kind: 'wait', until });
  /** Whatever it says in quotes is a button that Ana sees. */
  const canBeDone = async () => {
    const [, label = ''] = /[Pp]ress “(.*?)”/.exec(await hint()) ?? [];
    return label !== '' && (await pressOf('ana', label)) !== undefined;
  };

  it('leads out of a lost answer', async () => {
    await desk.do({ kind: 'trouble', name: 'answer-lost', on: true });
    await desk.do(await pressOf('ana', 'Create new key'));
    expect(await hint()).toContain('waits for an answer');
    await waits('hour');
    for (const label of [/^Remove …\S+$/, /^Remove …\S+ for good$/, /^Create new key$/]) {
      expect(await canBeDone()).toBe(true);
      const [, words = ''] = /[Pp]ress “(.*?)”/.exec(await hint()) ?? [];
      expect(words).toMatch(label);
      await desk.do(await pressOf('ana', words));
    }
    expect((await screen('ana')).hint?.step).toBe(2);
  });

  it('waits with what was pressed while Slack is down', async () => {
    await desk.do({ kind: 'trouble', name: 'slack-down', on: true });
    const pressed = await desk.do(await pressOf('ana', 'Create new key'));
    expect(pressed).toMatchObject({ ok: false, said: expect.stringContaining('tries again as time passes') });
    expect(await hint()).toContain('End any trouble');
    await desk.do({ kind: 'trouble', name: 'slack-down', on: false });
    await waits('hour');
    expect((await screen('ana')).hint?.step).toBe(2);
  });

  it('has time pass once it was decided that the old key goes off', async () => {
    await desk.do({ kind: 'scene', name: 'still-in-use', again: true });
    expect(await hint()).toContain('Press “Turn it off when quiet”');
    await desk.do(await pressOf('ana', 'Turn it off when quiet'));
    expect(await hint()).toContain('Let time pass until the old key is off');
    expect(await pressOf('ana', 'Keep it on')).toBeDefined();
  });
});

it('answers a command, and says what is no command', async () => {
  const channel = (await screen('ana')).conversations[0]?.id ?? '';
  expect(await desk.do({ kind: 'type', person: person('ana'), channel, text: '/keyrotate status' })).toEqual({
    ok: true,
  });
  expect(words(await screen('ana'))).toContain('ci-deploy');
  const refused = await desk.do({ kind: 'type', person: person('ana'), channel, text: '/keyrotates' });
  expect(refused.said).toBe('/keyrotates is not a valid command. Here there is only /keyrotate.');
});

it('shows a private answer to nobody but whoever asked', async () => {
  const team = (await screen('ana')).conversations.find(({ name }) => name === 'payments-team')?.id ?? '';
  await desk.do({ kind: 'type', person: person('ana'), channel: team, text: '/keyrotate list' });
  const inTeam = ({ conversations }: Screen) => conversations.find(({ id }) => id === team)?.messages.length;
  expect(inTeam(await screen('ana'))).toBeGreaterThan(0);
  expect(inTeam(await screen('ben'))).toBe(0);
});

describe('trouble', () => {
  it('loses nothing when the answer to CreateAccessKey is lost: the key nobody knows is offered for removal', async () => {
    await desk.do({ kind: 'trouble', name: 'answer-lost', on: true });
    await desk.do(await pressOf('ana', 'Create new key'));
    await desk.do({ kind: 'wait', until: 'hour' });
    const { users, troubles } = await screen('ana');
    const [, stranded] = users.find(({ name }) => name === 'ci-deploy')?.keys ?? [];
    expect(troubles.some(({ on }) => on)).toBe(false);
    expect(await desk.do(await pressOf('ana', `Remove …${stranded?.id.slice(-4)}`))).toEqual({ ok: true });
  });

  it('leaves everything as it was when IAM throttles every call, and says so', async () => {
    await desk.do({ kind: 'trouble', name: 'iam-throttles', on: true });
    await desk.do(await pressOf('ana', 'Create new key'));
    const { calls, users, conversations } = await screen('ana');
    expect(calls.some(({ status, title }) => status === 400 && title.startsWith('iam'))).toBe(true);
    expect(users.find(({ name }) => name === 'ci-deploy')?.keys).toHaveLength(1);
    const alone = conversations[0]?.messages.filter(({ ephemeralTo }) => ephemeralTo === person('ana'));
    expect(alone?.map(plainText).join()).toContain('AWS');
  });
});

it('is where it was after the next start, and as good as new when it is asked for', async () => {
  await desk.do(await pressOf('ana', 'Create new key'));
  const before = await screen('ana');
  await desk.close();
  desk = await openDesk(file(), false);
  const after = await screen('ana');
  expect({ ...after, calls: [] }).toEqual({ ...before, calls: [] });
  expect(await desk.do(await pressOf('ana', 'I replaced it everywhere'))).toEqual({ ok: true });
  await desk.close();
  desk = await openDesk(file(), true);
  expect((await screen('ana')).hint?.step).toBe(1);
});

it.each(SCENE_NAMES)(
  'plays the scene %s, shows it to whom it is about, and nothing is wrong with keyrotate',
  async (name) => {
    expect(await desk.do({ kind: 'scene', name, again: false })).toEqual({ ok: true });
    const { as, in: where } = SCENES[name];
    const shown = await screenFor(desk, desk.sandbox.organisation.people[as]);
    const scene = shown.scenes.find((one) => one.name === name);
    expect(scene?.person).toBe(shown.person.id);
    const conversation = shown.conversations.find(({ id }) => id === scene?.conversation);
    expect(conversation?.kind).toBe(where === 'admins' ? 'channel' : 'dm');
    if (where === 'home') expect(shown.home?.blocks.length).toBeGreaterThan(0);
    else expect(conversation?.messages.length).toBeGreaterThan(0);
    expect(shown.hint !== undefined).toBe(SCENES[name].isOfFirstWalk === true);
    const lists = JSON.stringify(await allItems(desk.sandbox)).matchAll(/"awsRequestIds":(\[[^\]]*\])/g);
    for (const id of [...lists].flatMap(([, list = '']): string[] => JSON.parse(list)))
      expect(callsThatFit(desk, id)).toHaveLength(1);
    const channel = (await screen('sam')).conversations[0]?.id ?? '';
    await desk.do({ kind: 'type', person: person('sam'), channel, text: '/keyrotate check' });
    expect(words(await screen('sam'))).toContain('I am well.');
    expect((await screen('sam')).hint).toBeUndefined();
  },
);

it('calls nobody silent in the scene of silence who was not written to', async () => {
  await desk.do({ kind: 'scene', name: 'silence', again: true });
  const list = (await screen('sam')).conversations.flatMap(({ messages }) => messages).map(plainText);
  expect(list.at(-1)).toContain('people do not answer');
  expect(list.at(-1)).not.toContain('not asked');
  const { ana, ben, chloe, dan } = desk.sandbox.organisation.people;
  for (const id of [ana, ben, chloe, dan])
    expect((await screenFor(desk, id)).conversations[0]?.messages).not.toEqual([]);
});

it('keeps a scene that is on already', async () => {
  await desk.do(await pressOf('ana', 'Create new key'));
  await desk.do({ kind: 'scene', name: 'first-message', again: false });
  expect((await screen('ana')).hint?.step).toBe(2);
  await desk.do({ kind: 'scene', name: 'first-message', again: true });
  expect((await screen('ana')).hint?.step).toBe(1);
});

describe('the server', () => {
  const json = { 'content-type': 'application/json' };

  it('answers this page and no other', async () => {
    const page = await servePage(desk, 0);
    const body = JSON.stringify({ kind: 'run', task: 'sweep' });
    const strange = { ...json, origin: 'https://example.org' };
    expect((await fetch(page.url)).status).toBe(200);
    expect((await fetch(`${page.url}do`, { method: 'POST', headers: strange, body })).status).toBe(403);
    expect((await fetch(`${page.url}do`, { method: 'POST', headers: json, body })).status).toBe(200);
    await page.close();
  });

  it('hands out the history, as npm run history makes it', async () => {
    const page = await servePage(desk, 0);
    await desk.do(await pressOf('ana', 'Create new key'));
    const file = async (type: string) => (await fetch(`${page.url}history.${type}`)).text();
    expect(await file('csv')).toMatch(/^account,IAM user.*ci-deploy.*createKey,done/s);
    expect(await file('jsonl')).toContain('"what":"createKey"');
    expect(await file('sh')).toMatch(
      /^AWS_ENDPOINT_URL=http.* npm run --silent history -- --table keyrotate-/s,
    );
    await page.close();
  });

  it('refuses what it does not know, and shows no secret in a call', async () => {
    const page = await servePage(desk, 0);
    const refused = await fetch(`${page.url}do`, { method: 'POST', headers: json, body: '{"kind":"erase"}' });
    expect(refused.status).toBe(400);
    await desk.do(await pressOf('ana', 'Create new key'));
    const { calls } = await screen('ana');
    const stored = calls.find(({ title }) => title.includes('PutSecretValue'));
    const both = await (await fetch(`${page.url}call?id=${stored?.id}`)).text();
    expect(both).toContain('•••');
    const log = (await (await fetch(`${page.url}log`)).json()) as { title: string; request: string }[];
    expect(log.find(({ title }) => title.includes('PutSecretValue'))?.request).toContain('•••');
    expect(log.find(({ title }) => title === 'press: Create new key')?.request).toContain('block_actions');
    await page.close();
  });
});
