// The summary over very many open rotations: how much memory the worker takes for it, and how long.
import { HOUR, MINUTE, runningClock } from '../../sandbox/clock.ts';
import { variablesOf } from '../../sandbox/deployment/functions.ts';
import { readQueues, readServerlessFile } from '../../sandbox/deployment/serverless-file.ts';
import { run } from '../../sandbox/play/play.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { delivery } from '../../sandbox/servers/aws/event-source.ts';
import type { Sizes } from '../arguments.ts';
import { mostCalled, tallyOf } from '../calls.ts';
import { type Done, startContainer } from '../container.ts';
import { addCopies, type Copy } from '../copies.ts';
import { line, type Measured, median } from '../figures.ts';
import { progress } from '../progress.ts';
import { bundledFile, surroundingsOf } from '../real-time.ts';
import { openRotations } from '../table-items.ts';
import { farAway, MORNING, NIGHT, startWorld, type World } from '../world.ts';

/** Whose rotation is played; all others are on record like them. */
const PLAYED = 10;
const OF_ONE_OWNER = 20;
const MB = 1_000_000;
/** 200,000 in a minute. */
const SECONDS_EACH = 60 / 200_000;

export async function summary({
  listed,
  runs,
}: Pick<Sizes, 'listed' | 'runs'>): Promise<Measured<'summary'>> {
  progress(`summary: ${listed} rotations are opened`);
  const played = Math.min(PLAYED, listed);
  const clock = runningClock(NIGHT);
  const owners = Math.max(played, Math.round(listed / OF_ONE_OWNER));
  const world = await startWorld({ users: played, due: played, owners, clock });
  const { sandbox } = world;
  await run(sandbox, 'sweep');
  clock.advance(MORNING.getTime() - clock.now() + HOUR);
  await run(sandbox, 'tick');
  await addCopies(sandbox, likeThem(world, played, listed));
  const open = await openRotations(sandbox);
  if (open !== listed) throw new Error(`${open} of ${listed} rotations are open`);
  farAway(sandbox);
  const all: Gathered[] = [];
  for (let nth = 0; nth < runs; nth += 1) {
    progress(`summary: ${nth + 1} of ${runs}`);
    all.push(await gathered(sandbox));
    clock.advance(10 * MINUTE);
  }
  const tally = tallyOf(sandbox);
  progress(`summary: most called: ${mostCalled(tally)}`);
  await sandbox.close();
  const peakMb = median(all.map((one) => one.peakBytes)) / MB;
  const seconds = median(all.map(({ ms }) => ms)) / 1000;
  return {
    figures: { open: listed, peakMb, seconds },
    lines: [
      line(`memory beyond a warm worker’s, over ${listed} open`, peakMb, { unit: 'MB', most: 64 }),
      line('time, 20 ms a call', seconds, { unit: 's', most: listed * SECONDS_EACH }),
      line('processor time', median(all.map(({ cpuMs }) => cpuMs)) / 1000, { unit: 's' }),
      line('read', tally.readBytes / MB, { unit: 'MB' }),
    ],
  };
}

function likeThem({ owners }: World, played: number, listed: number): Copy[] {
  return Array.from({ length: listed - played }, (_, nth) => nth).flatMap((nth): Copy[] => {
    const template = owners[nth % played];
    const owner = owners[nth % owners.length];
    if (!template || !owner) return [];
    return [{ userName: `open-${nth}`, owner, like: { userName: `app-${nth % played}`, owner: template } }];
  });
}

type Gathered = Pick<Done, 'ms' | 'peakBytes' | 'cpuMs'>;

/** By a worker of its own, which has already done something else. */
async function gathered(sandbox: Sandbox): Promise<Gathered> {
  const worker = startContainer({
    file: await bundledFile('worker'),
    env: variablesOf('worker', surroundingsOf(sandbox)),
    clock: sandbox.clock,
    timeoutSeconds: readServerlessFile().functions.worker.timeout,
  });
  const before = await done(sandbox, worker.invoke, 'check');
  sandbox.forget();
  const after = await done(sandbox, worker.invoke, 'summary');
  worker.stop();
  const posted = sandbox.slack.wire.calls.some(({ action }) => action === 'chat.postMessage');
  if (!posted) throw new Error('the summary was not posted');
  return {
    ms: after.ms,
    peakBytes: after.peakBytes - before.rssBytes,
    cpuMs: after.cpuMs - before.cpuMs,
  };
}

async function done(
  sandbox: Sandbox,
  invoke: (event: unknown) => Promise<Done>,
  task: 'check' | 'summary',
): Promise<Done> {
  await sandbox.functions.scheduler.invoke({ task });
  const all: Done[] = [];
  const queueNames = readQueues().flatMap(({ name, wakes }) => (wakes?.function === 'worker' ? [name] : []));
  const mappings = queueNames.map((queueName) => ({
    ...{ queueName, batchSize: 1 },
    async invoke(event: unknown) {
      const one = await invoke(event);
      all.push(one);
      return one.result;
    },
  }));
  await delivery(sandbox.clock, sandbox.aws.sqs, mappings).pump();
  const [first] = all;
  if (!first) throw new Error(`${task} queued nothing`);
  return first;
}
