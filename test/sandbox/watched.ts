// A sandbox with the operator's eyes on it: CloudWatch counts what the functions, the queues and the API do, and rings.
import { MINUTE } from './clock.ts';
import { bundleHandlers } from './deployment/bundle.ts';
import type { Functions } from './deployment/functions.ts';
import {
  type FunctionName,
  readAlarms,
  readDeadLettersOf,
  readPhysicalIds,
  readQueues,
  readServerlessFile,
} from './deployment/serverless-file.ts';
import type { Mode } from './deployment/serverless-yaml.ts';
import { redeployed } from './redeployed.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
import { cloudWatchAlarms } from './servers/aws/cloudwatch-alarms.ts';
import { cloudWatchMetrics, type Metrics } from './servers/aws/cloudwatch-metrics.ts';
import type { Queue } from './servers/aws/queue.ts';

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

/** Where the operator hears of it. */
export const ALARM_TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';
const TICKS_EVERY = 15;
const SWEEPS_EVERY = 24 * 60;

export async function startWatched(options: SandboxOptions): Promise<Watched> {
  const sandbox = await startSandbox(options);
  const { clock, aws, queues } = sandbox;
  const { custom } = readServerlessFile();
  const all = readQueues();
  const alarms = readAlarms({ params: { ALARM_TOPIC } });
  const requestsPerSecond = Number(custom.deployment.REQUESTS_PER_SECOND);
  const metrics = cloudWatchMetrics();
  const watch = cloudWatchAlarms(alarms, metrics);
  const schedules = { ticks: true, checks: true, sweeps: true };
  const throttled = new Set<FunctionName>();
  let minutes = 0;
  let seen = 0;

  const count = (namespace: string, name: string, dimensions: Record<string, string>, value = 1) =>
    metrics.put({ namespace, name, dimensions }, value, clock.now());

  /** From now on all that they do is counted. */
  function countFunctions(functions: Functions): void {
    for (const [name, deployed] of Object.entries(functions)) {
      let read = 0;
      sandbox.functions[name as FunctionName] = {
        ...deployed,
        async invoke(event) {
          if (name === 'slack') return throughApi(() => invoke(event));
          return invoke(event);
        },
      };
      const dimensions = { FunctionName: `${custom.name}-${name}` };
      const invoke = async (event: unknown): Promise<unknown> => {
        if (throttled.has(name as FunctionName)) {
          count('AWS/Lambda', 'Throttles', dimensions);
          throw new Error('TooManyRequestsException: Rate Exceeded.');
        }
        count('AWS/Lambda', 'Invocations', dimensions);
        try {
          return await deployed.invoke(event);
        } catch (error) {
          count('AWS/Lambda', 'Errors', dimensions);
          throw error;
        } finally {
          for (; read < deployed.logs.length; read += 1) metrics.readLine(deployed.logs[read] ?? '');
        }
      };
    }
  }
  countFunctions(sandbox.functions);

  let burst = { at: 0, used: 0 };

  /** API Gateway turns away what is more at once than the stage allows, and answers where the function does not. */
  async function throughApi(invoke: () => Promise<unknown>): Promise<unknown> {
    const at = clock.now();
    burst = { at, used: burst.at === at ? burst.used + 1 : 1 };
    const tooMany = { statusCode: 429, body: '{"message":"Too Many Requests"}' };
    const answer = burst.used > requestsPerSecond ? Promise.resolve(tooMany) : invoke();
    const { statusCode } = Object(await answer.catch(() => ({ statusCode: 500 })));
    const metric = statusCode >= 500 ? '5xx' : statusCode >= 400 ? '4xx' : undefined;
    if (metric) count('AWS/ApiGateway', metric, { ApiId: 'HttpApi' });
    return answer;
  }

  function theQueue(name: string): Queue {
    const queue = aws.sqs.state.queues.get(name);
    if (!queue) throw new Error(`there is no queue called ${name}`);
    return queue;
  }

  function countQueues(): void {
    const now = clock.now();
    for (const { name } of all) {
      const { messages } = theQueue(name);
      const visible = messages.filter(({ visibleAt }) => visibleAt <= now);
      const sent = messages.filter(({ receiveCount }) => receiveCount <= OFTEN).map(({ sentAt }) => sentAt);
      const dimensions = { QueueName: name };
      count('AWS/SQS', 'ApproximateNumberOfMessagesVisible', dimensions, visible.length);
      count(
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        dimensions,
        sent.length > 0 ? (now - Math.min(...sent)) / 1000 : 0,
      );
    }
  }

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

  const schedule = (task: string) => setOff({ event: { task }, failures: 0, at: clock.now() });

  const tells = new Set(alarms.filter(({ AlarmActions }) => AlarmActions).map(({ name }) => name));

  return {
    sandbox,
    metrics,
    schedules,
    throttled,
    starts: schedule,
    async pass(howMany) {
      for (let minute = 0; minute < howMany; minute += 1) {
        await setOffAgain();
        if (schedules.sweeps && minutes % SWEEPS_EVERY === 0) await schedule('sweep');
        if (schedules.ticks && minutes % TICKS_EVERY === 0) await schedule('tick');
        if (schedules.checks && minutes % TICKS_EVERY === 0) await schedule('check');
        await queues.pump();
        countQueues();
        clock.advance(MINUTE);
        minutes += 1;
        watch.evaluate(clock.now());
      }
    },
    rang() {
      const since = watch.changes.slice(seen).filter(({ name, to }) => to === 'ALARM' && tells.has(name));
      seen = watch.changes.length;
      return [...new Set(since.map(({ name }) => name))].sort();
    },
    ringing: () => [...tells].filter((name) => watch.state(name) !== 'OK').sort(),
    async deploy(name, which) {
      const { code } = (await bundleHandlers())[name];
      sandbox.functions[name].update(which === 'right' ? code : 'throw new SyntaxError("broken")');
    },
    async redeploy(mode, settings) {
      const { environment, functions } = await redeployed(sandbox, mode, 'follow', settings);
      Object.assign(sandbox.environment, environment);
      aws.stacks.set(custom.name, readPhysicalIds());
      countFunctions(functions);
    },
    remove() {
      for (const name of Object.keys(sandbox.functions)) aws.iam.state.roles.delete(name);
      for (const { name } of all) theQueue(name).purge();
      aws.stacks.delete(custom.name);
    },
    hold(queueName, isHeld) {
      const queue = theQueue(queueName) as Queue & { held?: Queue['receive'] };
      if (isHeld) queue.held = queue.receive;
      queue.receive = isHeld ? () => [] : (queue.held ?? queue.receive);
    },
  };
}

/** "Available CloudWatch metrics for Amazon SQS": what is received more often is a poison pill, and left out of the age. */
const OFTEN = 3;

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
