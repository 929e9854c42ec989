// A sandbox whose containers can die, and the hands of the people in it. Whatever breaks on the way ends in what people see.
import type { SQSEvent } from 'aws-lambda';
import { readUser } from '../../src/adapters/store/live-users.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import type { FormMove } from '../../src/domain/moves/rows.ts';
import { withRoles } from '../member-roles.ts';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { ContainerDied, FunctionError } from '../sandbox/deployment/lambda.ts';
import { inAccount, type MemberAccount } from '../sandbox/members.ts';
import { type Mortal, startMortal } from '../sandbox/mortal.ts';
import { type SeededUser, seedIam } from '../sandbox/organisation.ts';
import { type FormAnswer, formAnswers } from '../sandbox/play/form-answers.ts';
import { allItems, type WrittenItem } from '../sandbox/play/items.ts';
import { buttons, cards, drain, keysOf, setOff } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type HttpAnswer, showCommandAnswer } from '../sandbox/servers/slack/ack.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import { type Pressable, pressables } from '../sandbox/servers/slack/pressables.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import type { Interference } from '../sandbox/servers/wire.ts';

export interface World extends Mortal {
  people: Sandbox['organisation']['people'];
  /** What the table held when this world was set up, after the last record that was written over before. */
  given: readonly WrittenItem[];
  /** An event like the last one, with another message in it. */
  eventOf(body: string): SQSEvent;
  /** As if the queue had delivered it, whatever else is in flight. */
  invokesWorker(event: SQSEvent | undefined): Promise<void>;
}

/** Every scene is played with two accounts; in most of them only something else happens in the second. */
export const SECOND: MemberAccount = { account: '444455556666', name: 'second', region: 'eu-west-1' };

export async function startWorld(): Promise<World> {
  const mortal = await startMortal({ members: [withRoles(SECOND, 'live')] });
  const { sandbox, events } = mortal;
  return {
    ...mortal,
    people: sandbox.organisation.people,
    given: [],
    eventOf(body) {
      const [last] = events.at(-1)?.Records ?? [];
      if (!last) throw new Error('nothing was ever delivered');
      const kind = 'headers' in JSON.parse(body) ? 'clicks' : 'upkeep';
      const eventSourceARN = last.eventSourceARN.replace(/(clicks|upkeep)\.fifo$/, `${kind}.fifo`);
      return { Records: [{ ...last, body, eventSourceARN, messageId: crypto.randomUUID() }] };
    },
    async invokesWorker(event) {
      await surviving(() => sandbox.functions.worker.invoke(event));
    },
  };
}

/** The same world, for a scene that is about the second account. */
export function inSecondAccount(world: World): World {
  return { ...world, sandbox: inAccount(world.sandbox, SECOND.account) };
}

/** All but the one that the scene is about. */
export function otherAccounts({ sandbox }: World): Sandbox[] {
  const ids = [...sandbox.aws.accounts.keys()].filter((id) => id !== sandbox.organisation.account);
  return ids.map((id) => inAccount(sandbox, id));
}

export function interfere({ sandbox }: World, ask?: Interference): void {
  sandbox.aws.wire.interfere(ask);
  sandbox.slack.wire.interfere(ask);
}

/** Every IAM user on record, as the handlers would read it. */
export async function records(world: World): Promise<IamUser[]> {
  const all = await allItems(world.sandbox);
  return all
    .filter(({ pk, sk }) => String(pk).startsWith('USER#') && sk === 'CURRENT')
    .map((item) => readUser(item));
}

export function seed({ sandbox }: World, ...users: SeededUser[]): void {
  seedIam(sandbox.aws.iam, sandbox.clock, users, sandbox.organisation.region);
}

export type Task = 'tick' | 'sweep' | 'summary' | 'check';

/** What a schedule sets off. A function that fails is tried again by the next one. */
export async function runs({ sandbox }: World, task: Task): Promise<void> {
  await surviving(() => setOff(sandbox, task));
  await drain(sandbox);
}

/** A call whose caller gave up takes effect before time goes on: AWS refuses what was signed a quarter of an hour ago. */
export async function passes(world: World, ms: number): Promise<void> {
  await world.sandbox.aws.wire.idle();
  world.sandbox.clock.advance(ms);
  await runs(world, 'tick');
}

/** An hour in which IAM and everybody else have had their time, with its ticks as far as they matter. */
export async function anHour(world: World): Promise<void> {
  for (const minutes of [7, 17, 36]) await passes(world, minutes * MINUTE);
}

/** `lost`: Slack shows the person that something went wrong. `none`: there is nothing to press. */
export type Pressed = 'taken' | 'lost' | 'none';

/** What somebody sends reaches the app, or Slack tells them that it did not. */
export async function sends(world: World, event: unknown): Promise<Pressed> {
  const reply = await reaches(world, event);
  await drain(world.sandbox);
  return reply?.statusCode === 200 ? 'taken' : 'lost';
}

async function reaches({ sandbox }: World, event: unknown): Promise<HttpAnswer | undefined> {
  return (await surviving(() => sandbox.functions.slack.invoke(event))) as HttpAnswer | undefined;
}

export async function types(world: World, person: string, text: string): Promise<Pressed> {
  const { slack } = world.sandbox;
  const channel = openDm(slack.workspace, person).id;
  const reply = await reaches(world, slack.people.slashCommand({ user: person, channel, text }));
  if (reply?.statusCode !== 200) return 'lost';
  showCommandAnswer(
    { workspace: slack.workspace, clock: world.sandbox.clock },
    { user: person, channel },
    reply,
  );
  await drain(world.sandbox);
  return 'taken';
}

/** Writes to the bot in the direct conversation. */
export async function writes(world: World, user: string, text: string): Promise<Pressed> {
  const { people } = world.sandbox.slack;
  const event = people.sent({ message: people.write({ user, text }) });
  return event ? sends(world, event) : 'none';
}

/** Presses a button on a message; a form that it opens is filled in, as far as it asks for these, and submitted. */
export async function presses(
  world: World,
  user: string,
  message: Message | undefined,
  label: string | RegExp,
  values: Record<string, string> = {},
): Promise<Pressed> {
  const all = message ? buttons(message) : [];
  const button = all.find((shown) => isMeant(shown, label));
  if (!message || !button) return 'none';
  const { slack } = world.sandbox;
  slack.workspace.modals.clear();
  const isOne = all.indexOf(button) === all.lastIndexOf(button);
  const click = slack.people.click({ user, message, button, ...(!isOne && { nth: 1 }) });
  const pressed = await sends(world, click);
  const view = [...slack.workspace.modals.values()].findLast((shown) => shown.user === user);
  if (!view) return FORMS.test(button) ? 'lost' : pressed;
  // What the press set going is shown there: nothing is asked.
  if (/^(waiting|owners)$/.test(view.view.callback_id ?? '') || !view.view.submit) return pressed;
  const asked = view.view.blocks.flatMap((block) => (block.type === 'input' ? [block.label.text] : []));
  const given = Object.fromEntries(Object.entries(values).filter(([question]) => asked.includes(question)));
  const submitted = await sends(world, slack.people.submit({ view, values: given }));
  slack.workspace.modals.delete(view.id);
  return submitted;
}

/** What opens a form: where none comes, the person sees that nothing came of it. */
const FORMS =
  /^(I need more time|Ask for more time|Not mine|Hand over( all of these)?|Create \d+ new keys|None of these is needed)$/;

/** Whatever a form asks, of every move that has one. */
export function fillsIn({ sandbox, people }: World): Record<string, string> {
  const inAWeek = new Date(sandbox.clock.now() + 7 * DAY).toISOString().slice(0, 10);
  const moves: Record<FormMove, FormAnswer> = formAnswers(inAWeek);
  return Object.assign({ 'To whom?': people.ben }, ...Object.values(moves).map(({ written }) => written));
}

function isMeant(shown: string, label: string | RegExp): boolean {
  return typeof label === 'string' ? shown === label : label.test(shown);
}

/** The messages about one IAM user that somebody sees; what lists several is none. */
export function cardsAbout({ sandbox }: World, person: string, userName: string): Message[] {
  return cards(sandbox, person).filter(
    (message) => !buttons(message).includes('Open') && plainText(message).includes(userName),
  );
}

/** A message, and the person or the channel that has it. */
export interface Shown {
  reader: string;
  message: Message;
}

/** Every message, whoever has it, with a button that does something to an IAM user. */
export function pressableAbout({ sandbox }: World, userName: string): Shown[] {
  return [...sandbox.slack.workspace.channels.values()].flatMap(({ id, im, messages }) =>
    messages
      .filter(({ deleted, ephemeralTo }) => !deleted && !ephemeralTo)
      .filter((message) => pressables(message).some((button) => actsOn(button, userName)))
      .map((message) => ({ reader: im ?? id, message })),
  );
}

/** What can be pressed on a message, but for what only tells something. */
export function offers(message: Message): string[] {
  return buttons(message).filter((label) => label !== HISTORY);
}

const HISTORY = 'History';

/** A menu has its target in its block. What only shows a card does nothing, and what is about many looks at each by itself. */
function actsOn({ element, block, label }: Pressable, userName: string): boolean {
  if (label === HISTORY) return false;
  const target = element.type === 'button' ? element.value : block.block_id;
  const [name = ''] = target?.split('#') ?? [];
  const isAboutOne = !/^(show|owners|(many|assignOwners):.*)$/.test(element.action_id ?? '');
  return isAboutOne && name.endsWith(`/${userName}`);
}

/** What only this person was told, wherever they pressed. */
export function whispersTo({ sandbox }: World, person: string): string[] {
  return [...sandbox.slack.workspace.channels.values()]
    .flatMap(({ im, messages }) => messages.filter((one) => isWhisper(one, person, im)))
    .map(plainText);
}

/** Forms that are open and wait for nothing: what was asked for is answered there. */
export function formsFilled({ sandbox }: World): number {
  const open = [...sandbox.slack.workspace.modals.values()];
  return open.filter(({ view }) => view.callback_id !== 'waiting').length;
}

/** Where Slack takes no ephemeral message the same words come in the direct conversation. */
function isWhisper({ ephemeralTo, blocks }: Message, person: string, im: string | undefined): boolean {
  const isBareAnswer =
    im === person && blocks[0]?.type === 'section' && !blocks.some(({ type }) => type === 'header');
  return ephemeralTo === person || (ephemeralTo === undefined && isBareAnswer);
}

export function adminPosts({ sandbox }: World): Message[] {
  const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
  return messages.filter(({ deleted, ephemeralTo }) => !deleted && !ephemeralTo);
}

/** An application has used a key a moment ago. */
export function uses({ sandbox }: World, userName: string, keyId: string | undefined): void {
  const key = keysOf(sandbox, userName).find(({ id }) => id === keyId);
  if (key) key.lastUsed = { at: sandbox.clock.now(), service: 's3', region: sandbox.organisation.region };
}

async function surviving(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ContainerDied || error instanceof FunctionError) return undefined;
    throw error;
  }
}
