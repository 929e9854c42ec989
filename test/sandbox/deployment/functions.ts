// The four bundled functions with their roles' credentials, and the queues that wake them.

import type { Clock } from '../clock.ts';
import { type Delivery, delivery } from '../servers/aws/event-source.ts';
import type { Iam } from '../servers/aws/iam.ts';
import type { Credentials } from '../servers/aws/sigv4.ts';
import type { Sqs } from '../servers/aws/sqs.ts';
import { bundleHandlers } from './bundle.ts';
import { SANDBOX_REGION } from './cloudformation.ts';
import { type LambdaFunction, type LambdaSettings, lambdaFunction } from './lambda.ts';
import { type FunctionName, type Queue, readServerlessFile } from './serverless-file.ts';

export interface Surroundings extends Pick<LambdaSettings, 'stdout'> {
  clock: Clock;
  /** Knows a role of each function's name. */
  iam: Iam;
  region?: string;
  awsUrl: string;
  /** A server in Slack's place. */
  slackUrl?: string;
  /** What the deployment sets. */
  environment: Record<string, string>;
  impatience?: Impatience;
}

/** `isPause`: see LambdaSettings. */
export interface Impatience {
  isPause(ms: number): boolean;
  /** Calls `then` whenever somebody waits for an answer that will not come. */
  whenHopeless(then: () => void): void;
}

export type Functions = Record<FunctionName, LambdaFunction>;

export async function startFunctions(given: Surroundings): Promise<Functions> {
  const bundles = await bundleHandlers();
  const { functions, custom } = readServerlessFile();
  const start = (name: FunctionName): LambdaFunction =>
    lambdaFunction({
      name: `${custom.name}-${name}`,
      code: bundles[name].code,
      clock: given.clock,
      timeoutSeconds: functions[name].timeout,
      ...(given.impatience && { isPause: given.impatience.isPause }),
      ...(given.stdout && { stdout: given.stdout }),
      env: variablesOf(name, given),
    });
  const started = {
    slack: start('slack'),
    worker: start('worker'),
    sweeper: start('sweeper'),
    scheduler: start('scheduler'),
  };
  const all = Object.values(started);
  given.impatience?.whenHopeless(() => {
    for (const { giveUp } of all) giveUp();
  });
  return started;
}

/** The whole environment of a function: what the deployment sets, what Lambda does, and where the servers are. */
export function variablesOf(name: FunctionName, given: Surroundings): Record<string, string> {
  return {
    ...given.environment,
    ...credentialVariables(given.iam.session(name, name)),
    AWS_REGION: given.region ?? SANDBOX_REGION,
    AWS_LAMBDA_FUNCTION_NAME: `${readServerlessFile().custom.name}-${name}`,
    // The deployed runtime is newer than the Node.js of whoever plays here.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL: given.awsUrl,
    ...(given.slackUrl && { SLACK_API_URL: `${given.slackUrl}/api/` }),
  };
}

export function deliverTo(functions: Functions, queues: Queue[], sqs: Sqs, clock: Clock): Delivery {
  const mappings = queues.flatMap(({ name, wakes }) => {
    if (!wakes) return [];
    // Without the setting Lambda ignores which messages failed, and deletes them all.
    const invoke = async (event: unknown) => {
      const answer = await functions[wakes.function].invoke(event);
      return wakes.reportsItemFailures ? answer : undefined;
    };
    return [{ queueName: name, batchSize: wakes.batchSize, invoke }];
  });
  return delivery(clock, sqs, mappings);
}

function credentialVariables({ accessKeyId, secretAccessKey, sessionToken = '' }: Credentials) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
