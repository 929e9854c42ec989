// The operator's eyes on a sandbox: CloudWatch counts what the functions, the queues and the API do, and rings.
import { MINUTE } from './clock.ts';
import type { Functions } from './deployment/functions.ts';
import { type FunctionName, readAlarms, readServerlessFile } from './deployment/serverless-file.ts';
import type { Sandbox } from './sandbox.ts';
import { type Alarm, type Alarms, cloudWatchAlarms } from './servers/aws/cloudwatch-alarms.ts';
import { cloudWatchMetrics, type Metrics } from './servers/aws/cloudwatch-metrics.ts';

export interface Watch {
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  /** Those that tell somebody. */
  readonly telling: readonly Alarm[];
  /** Functions for which the account has no concurrency left. */
  readonly throttled: Set<FunctionName>;
  /** From now on all that they do is counted, instead of what those before them do. */
  count(functions: Functions): void;
  /** A minute passes in which nothing more happens; then every alarm is worked out anew. */
  minute(): void;
  /** Works out every alarm as of now. */
  look(): void;
}

/** Where the operator hears of it. */
export const ALARM_TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';

/** "Available CloudWatch metrics for Amazon SQS": what is received more often is a poison pill, and left out of the age. */
const OFTEN = 3;

/** @param atOnce how many requests API Gateway lets through in a second; as many as are deployed where it is not given. */
export function watchOver(sandbox: Sandbox, atOnce?: number): Watch {
  const { clock, aws } = sandbox;
  const { custom } = readServerlessFile();
  const all = readAlarms({ params: { ALARM_TOPIC } });
  const requestsPerSecond = atOnce ?? Number(custom.deployment.REQUESTS_PER_SECOND);
  const metrics = cloudWatchMetrics();
  const alarms = cloudWatchAlarms(all, metrics);
  const throttled = new Set<FunctionName>();

  const put = (namespace: string, name: string, dimensions: Record<string, string>, value = 1) =>
    metrics.put({ namespace, name, dimensions }, value, clock.now());

  function count(functions: Functions): void {
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
          put('AWS/Lambda', 'Throttles', dimensions);
          throw new Error('TooManyRequestsException: Rate Exceeded.');
        }
        put('AWS/Lambda', 'Invocations', dimensions);
        try {
          return await deployed.invoke(event);
        } catch (error) {
          put('AWS/Lambda', 'Errors', dimensions);
          throw error;
        } finally {
          for (; read < deployed.logs.length; read += 1) metrics.readLine(deployed.logs[read] ?? '');
        }
      };
    }
  }

  let burst = { at: 0, used: 0 };

  /** API Gateway turns away what is more at once than the stage allows, and answers where the function does not. */
  async function throughApi(invoke: () => Promise<unknown>): Promise<unknown> {
    const at = clock.now();
    burst = { at, used: burst.at === at ? burst.used + 1 : 1 };
    const tooMany = { statusCode: 429, body: '{"message":"Too Many Requests"}' };
    const answer = burst.used > requestsPerSecond ? Promise.resolve(tooMany) : invoke();
    const { statusCode } = Object(await answer.catch(() => ({ statusCode: 500 })));
    const metric = statusCode >= 500 ? '5xx' : statusCode >= 400 ? '4xx' : undefined;
    if (metric) put('AWS/ApiGateway', metric, { ApiId: 'HttpApi' });
    return answer;
  }

  function countQueues(): void {
    const now = clock.now();
    for (const { settings, messages } of aws.sqs.state.queues.values()) {
      const visible = messages.filter(({ visibleAt }) => visibleAt <= now);
      const sent = messages.filter(({ receiveCount }) => receiveCount <= OFTEN).map(({ sentAt }) => sentAt);
      const dimensions = { QueueName: settings.name };
      put('AWS/SQS', 'ApproximateNumberOfMessagesVisible', dimensions, visible.length);
      put(
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        dimensions,
        sent.length > 0 ? (now - Math.min(...sent)) / 1000 : 0,
      );
    }
  }

  count(sandbox.functions);
  return {
    metrics,
    alarms,
    telling: all.filter(({ AlarmActions }) => AlarmActions),
    throttled,
    count,
    minute() {
      countQueues();
      clock.advance(MINUTE);
      alarms.evaluate(clock.now());
    },
    look() {
      countQueues();
      // What has just been counted is not yet past.
      alarms.evaluate(clock.now() + 1);
    },
  };
}
