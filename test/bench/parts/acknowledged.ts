// How long a press takes in the slack function, warm: its own code, without what it waits for the queue.
import { runningClock } from '../../sandbox/clock.ts';
import { variablesOf } from '../../sandbox/deployment/functions.ts';
import { card, run, waiting } from '../../sandbox/play/play.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sizes } from '../arguments.ts';
import { type Done, startContainer } from '../container.ts';
import { line, type Measured, median, quantile } from '../figures.ts';
import { progress } from '../progress.ts';
import { bundledFile, surroundingsOf } from '../real-time.ts';

const WARMS_UP = 100;
const ROUNDS = 5;
/** A Monday morning. */
const START = new Date('2026-11-16T09:00:00Z');

export async function ack({ presses }: Pick<Sizes, 'presses'>): Promise<Measured<'ack'>> {
  progress(`ack: ${presses} presses, after ${WARMS_UP} to warm up`);
  const sandbox = await startSandbox({ clock: runningClock(START) });
  await run(sandbox, 'sweep');
  const { ana } = sandbox.organisation.people;
  const message = card(sandbox, ana, 'ci-deploy');
  const file = await bundledFile('slack');
  const container = startContainer({
    file,
    env: variablesOf('slack', surroundingsOf(sandbox)),
    clock: sandbox.clock,
  });
  await container.ready;

  async function pressOnce(): Promise<Done> {
    const done = await container.invoke(
      sandbox.slack.people.click({ user: ana, message, button: 'Create new key' }),
    );
    if (Object(done.result).statusCode !== 200)
      throw new Error('a press was refused', { cause: done.result });
    return done;
  }

  for (let nth = 0; nth < WARMS_UP; nth += 1) await pressOnce();
  const rounds: Done[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const all: Done[] = [];
    for (let nth = 0; nth < presses / ROUNDS; nth += 1) all.push(await pressOnce());
    rounds.push(all);
  }
  const pressed = rounds.flat().length;
  if (waiting(sandbox) !== pressed + WARMS_UP)
    throw new Error(`${waiting(sandbox)} of ${pressed} presses wait`);
  container.stop();
  await sandbox.close();

  const own = ({ ms, waitedMs }: Done) => ms - waitedMs;
  const over = (of: (done: Done) => number, share: number) =>
    median(rounds.map((all) => quantile(all.map(of), share)));
  const cpuMs = (Number(rounds.at(-1)?.at(-1)?.cpuMs) - Number(rounds[0]?.[0]?.cpuMs)) / pressed;
  const figures = { p50Ms: over(own, 0.5), p99Ms: over(own, 0.99) };
  return {
    figures,
    lines: [
      line('own code, median', figures.p50Ms, { unit: 'ms', most: 1 }),
      line('own code, 99th percentile', figures.p99Ms, { unit: 'ms', most: 5 }),
      line(
        'with what it waits for the queue, median',
        over(({ ms }) => ms, 0.5),
        { unit: 'ms' },
      ),
      line(
        'waiting for the queue, median',
        over(({ waitedMs }) => waitedMs, 0.5),
        { unit: 'ms' },
      ),
      line('processor time, mean', cpuMs, { unit: 'ms' }),
    ],
  };
}
