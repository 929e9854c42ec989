// Every seam: a scene is played once for each call it makes and each way in which that call can break.
import { addressOf } from '../../src/domain/owner.ts';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import type { Call } from '../sandbox/servers/wire.ts';
import { APP, BYSTANDER, type Scene } from './fault-scenes.ts';
import {
  anHour,
  cardsAbout,
  formsFilled,
  interfere,
  passes,
  presses,
  records,
  runs,
  type World,
  whispersTo,
} from './fault-world.ts';
import { type Before, broken, type Deeds, takeStock } from './invariants.ts';
import {
  callName,
  canStrike,
  FAULTS,
  type FaultName,
  isBots,
  isChange,
  mayDouble,
  numbering,
  strike,
} from './strike.ts';
import { type Backup, setUp, takeBackup } from './world-backup.ts';

export interface CallMade {
  /** `iam:CreateAccessKey (2)`: the second of them. */
  call: string;
  /** It changes something: in the outside world, or in the table. */
  changes: boolean;
}

/** One call of a scene, and how it breaks. */
export interface Seam extends CallMade {
  fault: FaultName;
}

/** A scene that was played through without a fault: where it begins, which calls it makes, where it leads. */
export interface Rehearsed {
  scene: Scene;
  backup: Backup;
  /** What the bot calls, in order. */
  calls: CallMade[];
  seams: Seam[];
  goal: string;
  /** Whether somebody got an answer that only they see. */
  answers: boolean;
}

const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
/** Scenes of which the act is a wish for a new key. */
/** It is about three IAM users. */
const AT_ONCE = 'new keys for several at once';
const CREATES = /^createKey/;
const INSISTS = /clearSlot|discardStranded/;

/** Plays the scene without a fault. Throws when the world is not in order even then. */
export async function rehearse(world: World, scene: Scene, first: Backup): Promise<Rehearsed> {
  await setUp(world, first);
  await scene.begin(world);
  const backup = await takeBackup(world);
  await setUp(world, backup);
  const before = await takeStock(world);
  const heard = whispers(world);
  const calls: Call[] = [];
  interfere(world, (call) => {
    if (isBots(call)) calls.push(call);
    return undefined;
  });
  const pressed = await scene.act(world);
  interfere(world);
  if (pressed !== 'taken') throw new Error(`${scene.title}: nothing can be pressed`);
  await anHour(world);
  await sweeps(world);
  const wrong = await broken(world, before, deedsOf(scene, 1));
  if (wrong.length > 0) throw new Error(`${scene.title}, without any fault: ${wrong.join('; ')}`);
  if (scene.isMove && !(await isDone(world, before))) throw new Error(`${scene.title}: it is not done`);
  const number = numbering();
  const made = calls.map((call): CallMade => ({ call: number(call), changes: isChange(call) }));
  if (!calls.some((call) => callName(call) === scene.makes))
    throw new Error(`${scene.title}: ${scene.makes} is never called`);
  const seams = made.flatMap((one, index) => {
    const possible = FAULT_NAMES.filter((fault) => canStrike(fault, calls[index] as Call));
    return possible.map((fault) => ({ ...one, fault }));
  });
  const answers = whispers(world) > heard;
  return { scene, backup, calls: made, seams, goal: await state(world), answers };
}

/** Whether a person's move is on record as done since. */
async function isDone(world: World, before: Before): Promise<boolean> {
  const entries = (await records(world)).flatMap(({ rotation }) => rotation?.history ?? []);
  return entries.some(
    ({ by, jobId, outcome }) => by.kind === 'person' && outcome === 'done' && !before.jobs.has(jobId),
  );
}

export async function sweeps(world: World): Promise<void> {
  await runs(world, 'sweep');
  await passes(world, 16 * MINUTE);
}

export function deedsOf({ title }: Scene, times: number, seam?: Pick<Seam, 'call' | 'fault'>): Deeds {
  return {
    creates: title === AT_ONCE ? 3 * times : CREATES.test(title) ? times : 0,
    insisted: INSISTS.test(title),
    doubles: seam !== undefined && mayDouble(seam.fault, seam.call),
  };
}

/** Where the rotation stands, who knows of it, and the keys: without ids that differ, so that it can be compared. */
export async function state(world: World): Promise<string> {
  const about = (await records(world)).filter(({ userName }) => userName !== BYSTANDER);
  const told = about.map(({ rotation, owner, userName, messages }) =>
    [
      `${userName} ${rotation?.stage} of ${addressOf(owner) ?? owner.kind}`,
      ...(rotation?.contactedAt === undefined ? ['untold'] : []),
      ...(messages.some(({ reader }) => reader.as === 'admin') ? ['shown to an admin'] : []),
    ].join(' '),
  );
  const keys = [...world.sandbox.aws.iam.state.users.values()].flatMap((user) =>
    user.keys.map(({ status }) => `${user.userName} ${status}`),
  );
  return [...told, ...keys].sort().join(', ');
}

/** What is wrong after one call broke; empty when all is well. */
export async function play(
  world: World,
  { scene, backup, goal, answers }: Rehearsed,
  seam: Pick<Seam, 'fault' | 'call'>,
): Promise<string[]> {
  const { call: meant, fault } = seam;
  const number = numbering();
  const wrong = (times: number) => broken(world, before, deedsOf(scene, times, seam));
  await setUp(world, backup);
  const before = await takeStock(world);
  const heard = whispers(world);
  const others = keysOfBystander(world);
  const hasStruck = strike(world, (call) => number(call) === meant, fault);
  const pressed = await scene.act(world);
  const isAsked = (await records(world)).some(({ question }) => question !== undefined);
  interfere(world);
  if (!hasStruck()) return ['the call was never made'];
  await anHour(world);
  const stands = async () => ({ found: await wrong(1), end: await state(world) });
  let now = await stands();
  // Whatever is not yet as it should be must be so after the next sweep; where reads lagged, it must still be.
  if (/unseen/i.test(fault) || now.found.length > 0 || now.end !== goal) {
    await sweeps(world);
    now = await stands();
  }
  // What Slack refused to take is sent on the next working day.
  if (fault === 'refused' && !scene.isMove && now.end !== goal) {
    await passes(world, DAY);
    now = await stands();
  }
  const { found, end } = now;
  if (keysOfBystander(world) !== others) found.push('4. somebody else’s keys were changed');
  const isTold = isAsked || pressed === 'lost' || whispers(world) > heard;
  if (answers && !isTold) found.push('10. nobody was answered');
  if (end === goal || found.length > 0) return found;
  if (!scene.isMove) return isTold ? [] : [`it led to ${end} and not to ${goal}`];
  const silent = isTold ? [] : ['10. it was not done, and nobody was told'];
  return [...silent, ...(await onceMore(world, scene, goal)), ...(await wrong(2))];
}

/** What was not done is offered again, and pressing once more does it; an admin first removes what is stranded. */
async function onceMore(world: World, { act, again = act, title }: Scene, goal: string): Promise<string[]> {
  for (const { stranded, userName } of await records(world))
    for (const id of title === 'discardStranded' ? [] : stranded)
      world.sandbox.aws.iam.console.deleteKey(userName, id);
  await sweeps(world);
  await checksAgain(world);
  const pressed = await again(world);
  await anHour(world);
  if (pressed === 'none') return ['it was not done, and is not offered again'];
  const end = await state(world);
  return end === goal ? [] : [`pressed again, it led to ${end} and not to ${goal}`];
}

/** A question that came up goes away once what was unknown is known. */
async function checksAgain(world: World): Promise<void> {
  const { ana } = world.people;
  await presses(world, ana, cardsAbout(world, ana, APP)[0], 'Check again');
}

export function whispers(world: World): number {
  const { ana, sam } = world.people;
  const inHome = isToldInHome(world, ana) ? 1 : 0;
  return whispersTo(world, ana).length + whispersTo(world, sam).length + inHome + formsFilled(world);
}

/** What is said to somebody stands on top of it, above its header. */
function isToldInHome({ sandbox }: World, person: string): boolean {
  const [top] = sandbox.slack.workspace.homes.get(person)?.view.blocks ?? [];
  return top?.type === 'section';
}

export function keysOfBystander({ sandbox }: World): string {
  const keys = sandbox.aws.iam.state.users.get(BYSTANDER)?.keys ?? [];
  return keys.map(({ id, status }) => `${id} ${status}`).join();
}
