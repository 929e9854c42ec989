// A function that cannot use its settings asks the worker to say so, with what of them can be used.
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsJobs } from '../adapters/queue/sqs-jobs.ts';
import { MINUTE } from '../domain/time.ts';
import { AWS_CALL, logFor } from './compose.ts';
import { BadConfiguration } from './config.ts';

/** So many ticks, checks and tries are told as one. */
const TELL_AS_ONE = 5 * MINUTE;

/** Throws what it is given: an alarm rings for that, whether or not anybody could be told. */
export async function tellThroughWorker(error: unknown): Promise<never> {
  if (!(error instanceof BadConfiguration)) throw error;
  const { UPKEEP_QUEUE_URL: upkeepUrl, AWS_LAMBDA_FUNCTION_NAME: functionName = '' } = error.usable;
  if (upkeepUrl === undefined) throw error;
  const client = new SQSClient(AWS_CALL);
  const at = Date.now();
  const id = `settings/${functionName}@${Math.floor(at / TELL_AS_ONE)}`;
  const settings = { functionName, problems: [...error.problems], at };
  await sqsJobs({ client, upkeepUrl, sweepsUrl: '' })
    .put([{ kind: 'watchHealth', id, settings }])
    .catch((failure) => logFor({ functionName }).error('settings.notTold', { error: failure }));
  throw error;
}
