// A sandbox under watch, in which every minute is lived through as in production: what happens is counted, and rings.
import { MINUTE } from './clock.ts';
import { bundleHandlers } from './deployment/bundle.ts';
import {
  type FunctionName,
  readDeadLettersOf,
  readPhysicalIds,
  readServerlessFile,
} from './deployment/serverless-file.ts';
import type { Mode } from './deployment/serverless-yaml.ts';
import { redeployed } from './redeployed.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
import type { Metrics } from './servers/aws/cloudwatch-metrics.ts';
import type { Queue } from './servers/aws/queue.ts';
import { watchOver } from './watch.ts';

export interface Watched {
  sandbox: Sandbox;
  metrics: Metrics;
  /** What EventBridge sets off meanwhile. Ticks and checks come as seldom as may be set, sweeps every day. */
  schedules: { ticks: boolean; checks: boolean; sweeps: boolean };
  /** Functions for which the account has no concurrency left. */
  throttled: Set<FunctionName>;
  /** A schedule starts its function now. */
  starts(task: string): Promise<void>;
  /** So many minutes, in each of which everything runs, is counted, and rings. */
  pass(minutes: number): Promise<void>;
  /** What rang at any time since the last call, in the alphabet's order: alarms that tell somebody. */
  rang(): string[];
  /** What has not fallen silent yet. */
  ringing(): string[];
  /** Puts a version in a function's place that cannot be loaded, or back the right one. */
  deploy(name: FunctionName, which: 'broken' | 'right'): Promise<void>;
  /** The same stack in another mode, with other settings, or after it was removed. */
  redeploy(mode: Mode, settings?: Record<string, string>): Promise<void>;
  /** What `serverless remove` takes away: roles, jobs that wait, and the stack. Table and secrets stay. */
  remove(): void;
  /** Lambda's event source mapping no longer takes from this queue, or takes again. */
  hold(queueName: string, isHeld: boolean): void;
}

const TICKS_EVERY = 15;
const SWEEPS_EVERY = 24 * 60;

export async function startWatched(options: SandboxOptions): Promise<Watched> {
  const sandbox = await startSandbox(options);
  const { clock, aws, queues } = sandbox;
  const { custom } = readServerlessFile();
  const watch = watchOver(sandbox);
  const schedules = { ticks: true, checks: true, sweeps: true };
  let minutes = 0;
  let seen = 0;

  let inVain: InVain[] = [];
  const scheduledDead = nameOf(readDeadLettersOf('scheduler'));

  /** Lambda starts the function, and nobody waits for its answer. */
  async function setOff({ event, failures }: InVain): Promise<void> {
    try {
      await sandbox.functions.scheduler.invoke(event);
    } catch (error) {
      // What finds no room is tried for six hours.
      const failed = failures + (String(error).includes('TooManyRequests') ? 0 : 1);
      const at = clock.now() + failed * MINUTE;
      if (failed < TRIES) inVain.push({ event, failures: failed, at });
      else theQueue(scheduledDead).send({ body: JSON.stringify(event), senderId: 'lambda' });
    }
  }

  async function setOffAgain(): Promise<void> {
    const due = inVain.filter(({ at }) => at <= clock.now());
    inVain = inVain.filter((one) => !due.includes(one));
    for (const one of due) await setOff(one);
  }

  const tells = new Set(watch.telling.map(({ name }) => name));

  const schedule = (task: string) => setOff({ event: { task }, failures: 0, at: clock.now() });

  function theQueue(name: string): Queue {
    const queue = aws.sqs.state.queues.get(name);
    if (!queue) throw new Error(`there is no queue called ${name}`);
    return queue;
  }

  return {
    sandbox,
    metrics: watch.metrics,
    schedules,
    throttled: watch.throttled,
    starts: schedule,
    async pass(howMany) {
      for (let minute = 0; minute < howMany; minute += 1) {
        await setOffAgain();
        if (schedules.sweeps && minutes % SWEEPS_EVERY === 0) await schedule('sweep');
        if (schedules.ticks && minutes % TICKS_EVERY === 0) await schedule('tick');
        if (schedules.checks && minutes % TICKS_EVERY === 0) await schedule('check');
        await queues.pump();
        watch.minute();
        minutes += 1;
      }
    },
    rang() {
      const { changes } = watch.alarms;
      const since = changes.slice(seen).filter(({ name, to }) => to === 'ALARM' && tells.has(name));
      seen = changes.length;
      return [...new Set(since.map(({ name }) => name))].sort();
    },
    ringing: () => [...tells].filter((name) => watch.alarms.state(name) !== 'OK').sort(),
    async deploy(name, which) {
      const { code } = (await bundleHandlers())[name];
      sandbox.functions[name].update(which === 'right' ? code : 'throw new SyntaxError("broken")');
    },
    async redeploy(mode, settings) {
      const { environment, functions } = await redeployed(sandbox, mode, 'follow', settings);
      Object.assign(sandbox.environment, environment);
      aws.stacks.set(custom.name, readPhysicalIds());
      watch.count(functions);
    },
    remove() {
      for (const name of Object.keys(sandbox.functions)) aws.iam.state.roles.delete(name);
      for (const queue of aws.sqs.state.queues.values()) queue.purge();
      aws.stacks.delete(custom.name);
    },
    hold(queueName, isHeld) {
      const queue = theQueue(queueName) as Queue & { held?: Queue['receive'] };
      if (isHeld) queue.held = queue.receive;
      queue.receive = isHeld ? () => [] : (queue.held ?? queue.receive);
    },
  };
}

/** Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation": two more, after a minute, after two. */
const TRIES = 3;

/** A function that a schedule started, and that did not do it yet. */
interface InVain {
  event: { task: string };
  failures: number;
  at: number;
}

function nameOf(arn = ''): string {
  return arn.split(':').at(-1) ?? '';
}
