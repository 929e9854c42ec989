// Jobs on their way to the worker and the sweeper, over SQS.
import {
  type BatchResultErrorEntry,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { OutsideError } from '../../usecases/errors.ts';
import type { Jobs } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';
import { type Entry, inBatches, type Message } from './batches.ts';
import { writeJob } from './job-schema.ts';
import { deduplicationOf, groupOf } from './message-ids.ts';

export interface JobsOptions {
  client: SQSClient;
  clicksUrl: string;
  upkeepUrl: string;
  sweepsUrl: string;
  deadLetterUrls: readonly string[];
  /** Of what the schedules set off in vain. It is no queue's, so that SQS puts nothing back from there. */
  scheduledDeadUrl: string;
}

const SEND = 'SendMessageBatch';
/** SQS documents none of its own for a queue from which messages are being moved; it was seen to answer the first. */
const RUNS_ALREADY = ['InvalidParameterValue', 'UnsupportedOperation'];
/** PurgeQueue: once in 60 seconds. */
const PURGED_JUST_NOW = ['PurgeQueueInProgress'];

export function sqsJobs({
  client,
  clicksUrl,
  upkeepUrl,
  sweepsUrl,
  deadLetterUrls,
  scheduledDeadUrl,
}: JobsOptions): Jobs {
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

  async function messagesIn(QueueUrl: string): Promise<{ count: number; arn: string | undefined }> {
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'QueueArn'],
    });
    const { Attributes } = await calling('GetQueueAttributes', client.send(command));
    return { count: Number(Attributes?.ApproximateNumberOfMessages ?? 0), arn: Attributes?.QueueArn };
  }

  /** Whether it was started; one that runs already is not started again. */
  async function startMoving(SourceArn: string | undefined): Promise<boolean> {
    const command = new StartMessageMoveTaskCommand({ SourceArn });
    const answer = await callingUnless(RUNS_ALREADY, 'StartMessageMoveTask', client.send(command));
    return answer !== undefined;
  }

  return {
    async givenUp() {
      const all = await Promise.all([...deadLetterUrls, scheduledDeadUrl].map(messagesIn));
      return all.reduce((sum, { count }) => sum + count, 0);
    },
    async redrive() {
      const redriven = { started: 0, underWay: 0, letGo: 0 };
      for (const url of deadLetterUrls) {
        const { count, arn } = await messagesIn(url);
        if (count > 0) redriven[(await startMoving(arn)) ? 'started' : 'underWay'] += count;
      }
      redriven.letGo = (await messagesIn(scheduledDeadUrl)).count;
      const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: scheduledDeadUrl }));
      if (redriven.letGo > 0) await callingUnless(PURGED_JUST_NOW, 'PurgeQueue', purge());
      return redriven;
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
