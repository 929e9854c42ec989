// Jobs on their way to the worker and the sweeper, over SQS.
import { type BatchResultErrorEntry, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { OutsideError } from '../../usecases/errors.ts';
import type { SlackJob, WorkerJob } from '../../usecases/jobs.ts';
import type { Jobs } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';
import { type Entry, inBatches, type Message } from './batches.ts';
import { writeJob } from './job-schema.ts';
import { deduplicationOf, groupOf } from './message-ids.ts';

export interface JobsOptions {
  client: SQSClient;
  upkeepUrl: string;
  sweepsUrl: string;
}

const SEND = 'SendMessageBatch';

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

/** What Slack's request asks for only says where the request stands in the queue. Throws OutsideError. */
export function sqsPresses(
  client: SQSClient,
  url: string,
): (job: SlackJob, request: string) => Promise<void> {
  return (job, request) => sendAll(client, url, [inOrder(job, request)]);
}

function inOrder(job: WorkerJob, body: string): Message {
  return {
    MessageBody: body,
    MessageGroupId: groupOf(job),
    MessageDeduplicationId: deduplicationOf(job),
  };
}

async function sendAll(client: SQSClient, queueUrl: string, messages: Message[]): Promise<void> {
  for (const batch of inBatches(messages)) await sendBatch(client, queueUrl, batch);
}

/** SQS answers for each message on its own. Sending one again is harmless: jobs are safe to repeat. */
async function sendBatch(client: SQSClient, queueUrl: string, batch: Entry[]): Promise<void> {
  const failed = await send(client, queueUrl, batch);
  if (failed.length === 0) return;
  const again = batch.filter(({ Id }) => failed.some((failure) => failure.Id === Id));
  const [failure] = await send(client, queueUrl, again);
  if (failure) throw notSent(failure);
}

async function send(client: SQSClient, QueueUrl: string, Entries: Entry[]): Promise<BatchResultErrorEntry[]> {
  const answer = await calling(SEND, client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
  return answer.Failed ?? [];
}

function notSent({ Code, SenderFault, Message: message }: BatchResultErrorEntry): OutsideError {
  const cause = new Error(message);
  return new OutsideError(SenderFault ? 'refused' : 'unknown', SEND, Code ?? 'Unknown', { cause });
}
