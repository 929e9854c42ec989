// A random walk: people, applications, the console, the clock and broken calls in any order, until one of the rules breaks.
import fc from 'fast-check';
import { MINUTE } from '../sandbox/clock.ts';
import { APP, BYSTANDER } from './fault-scenes.ts';
import { anHour, interfere, passes, runs, seed, startWorld, type World } from './fault-world.ts';
import { type Before, broken, takeStock } from './invariants.ts';
import { anyStep, SECOND, type Step, type Trace, take } from './walk-steps.ts';
import { type Backup, setUp, takeBackup } from './world-backup.ts';

const LONGEST = 40;

/** Where every walk begins: two IAM users of Ana's, one of them with two keys, and one of Ben's that is not due. */
export async function beginning(world: World): Promise<Backup> {
  world.sandbox.clock.advance(60 * MINUTE);
  const anas = { 'keyrotate:owner': 'ana@example.com' };
  const idle = { age: 83, usedHoursAgo: 30 * 24 };
  seed(
    world,
    { name: APP, tags: anas, keys: [idle] },
    {
      name: SECOND,
      tags: anas,
      keys: [
        { ...idle, age: 86 },
        { age: 20, usedHoursAgo: 3 },
      ],
    },
    { name: BYSTANDER, tags: { 'keyrotate:owner': 'ben@example.com' }, keys: [{ age: 40, usedHoursAgo: 2 }] },
  );
  await runs(world, 'sweep');
  await passes(world, 6 * MINUTE);
  return takeBackup(world);
}

/** Takes the steps, lets the schedules run, and returns what is broken, with the story. */
export async function walk(
  world: World,
  from: Backup,
  steps: readonly Step[],
): Promise<{ story: string[]; broken: string[] }> {
  await setUp(world, from);
  const before = await takeStock(world);
  const trace: Trace = { story: [], creates: 0, doubles: false };
  for (const step of steps) await take(world, step, trace);
  interfere(world);
  await comesToRest(world);
  return { story: trace.story, broken: await whatIsBroken(world, before, trace) };
}

/** What is seen once must be seen again a quarter of an hour later; what Slack refused comes again after an hour. */
async function comesToRest(world: World): Promise<void> {
  await anHour(world);
  await runs(world, 'sweep');
  await anHour(world);
  await anHour(world);
}

function whatIsBroken(world: World, before: Before, { creates, doubles }: Trace): Promise<string[]> {
  return broken(world, before, { creates, insisted: true, doubles });
}

export interface Walked {
  steps: number;
  /** The shortest walk found that breaks a rule; none where all was well. */
  failure?: { path: string; story: string };
}

/** Walks until so many steps are taken. A failure is shrunk to a short story, and can be walked again by its seed. */
export async function walkFor(wanted: number, seedOfAll: number, path?: string): Promise<Walked> {
  const world = await startWorld();
  const from = await beginning(world);
  let steps = 0;
  let hasFailed = false;
  const property = fc.asyncProperty(
    fc.array(anyStep, { minLength: 1, maxLength: LONGEST, size: 'max' }),
    async (way) => {
      // However long the walks turn out to be; but a failure is always shrunk to its end.
      if (steps >= wanted && !hasFailed) return;
      const walked = await walk(world, from, way);
      steps += way.length;
      if (walked.broken.length === 0) return;
      hasFailed = true;
      throw new Error([...walked.story, '', ...walked.broken].join('\n'));
    },
  );
  const numRuns = wanted;
  const again = path === undefined ? {} : { path, endOnFailure: true };
  const outcome = await fc.check(property, { seed: seedOfAll, numRuns, ...again });
  await world.end();
  const { counterexamplePath, errorInstance } = outcome;
  if (!outcome.failed) return { steps };
  const story = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { steps, failure: { path: counterexamplePath ?? '', story } };
}
