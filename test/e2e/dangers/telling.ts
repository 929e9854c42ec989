// What the stories about dangers share: a sandbox for each file, the labels of the buttons, short words for the rest.
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { HOUR, MINUTE } from '../../sandbox/clock.ts';
import { leaks } from '../../sandbox/play/outcome.ts';
import {
  buttons,
  card,
  deliver,
  keysOf,
  openModal,
  passTime,
  pressOnly,
  whispers,
} from '../../sandbox/play/play.ts';
import { plainText } from '../../sandbox/servers/slack/transcript.ts';
import type { Call, Fault } from '../../sandbox/servers/wire.ts';
import { addOwned, forgetAll, guard, newName, startWorld, stored, type World } from '../mortal-world.ts';
import { SCENES, setUp } from './each-move.ts';
import { die, isWorkers, once, refusal } from './strikes.ts';

export const CREATE = 'Create new key';
export const REPLACED = 'I replaced it everywhere';
export const OFF = 'Turn off the old key';
export const UNNEEDED = "I don't need this key";
export const BACK_ON = 'Turn it back on';
export const DELETE = 'Delete for good';

/** One sandbox for all stories of a file, filled before the first; in the end no secret may have leaked from any. */
export function sharedWorld(): World {
  const world = {} as World;
  beforeAll(async () => {
    // Clients wait a random while between their attempts: the shortest will do.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    Object.assign(world, await startWorld());
  });
  afterEach(() => forgetAll(world));
  afterAll(async () => {
    vi.restoreAllMocks();
    expect(leaks(world.sandbox)).toEqual([]);
    await world.end();
  });
  return world;
}

/** An IAM user of Ana's whom nobody has looked at yet, long enough after the last story for a new credential report. */
export function unseen(world: World, ages: number[]): string {
  world.sandbox.clock.advance(5 * HOUR);
  const userName = newName(world);
  addOwned(world, userName, ages);
  return userName;
}

/** Somebody just before a move. */
export function justBefore(world: World, title: string): Promise<string> {
  const scene = SCENES.find((one) => one.title === title);
  if (!scene) throw new Error(`no scene ${title}`);
  return setUp(world, scene);
}

export function read({ sandbox, ana }: World, userName: string): string {
  return plainText(card(sandbox, ana, userName));
}

/** What a button's form says, which is left unsent. */
export async function formOf({ sandbox, ana }: World, userName: string, button: string): Promise<string> {
  await pressOnly(sandbox, ana, card(sandbox, ana, userName), button);
  const form = openModal(sandbox, ana);
  return form ? plainText({ text: '', ...form.view }) : '';
}

export function offered({ sandbox, ana }: World, userName: string): string[] {
  return buttons(card(sandbox, ana, userName));
}

export function told({ sandbox, ana }: World): string {
  return whispers(sandbox, ana).join('\n');
}

export function statuses({ sandbox }: World, userName: string): string[] {
  return keysOf(sandbox, userName).map(({ status }) => status);
}

export function keyIds({ sandbox }: World, userName: string): string[] {
  return keysOf(sandbox, userName).map(({ id }) => id);
}

export async function stage(world: World, userName: string): Promise<string | undefined> {
  return (await stored(world, userName)).user.rotation?.stage;
}

/** An hour with its ticks, as far as they matter. */
export async function anHour({ sandbox }: World): Promise<void> {
  for (const minutes of [5, 12, 16, 27]) await passTime(sandbox, minutes * MINUTE);
}

/** The press that came last, as the queue knows it. */
export function lastClick({ events }: World): string {
  const event = events.findLast((one) => JSON.stringify(one).includes('"eventSource":"aws:sqs"'));
  return (event as { Records: { messageId: string }[] }).Records[0]?.messageId ?? '';
}

/** From now on every call of the worker's that begins so is refused. */
export function failing(world: World, begins: string, code: string, status?: number): void {
  guard(world, (call) =>
    isWorkers(call) && call.action.startsWith(begins) ? refusal(code, status) : undefined,
  );
}

/** Something happens in AWS at the moment of a call, before it takes effect. */
export function meanwhile(world: World, fits: (call: Call) => boolean, happens: () => void): void {
  let happened = false;
  guard(world, async (call) => {
    if (happened || !isWorkers(call) || !fits(call)) return;
    happened = true;
    await Promise.resolve();
    happens();
  });
}

/** The first such call of the worker's is refused, or its answer is lost. */
export function strikes(world: World, action: string, fault: Fault): void {
  guard(
    world,
    once(
      (call) => call.action === action,
      () => fault,
    ),
  );
}

/** The container dies right after the first such call. */
export function diesAfter(world: World, fits: string | ((call: Call) => boolean)): void {
  const isLast = typeof fits === 'string' ? ({ action }: Call) => action === fits : fits;
  guard(
    world,
    once(isLast, () => die(world)),
  );
}

/** Ana presses, and the worker takes it up once; what comes back of it waits for its time. */
export async function begins({ sandbox, ana }: World, userName: string, button: string): Promise<void> {
  const message = card(sandbox, ana, userName);
  await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button }));
  await sandbox.queues.pump();
}
