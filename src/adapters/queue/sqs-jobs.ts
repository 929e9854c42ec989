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
import type { SlackJob, WorkerJob } from '../../usecases/jobs.ts';
import type { Jobs } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';
import { type Entry, inBatches, type Message } from './batches.ts';
import { writeJob } from './job-schema.ts';
import { deduplicationOf, groupOf } from './message-ids.ts';

export interface JobsOptions {
  client: SQSClient;
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
  upkeepUrl,
  sweepsUrl,
  deadLetterUrls,
  scheduledDeadUrl,
}: JobsOptions): Jobs {
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
