// Messages on their way over SQS, in order with others of their job's kind; among them what the slack function queues.
// Apart from sqs-jobs.ts, so that this function does not make the schemas of jobs.
import { type BatchResultErrorEntry, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { OutsideError } from '../../usecases/errors.ts';
import type { SlackJob, WorkerJob } from '../../usecases/jobs.ts';
import { calling } from '../sdk-error.ts';
import { type Entry, inBatches, type Message } from './batches.ts';
import { deduplicationOf, groupOf } from './message-ids.ts';

const SEND = 'SendMessageBatch';

/** What Slack's request asks for only says where the request stands in the queue. Throws OutsideError. */
export function sqsPresses(
  client: SQSClient,
  url: string,
): (job: SlackJob, request: string) => Promise<void> {
  return (job, request) => sendAll(client, url, [inOrder(job, request)]);
}

export function inOrder(job: WorkerJob, body: string): Message {
  return {
    MessageBody: body,
    MessageGroupId: groupOf(job),
    MessageDeduplicationId: deduplicationOf(job),
  };
}

export async function sendAll(client: SQSClient, queueUrl: string, messages: Message[]): Promise<void> {
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
