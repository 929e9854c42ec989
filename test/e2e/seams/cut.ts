// Plays a move once for every call it makes and every way that call can break, and asks afterwards what must be true.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../sandbox/clock.ts';
import { buttons, passTime } from '../../sandbox/play.ts';
import type { Call } from '../../sandbox/wire.ts';
import { copyOf } from './copies.ts';
import { FAULTS, type FaultName, isClaim, isWorkers, mark, strike } from './faults.ts';
import { type Before, broken, takeStock, wasTold } from './invariants.ts';
import { SCENES, type Scene, setUp } from './scenes.ts';
import {
  endWorld,
  everMinted,
  guard,
  inspect,
  keysIn,
  messagesTo,
  presses,
  startWorld,
  stored,
  type World,
} from './world.ts';
import { worldPool } from './world-pool.ts';

/** One call of a move, by its place among all that the worker makes. */
interface Seam {
  index: number;
  call: string;
  faults: FaultName[];
}

const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
const CHANGES = /:(Create|Put|Update|Delete|chat\.)/;
/** What a press may find out before it acts; it decides what is asked. */
const EVIDENCE = 'iam:GetAccessKeyLastUsed';

/** SEAMS=every leaves nothing out; without it, what cannot differ from a seam that is cut anyway is left out. */
const EVERY = process.env.SEAMS === 'every';

/** Up to the claim all moves make the same calls: only createKey is cut there, and the others at their evidence. */
export async function cutEverywhere(group: Scene['group']): Promise<void> {
  const scenes = SCENES.filter((scene) => scene.group === group && (EVERY || !scene.twin));
  // Clients wait a random while between their attempts: the shortest will do.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const seams = await rehearse(scenes);
  const pool = worldPool(3);
  beforeAll(() => pool.open());
  afterAll(() => pool.close());

  describe.each(scenes.map((scene) => [scene.title, scene] as const))('%s', (_, scene) => {
    for (const { index, call, faults } of seams.get(scene) ?? [])
      for (const name of faults)
        it.concurrent(`loses nothing when ${call} ${FAULTS[name]}`, async () => {
          expect(await pool.borrow((world) => play(world, scene, index, name))).toEqual([]);
        });
  });
}

/** The calls of each move when nothing goes wrong. */
async function rehearse(scenes: readonly Scene[]): Promise<Map<Scene, Seam[]>> {
  const world = await startWorld();
  const seams = new Map<Scene, Seam[]>();
  for (const scene of scenes) {
    const userName = await setUp(world, scene);
    const calls: Call[] = [];
    guard(world, (call) => {
      if (isWorkers(call)) calls.push(call);
      return undefined;
    });
    await presses(world, userName, scene.button);
    guard(world, undefined);
    seams.set(scene, seamsOf(calls, EVERY || scene.move === 'createKey' ? 0 : calls.findIndex(isClaim)));
  }
  await endWorld(world);
  return seams;
}

function seamsOf(calls: Call[], from: number): Seam[] {
  const names = calls.map(({ service, action }) => `${service}:${action}`);
  return names.flatMap((name, index): Seam[] => {
    if (index < from && name !== EVIDENCE) return [];
    const which = names.slice(0, index + 1).filter((other) => other === name).length;
    const isOnly = names.indexOf(name) === names.lastIndexOf(name);
    const faults = EVERY ? FAULT_NAMES : FAULT_NAMES.filter((fault) => matters(fault, name));
    return [{ index, call: isOnly ? name : `${name} (${which})`, faults }];
  });
}

/** To a question it is all the same how its answer fails to come, and a change that is refused is the plainest case. */
function matters(fault: FaultName, call: string): boolean {
  return CHANGES.test(call) ? fault === 'lost' || fault === 'dies' : fault === 'fails';
}

async function takeNote(world: World, userName: string): Promise<Before> {
  const { user } = await stored(world, userName);
  return {
    userName,
    minted: everMinted(world.sandbox, userName).length,
    keys: keysIn(world.sandbox, userName),
    entries: user.rotation?.history.length ?? 0,
    bystander: keysIn(world.sandbox, world.bystander),
    whispers: messagesTo(world).whispers.length,
    from: mark(world),
  };
}

/** An hour with its ticks, as far as they matter. */
async function anHour({ sandbox }: World): Promise<void> {
  for (const minutes of [5, 12, 16, 27]) await passTime(sandbox, minutes * MINUTE);
}

async function play(world: World, scene: Scene, index: number, name: FaultName): Promise<string[]> {
  const userName = await copyOf(world, scene);
  const start = await takeNote(world, userName);
  const { ask, hasStruck } = strike(world, index, name);
  guard(world, ask);
  await presses(world, userName, scene.button);
  guard(world, undefined);
  if (!hasStruck()) return ['the call was never made'];
  await anHour(world);
  const then = await takeStock(world, userName);
  const found = broken(start, then, 1);
  if (then.user.rotation?.stage === scene.to || found.length > 0) return found;
  return [
    ...(wasTold(start, then) ? [] : ['the move was not done, and nobody was told']),
    ...(await onward(world, scene, start)),
  ];
}

/** The way on from a move that was not done: the admin removes what is stranded, the owner presses once more. */
async function onward(world: World, { button, to }: Scene, start: Before): Promise<string[]> {
  const { userName } = start;
  const { user } = await stored(world, userName);
  for (const id of user.stranded) world.sandbox.aws.iam.console.deleteKey(userName, id);
  if (user.stranded.length > 0) await inspect(world, userName);
  if (user.question) await presses(world, userName, 'Check again');
  const { card } = await takeStock(world, userName);
  if (!card || !buttons(card).includes(button))
    return [`the move is not offered again, but ${card ? buttons(card) : 'no card'}`];
  await presses(world, userName, button);
  await anHour(world);
  const end = await takeStock(world, userName);
  const arrived = end.user.rotation?.stage === to ? [] : [`pressed again, it is ${end.user.rotation?.stage}`];
  return [...broken(start, end, 2), ...arrived];
}
