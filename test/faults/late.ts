// A message keeps its time stamp through every redraw: somebody may still have before them what it said, and press that.
import { buttons, cards } from '../sandbox/play/play.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { adminPosts, anHour, fillsIn, presses, records, type World } from './fault-world.ts';
import { broken, takeStock } from './invariants.ts';
import { changesSince, mark } from './journal.ts';
import { deedsOf, type Rehearsed, state, whispers } from './seams.ts';
import { setUp } from './world-backup.ts';

interface Drawn {
  person: string;
  /** As it was, whatever becomes of it. */
  message: Message;
  label: string;
}

/** Plays the scene, then presses all that was shown before it: none of it may count any more. */
export async function pressesLate(world: World, { scene, backup }: Rehearsed): Promise<string[]> {
  await setUp(world, backup);
  const drawn = allDrawn(world);
  const stood = await steps(world);
  const before = await takeStock(world);
  await scene.act(world);
  await anHour(world);
  const now = await steps(world);
  const past = drawn.filter(({ message }) =>
    [...stood].some(([name, count]) => isAbout(message, name) && now.get(name) !== count),
  );
  const found = scene.isMove && past.length === 0 ? ['nothing could be pressed late'] : [];
  for (const one of past) if (!isGone(world, one.message)) found.push(...(await pressed(world, one)));
  return [...found, ...(await broken(world, before, deedsOf(scene, 1)))];
}

async function pressed(world: World, { person, message, label }: Drawn): Promise<string[]> {
  const since = mark(world);
  world.sandbox.slack.workspace.modals.clear();
  const reached = await state(world);
  const heard = whispers(world);
  const outcome = await presses(world, person, message, label, fillsIn(world));
  await anHour(world);
  const changes = changesSince(world, since).map(({ keyId, change }) => `${keyId} became ${change}`);
  const end = await state(world);
  const led = end === reached ? [] : [`it led to ${end} and not to ${reached}`];
  const silent = outcome === 'lost' || whispers(world) > heard ? [] : ['10. nobody was answered'];
  return [...changes, ...led, ...silent].map((words) => `pressed late, “${label}”: ${words}`);
}

const ONLY_SHOWS: ReadonlySet<string> = new Set(['Open', 'Show', 'History']);

function allDrawn(world: World): Drawn[] {
  const { ana, sam } = world.people;
  const shown = [
    ...cards(world.sandbox, ana).map((message) => ({ person: ana, message })),
    ...adminPosts(world).map((message) => ({ person: sam, message })),
  ];
  return shown.flatMap(({ person, message }) =>
    buttons(message)
      .filter((label) => !ONLY_SHOWS.has(label))
      .map((label) => ({ person, message: structuredClone(message), label })),
  );
}

/** How many steps each user's rotation has taken. */
async function steps(world: World): Promise<Map<string, number>> {
  const all = await records(world);
  return new Map(all.map(({ userName, rotation }) => [userName, rotation?.history.length ?? 0]));
}

function isAbout({ blocks }: Message, userName: string): boolean {
  return JSON.stringify(blocks).includes(userName);
}

function isGone({ sandbox }: World, { channel, ts }: Message): boolean {
  const { messages = [] } = sandbox.slack.workspace.channels.get(channel) ?? {};
  return messages.find((one) => one.ts === ts)?.deleted === true;
}
