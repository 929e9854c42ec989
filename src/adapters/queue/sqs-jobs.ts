// Jobs on their way to the worker and the sweeper, over SQS.
import {
  type BatchResultErrorEntry,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { OutsideError } from '../../usecases/errors.ts';
import type { Jobs } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';
import { type Entry, inBatches, type Message } from './batches.ts';
import { writeJob } from './job-schema.ts';
import { deduplicationOf, groupOf } from './message-ids.ts';

export interface JobsOptions {
  client: SQSClient;
  clicksUrl: string;
  upkeepUrl: string;
  sweepsUrl: string;
  deadLetterUrls: readonly string[];
}

const SEND = 'SendMessageBatch';

export function sqsJobs({ client, clicksUrl, upkeepUrl, sweepsUrl, deadLetterUrls }: JobsOptions): Jobs {
  const urls = { clicks: clicksUrl, upkeep: upkeepUrl };

  async function sendAll(queueUrl: string, messages: Message[]): Promise<void> {
    for (const batch of inBatches(messages)) await sendBatch(queueUrl, batch);
  }

  /** SQS answers for each message on its own. Sending one again is harmless: jobs are safe to repeat. */
  async function sendBatch(queueUrl: string, batch: Entry[]): Promise<void> {
    const failed = await send(queueUrl, batch);
    if (failed.length === 0) return;
    const again = batch.filter(({ Id }) => failed.some((failure) => failure.Id === Id));
    const [failure] = await send(queueUrl, again);
    if (failure) throw notSent(failure);
  }

  async function send(QueueUrl: string, Entries: Entry[]): Promise<BatchResultErrorEntry[]> {
    const answer = await calling(SEND, client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    return answer.Failed ?? [];
  }

  async function messagesIn(QueueUrl: string): Promise<number> {
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes } = await calling('GetQueueAttributes', client.send(command));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  return {
    async givenUp() {
      const counts = await Promise.all(deadLetterUrls.map(messagesIn));
      return counts.reduce((sum, each) => sum + each, 0);
    },
    put: (queue, jobs) =>
      sendAll(
        urls[queue],
        jobs.map((job) => ({
          MessageBody: writeJob(job),
          MessageGroupId: groupOf(job),
          MessageDeduplicationId: deduplicationOf(job),
        })),
      ),
    sweep: (jobs) =>
      sendAll(
        sweepsUrl,
        jobs.map((job) => ({ MessageBody: writeJob(job) })),
      ),
  };
}

function notSent({ Code, SenderFault, Message: message }: BatchResultErrorEntry): OutsideError {
  const cause = new Error(message);
  return new OutsideError(SenderFault ? 'refused' : 'unknown', SEND, Code ?? 'Unknown', { cause });
}
