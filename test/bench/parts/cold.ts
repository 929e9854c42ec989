// A cold start: how long until the slack function is loaded, and until the first press is answered, each in a process of its own.

import { runningClock } from '../../sandbox/clock.ts';
import { bundlePlainly } from '../../sandbox/deployment/bundle.ts';
import { variablesOf } from '../../sandbox/deployment/functions.ts';
import { alteredPress, card, run, waiting } from '../../sandbox/play/play.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Sizes } from '../arguments.ts';
import { BEFORE, earlierSlackFunction } from '../before.ts';
import { bundleFolder, startContainer } from '../container.ts';
import { type Line, line, type Measured, median } from '../figures.ts';
import { progress } from '../progress.ts';
import { bundledFile, surroundingsOf } from '../real-time.ts';
import { farAway } from '../world.ts';

/** Of each, for each run: a start takes no longer than a blink, and varies. */
const STARTS = 5;
/** A Monday morning. */
const START = new Date('2026-11-16T09:00:00Z');
const folder = bundleFolder();

type Starts = Record<'bare' | 'minimal' | 'slack', string>;

export async function cold({ runs }: Pick<Sizes, 'runs'>): Promise<Measured<'cold'>> {
  const rounds = runs * STARTS;
  progress(`cold: ${rounds} starts of each`);
  // The version of then knows no `auto`.
  const params = { MAX_NEW_PER_DAY: '50' };
  const sandbox = await startSandbox({ clock: runningClock(START), params });
  await run(sandbox, 'sweep');
  farAway(sandbox);
  const files: Starts = {
    bare: folder('bare', 'exports.handler = async () => null;'),
    minimal: folder('minimal', await bundlePlainly('test/bench/minimal-bolt.ts')),
    slack: await bundledFile('slack'),
  };
  const before = await earlierSlackFunction(folder);
  const loaded = { bare: [] as number[], minimal: [] as number[], slack: [] as number[] };
  const cpu = { bare: [] as number[], minimal: [] as number[], slack: [] as number[] };
  const pressed = { now: [] as number[], before: [] as number[] };
  const names = Object.keys(files) as (keyof Starts)[];
  for (let round = 0; round < rounds; round += 1) {
    // Whatever else the machine does meets each of them.
    for (const name of names) {
      const container = startContainer({ file: files[name], env: slackVariables(sandbox) });
      const { loadedMs, cpuMs } = await container.ready;
      loaded[name].push(loadedMs);
      cpu[name].push(cpuMs);
      container.stop();
    }
    pressed.now.push(await firstPress(sandbox, files.slack));
    if ('file' in before) pressed.before.push(await firstPress(sandbox, before.file));
  }
  await sandbox.close();

  const over = (name: keyof Starts, of = loaded) => median(of[name]) - median(of.bare);
  const ratioToMinimal = over('slack') / over('minimal');
  const firstPressMs = median(pressed.now);
  return {
    figures: { ratioToMinimal, firstPressMs },
    lines: [
      line('loading a bare file, median', median(loaded.bare), { unit: 'ms' }),
      line('slack function loaded, over that', over('slack'), { unit: 'ms' }),
      line('minimal Bolt with four clients loaded, over that', over('minimal'), { unit: 'ms' }),
      line('slack function against minimal Bolt', ratioToMinimal, { most: 1.15 }),
      line('their processor times', over('slack', cpu) / over('minimal', cpu)),
      line('first press answered, from the start of the process', firstPressMs, { unit: 'ms' }),
      againstBefore(firstPressMs, before, pressed.before),
    ],
  };
}

/** Slack's secret is fetched, and the press queued, 20 ms away each. */
async function firstPress(sandbox: Sandbox, file: string): Promise<number> {
  const { ana } = sandbox.organisation.people;
  const message = card(sandbox, ana, 'ci-deploy');
  const container = startContainer({ file, env: slackVariables(sandbox), clock: sandbox.clock });
  const click = sandbox.slack.people.click({ user: ana, message, button: 'Create new key' });
  // The version of then told the drawing in another way: both get a press that names none.
  const press = alteredPress(sandbox, click, ({ actions: [action] }) => {
    action.value = action.value.replace(/#.*/, '');
  });
  const before = waiting(sandbox);
  const done = await container.invoke(press);
  container.stop();
  if (Object(done.result).statusCode !== 200 || waiting(sandbox) !== before + 1)
    throw new Error('a first press was not queued', { cause: done.result });
  return done.atMs;
}

function slackVariables(sandbox: Sandbox): Record<string, string> {
  return variablesOf('slack', surroundingsOf(sandbox));
}

function againstBefore(now: number, before: { file: string } | { why: string }, then: number[]): Line {
  const what = `against ${BEFORE} in the same run`;
  if ('why' in before) return { what: `${what}: ${before.why}`, measured: '—', aim: '' };
  return line(`${what} (${Math.round(median(then))} ms)`, now / median(then), { most: 0.6 });
}
