// A message in an SQS queue, and the names it goes by: its id, its receipt handles, its system attributes.
import { createHash } from 'node:crypto';
import type { SQSRecordAttributes } from 'aws-lambda';

export interface Draft {
  body: string;
  groupId?: string | undefined;
  deduplicationId?: string | undefined;
  senderId: string;
}

export interface Message extends Draft {
  id: string;
  /** FIFO only. */
  sequenceNumber?: string;
  sentAt: number;
  /** In flight until then. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  receivedAt?: number;
  /** The handle of the last receive. */
  handle?: string;
  deadLetterSourceArn?: string;
}

/** Handles of one queue are of no use with another. */
export function handleOf({ id, receiveCount }: Message, queueArn: string): string {
  return Buffer.from(`${id} ${receiveCount} ${queueArn}`).toString('base64');
}

/** The message id in a receipt handle, or undefined when this queue never gave it out. */
export function idIn(handle: string, queueArn: string): string | undefined {
  const [id, , arn] = Buffer.from(handle, 'base64').toString().split(' ');
  return arn === queueArn ? id : undefined;
}

/** All of them strings, as Lambda's records show them. */
export function systemAttributes(message: Message): SQSRecordAttributes {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SequenceNumber: message.sequenceNumber,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/** Random-looking, and the same in every run. */
export function messageId(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
