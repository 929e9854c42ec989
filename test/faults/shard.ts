// One process of the fault runner: it takes one piece of work after the other, and plays several schedules side by side.
import { type Plan, planOf } from './plan.ts';
import { SCENES, type Scene } from './scenes.ts';
import { play, rehearse } from './seams.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { FAULTS } from './strike.ts';
import { endWorld, startWorld, type World } from './world.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** What came of one piece of work. */
export interface Report {
  title: string;
  schedules: number;
  violations: string[];
  ms: number;
}

/** Most of a schedule that times out is waiting: others are played meanwhile. */
const SIDE_BY_SIDE = 4;

export interface Shard {
  worlds: readonly World[];
  first: Snapshot;
  plan: Plan;
}

export async function openShard(every: boolean): Promise<Shard> {
  const worlds: World[] = [];
  for (let i = 0; i < SIDE_BY_SIDE; i += 1) worlds.push(await startWorld());
  const [world] = worlds;
  if (!world) throw new Error('a shard needs a world');
  return { worlds, first: await takeSnapshot(world), plan: planOf(every) };
}

export async function closeShard({ worlds }: Shard): Promise<void> {
  await Promise.all(worlds.map(endWorld));
}

export async function cutScene({ worlds, first, plan }: Shard, scene: Scene): Promise<Report> {
  const from = performance.now();
  const [stage] = worlds;
  if (!stage) throw new Error('a shard needs a world');
  const rehearsed = await rehearse(stage, scene, first);
  const left = plan.seams(rehearsed.seams);
  const schedules = left.length;
  const violations: string[] = [];
  const next = async (world: World): Promise<void> => {
    for (let seam = left.shift(); seam; seam = left.shift())
      for (const wrong of await play(world, rehearsed, seam))
        violations.push(`${scene.title}, when ${seam.call} ${FAULTS[seam.fault]}: ${wrong}`);
  };
  await Promise.all(worlds.map(next));
  return { title: scene.title, schedules, violations, ms: performance.now() - from };
}

async function serve(every: boolean): Promise<void> {
  const shard = await openShard(every);
  process.on('message', async (title: string | undefined) => {
    const scene = SCENES.find((one) => one.title === title);
    if (!scene) {
      await closeShard(shard);
      process.exit(0);
    }
    process.send?.(await cutScene(shard, scene));
  });
  process.send?.('ready');
}

if (process.send) {
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`faults: ${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
  await serve(process.argv.includes('--every'));
}
