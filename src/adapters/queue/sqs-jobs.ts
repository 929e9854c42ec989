// Jobs on their way to the worker and the sweeper, over SQS.
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Jobs } from '../../usecases/ports.ts';
import { writeJob } from './job-schema.ts';
import { inOrder, sendAll } from './sqs-presses.ts';

export interface JobsOptions {
  client: SQSClient;
  upkeepUrl: string;
  sweepsUrl: string;
}

export function sqsJobs({ client, upkeepUrl, sweepsUrl }: JobsOptions): Jobs {
  return {
    put: (jobs) =>
      sendAll(
        client,
        upkeepUrl,
        jobs.map((job) => inOrder(job, writeJob(job))),
      ),
    sweep: (jobs) =>
      sendAll(
        client,
        sweepsUrl,
        jobs.map((job) => ({ MessageBody: writeJob(job) })),
      ),
  };
}
