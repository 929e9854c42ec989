// What each action of Amazon SQS does to the queues.
import { MINUTE } from '../../clock.ts';
import type { Queue } from './queue.ts';
import { md5, systemAttributes } from './queue-message.ts';
import { AwsError, type Caller } from './service.ts';
import { batchEntries, integer, MAX_BYTES, readDraft, text } from './sqs-parameters.ts';
import { arnOf, noQueue, type SqsStore, theQueue, urlOf } from './sqs-store.ts';

type Input = Record<string, unknown>;
export type SqsAction = (input: Input, store: SqsStore, caller: Caller) => Record<string, unknown>;

export const SQS_ACTIONS: Record<string, SqsAction> = {
  SendMessage: (input, store, caller) => send(theQueue(store, input), input, caller),
  SendMessageBatch: sendBatch,
  ReceiveMessage: receive,
  DeleteMessage(input, store) {
    theQueue(store, input).delete(text(input, 'ReceiptHandle'));
    return {};
  },
  ChangeMessageVisibility(input, store) {
    const seconds =
      integer(input, 'VisibilityTimeout', 0, 43_200) ?? Number(text(input, 'VisibilityTimeout'));
    theQueue(store, input).changeVisibility(text(input, 'ReceiptHandle'), seconds);
    return {};
  },
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl(input, store) {
    const queue = store.queues.get(text(input, 'QueueName'));
    if (!queue || (input.QueueOwnerAWSAccountId ?? store.place.account) !== store.place.account)
      throw noQueue();
    return { QueueUrl: urlOf(store.place, queue.settings.name) };
  },
  PurgeQueue: purge,
};

function send(queue: Queue, input: Input, caller: Caller): Record<string, unknown> {
  const draft = readDraft(queue.settings, input, caller.userId);
  const { id, sequenceNumber } = queue.send(draft);
  return { MessageId: id, MD5OfMessageBody: md5(draft.body), SequenceNumber: sequenceNumber };
}

/** SendMessageBatch: "the result of sending each message is reported individually". */
function sendBatch(input: Input, store: SqsStore, caller: Caller): Record<string, unknown> {
  const queue = theQueue(store, input);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of batchEntries(input)) {
    try {
      Successful.push({ Id: entry.Id, ...send(queue, entry, caller) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

/** WaitTimeSeconds is accepted and not waited for: time stands still here. */
function receive(input: Input, store: SqsStore): Record<string, unknown> {
  integer(input, 'WaitTimeSeconds', 0, 20);
  const messages = theQueue(store, input).receive({
    max: integer(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibilitySeconds: integer(input, 'VisibilityTimeout', 0, 43_200),
  });
  const names = [input.MessageSystemAttributeNames ?? [], input.AttributeNames ?? []].flat();
  if (messages.length === 0) return {};
  return {
    Messages: messages.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.handle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: chosen(systemAttributes(message), names),
    })),
  };
}

function getQueueAttributes(input: Input, store: SqsStore): Record<string, unknown> {
  const queue = theQueue(store, input);
  const { settings, messages } = queue;
  const now = store.clock.now();
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const redrive = settings.redrive && {
    deadLetterTargetArn: arnOf(store.place, settings.redrive.deadLetterQueueName),
    maxReceiveCount: settings.redrive.maxReceiveCount,
  };
  const all = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.filter((each) => each.receiveCount > 0).length),
    ApproximateNumberOfMessagesDelayed: String(hidden.filter((each) => each.receiveCount === 0).length),
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(settings.retentionSeconds ?? 345_600),
    MaximumMessageSize: String(MAX_BYTES),
    DelaySeconds: '0',
    ...(settings.fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: String(settings.contentBasedDeduplication ?? false),
    }),
    ...(redrive && { RedrivePolicy: JSON.stringify(redrive) }),
  };
  return { Attributes: chosen(all, (input.AttributeNames ?? []) as unknown[]) };
}

/** PurgeQueue: "you can't use it twice within 60 seconds on one queue". */
function purge(input: Input, store: SqsStore): Record<string, unknown> {
  const queue = theQueue(store, input);
  const now = store.clock.now();
  if (now - (store.purgedAt.get(queue) ?? Number.NEGATIVE_INFINITY) < MINUTE)
    throw new AwsError(
      'PurgeQueueInProgress',
      'Only one PurgeQueue operation is allowed every 60 seconds.',
      403,
    );
  store.purgedAt.set(queue, now);
  queue.purge();
  return {};
}

/** "All", or some by name; what is not asked for is not told. */
function chosen(all: object, names: unknown[]): object | undefined {
  if (names.length === 0) return undefined;
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
