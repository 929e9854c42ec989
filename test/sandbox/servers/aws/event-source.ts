// Lambda's event source mappings: hands what is visible in the queues to the functions, and deletes what was done.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from '../../clock.ts';
import type { Queue } from './queue.ts';
import { type Message, md5, systemAttributes } from './queue-message.ts';
import { AwsError } from './service.ts';
import type { Sqs } from './sqs.ts';

export interface Mapping {
  queueName: string;
  batchSize: number;
  /** The function, which reports batch item failures. */
  invoke: (event: SQSEvent) => Promise<unknown>;
}

/** Messages that are in flight. */
export interface Taken {
  messageIds: string[];
  /** Hands them to the function; what comes back deletes those that were done. */
  run(): Promise<() => void>;
}

export interface Delivery {
  /** The next batch that is visible. */
  take(): Taken | undefined;
  /** Delivers until nothing is visible any more; how many messages that were. */
  pump(): Promise<number>;
  /** When the next message now in flight becomes visible. */
  nextVisibleAt(): number | undefined;
  /** Lets `pump` deliver a message once more, even one that was deleted: SQS promises at least once, no more. */
  deliverAgain(messageId: string): void;
  /** What the functions threw; Lambda would have logged it. */
  readonly thrown: readonly { queueName: string; messageIds: string[]; error: unknown }[];
}

/** One batch at a time, in the mappings' order. */
export function delivery(clock: Clock, sqs: Pick<Sqs, 'state'>, mappings: Mapping[]): Delivery {
  const thrown: { queueName: string; messageIds: string[]; error: unknown }[] = [];
  const sources = mappings.map((mapping) => ({ mapping, queue: theQueue(sqs, mapping.queueName) }));

  /** Receiving puts messages in flight at once, so no two polls can hand out the same one. */
  function take(): Taken | undefined {
    for (const { mapping, queue } of sources) {
      const messages = queue.receive({ max: mapping.batchSize, oneGroup: queue.settings.fifo });
      refuseEndless(messages);
      const messageIds = messages.map(({ id }) => id);
      if (messages.length > 0) return { messageIds, run: () => handOver({ mapping, queue, messages }) };
    }
    return undefined;
  }

  async function handOver({ mapping, queue, messages }: Batch): Promise<() => void> {
    const messageIds = messages.map(({ id }) => id);
    let failed = messageIds;
    try {
      failed = failures(await mapping.invoke(eventOf(queue, messages)), messageIds);
    } catch (error) {
      thrown.push({ queueName: mapping.queueName, messageIds, error });
    }
    return () => {
      for (const { id, handle = '' } of messages) if (!failed.includes(id)) acknowledge(queue, handle);
    };
  }

  return {
    thrown,
    take,
    async pump() {
      let count = 0;
      for (let batch = take(); batch; batch = take()) {
        const deleteDone = await batch.run();
        deleteDone();
        count += batch.messageIds.length;
      }
      return count;
    },
    nextVisibleAt() {
      const times = sources.flatMap(({ queue }) => queue.messages.map(({ visibleAt }) => visibleAt));
      const later = times.filter((at) => at > clock.now());
      return later.length > 0 ? Math.min(...later) : undefined;
    },
    deliverAgain(messageId) {
      if (!sources.some(({ queue }) => queue.bringBack(messageId)))
        throw new Error(`no message ${messageId} was ever delivered here`);
    },
  };
}

interface Batch {
  mapping: Mapping;
  queue: Queue;
  messages: Message[];
}

function theQueue({ state }: Pick<Sqs, 'state'>, name: string): Queue {
  const queue = state.queues.get(name);
  if (!queue) throw new Error(`there is no queue called ${name}`);
  return queue;
}

/**
 * Lambda Developer Guide, "Implementing partial batch responses": nothing listed is a success; an identifier that
 * is not one of the batch fails it all; what is not listed is deleted, whatever the order.
 */
function failures(result: unknown, messageIds: string[]): string[] {
  const listed = (result as SQSBatchResponse | undefined | null)?.batchItemFailures ?? [];
  const ids = listed.map(({ itemIdentifier }) => itemIdentifier);
  return ids.every((id) => messageIds.includes(id)) ? ids : messageIds;
}

/** A function that took longer than the visibility timeout has lost its handle: the message comes again. */
function acknowledge(queue: Queue, handle: string): void {
  try {
    queue.delete(handle);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** Time stands still while pumping: a message that is made visible at once each time would never end it. */
function refuseEndless(messages: Message[]): void {
  const endless = messages.find(({ receiveCount }) => receiveCount > 1000);
  if (endless) throw new Error(`message ${endless.id} was delivered a thousand times: ${endless.body}`);
}

/** Crosses to the function as JSON does: without what is undefined, and shared with nobody. */
function eventOf(queue: Queue, messages: Message[]): SQSEvent {
  const records = messages.map(
    (message): SQSRecord => ({
      messageId: message.id,
      receiptHandle: message.handle ?? '',
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: {},
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: queue.arn.split(':')[3] ?? '',
    }),
  );
  return JSON.parse(JSON.stringify({ Records: records }));
}
