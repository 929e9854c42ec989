// Everything that the fault runner plays, in pieces that can be done one by one, in any process.

import { inSecond, SCENES, type Scene } from './fault-scenes.ts';
import { inSecondAccount, startWorld, type World } from './fault-world.ts';
import { pressesLate } from './late.ts';
import { goesDown, OUTAGES, rolesAreGone, tokenIsReplaced } from './outages.ts';
import { cut, type Share, shareOf, turnOf } from './plan.ts';
import { intrusionsOn, race, racedAt } from './races.ts';
import { play, type Rehearsed, rehearse } from './seams.ts';
import { FAULTS } from './strike.ts';
import { type Backup, takeBackup } from './world-backup.ts';

/** What came of one piece of work. */
export interface Report {
  title: string;
  schedules: number;
  violations: string[];
  ms: number;
}

export interface Work {
  title: string;
  scene: Scene;
  /** Made of a scene that was played without a fault. */
  schedules(rehearsed: Rehearsed, share: Share): Schedule[];
}

/** One way in which something goes wrong; tells what is broken then. */
interface Schedule {
  when: string;
  play(world: World): Promise<string[]>;
}

/** Scenes in which every service has something to do, or much to lose. */
const OUTAGE_SCENES = [
  'a sweep in the middle of a rotation',
  'createKey',
  'delete',
  'a reminder of several keys',
  inSecond('createKey'),
  inSecond('delete'),
];
/** So many calls still go through: none; those up to the act. */
const CALLS_BEFORE = [0, 12];

export function worksOf(): Work[] {
  // The longest first, so that both processes end together.
  return [
    ...SCENES.filter(({ title }) => OUTAGE_SCENES.includes(title)).map(
      (scene): Work => ({ title: `outages: ${scene.title}`, scene, schedules: outages }),
    ),
    ...SCENES.filter((scene) => intrusionsOn(scene).length > 0).map(
      (scene): Work => ({ title: `races: ${scene.title}`, scene, schedules: races }),
    ),
    ...SCENES.map((scene): Work => ({ title: scene.title, scene, schedules: seams })),
  ];
}

function seams(rehearsed: Rehearsed, share: Share): Schedule[] {
  const late: Schedule = {
    when: 'what was shown before is pressed afterwards',
    play: (world) => pressesLate(world, rehearsed),
  };
  const broken = cut(share, rehearsed.scene, rehearsed.seams).map((seam) => ({
    when: `${seam.call} ${FAULTS[seam.fault]}`,
    play: (world: World) => play(world, rehearsed, seam),
  }));
  return [late, ...broken];
}

function races(rehearsed: Rehearsed, share: Share): Schedule[] {
  return intrusionsOn(rehearsed.scene).flatMap((intrusion, nth) =>
    share(racedAt(intrusion, rehearsed.calls), turnOf(rehearsed.scene) + nth).map((call) => ({
      when: `${intrusion.title} during ${call}`,
      play: (world: World) => race(world, rehearsed, intrusion, call),
    })),
  );
}

function outages(rehearsed: Rehearsed, share: Share): Schedule[] {
  const all = CALLS_BEFORE.flatMap((from) => [
    ...OUTAGES.map((outage) => ({
      when: `${outage.title} after ${from} calls`,
      play: (world: World) => goesDown(world, rehearsed, outage, from),
    })),
    {
      when: `the roles of the other account are gone for an hour after ${from} calls`,
      play: (world: World) => rolesAreGone(world, rehearsed, from),
    },
    {
      when: `the Slack token is replaced after ${from} calls`,
      play: (world: World) => tokenIsReplaced(world, rehearsed, from),
    },
  ]);
  const { length } = OUTAGE_SCENES;
  return share(all, OUTAGE_SCENES.indexOf(rehearsed.scene.title), length);
}

/** Most of a schedule that times out is waiting: others are played meanwhile. */
const SIDE_BY_SIDE = 6;

export interface Shard {
  worlds: readonly World[];
  first: Backup;
  share: Share;
}

export async function openShard(every: boolean): Promise<Shard> {
  const worlds: World[] = [];
  for (let i = 0; i < SIDE_BY_SIDE; i += 1) worlds.push(await startWorld());
  return { worlds, first: await takeBackup(oneOf(worlds)), share: shareOf(every) };
}

export async function closeShard({ worlds }: Shard): Promise<void> {
  await Promise.all(worlds.map((world) => world.end()));
}

export async function carryOut(
  { worlds, first, share }: Shard,
  { title, scene, schedules }: Work,
): Promise<Report> {
  const from = performance.now();
  const placed = scene.isElsewhere ? worlds.map(inSecondAccount) : worlds;
  const left = schedules(await rehearse(oneOf(placed), scene, first), share);
  const count = left.length;
  const violations: string[] = [];
  const playOn = async (world: World): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift())
      for (const wrong of await next.play(world))
        violations.push(`${scene.title}, when ${next.when}: ${wrong}`);
  };
  await Promise.all(placed.map(playOn));
  return { title, schedules: count, violations, ms: performance.now() - from };
}

function oneOf(worlds: readonly World[]): World {
  const [world] = worlds;
  if (!world) throw new Error('there is no world to play in');
  return world;
}
