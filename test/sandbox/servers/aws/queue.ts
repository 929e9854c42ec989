// One SQS queue: what is visible, what is in flight, what was sent twice, and what has been tried too often.
import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../clock.ts';
import { type Draft, handleOf, idIn, type Message, messageId } from './queue-message.ts';
import { AwsError, type PolicyDocument } from './service.ts';

export interface QueueSettings {
  /** Ends in `.fifo` exactly when `fifo`. */
  name: string;
  fifo: boolean;
  visibilityTimeoutSeconds: number;
  redrive?: { deadLetterQueueName: string; maxReceiveCount: number };
  policy?: PolicyDocument | undefined;
}

export interface Queue {
  readonly arn: string;
  readonly settings: QueueSettings;
  /** What is in the queue, visible or not, in the order sent. */
  readonly messages: readonly Message[];
  /** When its dead letters were put back, and how many. */
  readonly moves: { startedAt: number; count: number }[];
  /** The new message, or the first one when this one is a duplicate. */
  send(draft: Draft): Message;
  receive(wish: { max: number; oneGroup?: boolean }): Message[];
  delete(handle: string): void;
  changeVisibility(handle: string, seconds: number): void;
  purge(): void;
  /** Puts a message back that was received or even deleted, as at-least-once delivery may. False when there was none. */
  bringBack(id: string): boolean;
  /** Takes in what another queue gave up on. */
  bury(message: Message, sourceArn: string): void;
}

/** SendMessage, MessageDeduplicationId: "the 5-minute deduplication interval", kept even after the message is deleted. */
const DEDUPLICATION_INTERVAL = 5 * MINUTE;
/** CreateQueue, MessageRetentionPeriod: when nothing is said. */
const RETENTION = 4 * DAY;
/** ChangeMessageVisibility: at most 12 hours from the receive, however often it is extended. */
const LONGEST_IN_FLIGHT = 12 * HOUR;

export function openQueue(clock: Clock, arn: string, settings: QueueSettings, deadLetters?: Queue): Queue {
  const { fifo, redrive, visibilityTimeoutSeconds } = settings;
  const messages: Message[] = [];
  const deleted = new Map<string, Message>();
  const sent = new Map<string, Message>();
  let count = 0;

  function send(draft: Draft): Message {
    const now = clock.now();
    const first = draft.deduplicationId === undefined ? undefined : sent.get(draft.deduplicationId);
    if (first && now - first.sentAt < DEDUPLICATION_INTERVAL) return first;
    count += 1;
    const message: Message = {
      ...draft,
      id: messageId(`${arn} ${count}`),
      ...(fifo && { sequenceNumber: String(count).padStart(20, '0') }),
      sentAt: now,
      visibleAt: now,
      receiveCount: 0,
    };
    messages.push(message);
    if (draft.deduplicationId !== undefined) sent.set(draft.deduplicationId, { ...message });
    return message;
  }

  /** FIFO delivery logic: while one message of a group is in flight, no other of that group is given out. */
  function deliverable(now: number): Message[] {
    const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
    const busy = new Set(fifo ? hidden.map(({ groupId }) => groupId) : []);
    return messages.filter(({ visibleAt, groupId }) => visibleAt <= now && !busy.has(groupId));
  }

  function receive({ max, oneGroup }: Wish): Message[] {
    const now = clock.now();
    for (const old of messages.filter(({ sentAt }) => now - sentAt >= RETENTION)) remove(old);
    const taken: Message[] = [];
    for (const message of deliverable(now)) {
      if (taken.length === max) break;
      if (oneGroup && taken[0] && taken[0].groupId !== message.groupId) continue;
      if (!givenUp(message)) taken.push(hand(message, now));
    }
    return taken;
  }

  /** "When the ReceiveCount for a message exceeds maxReceiveCount, SQS moves it to the dead-letter queue." */
  function givenUp(message: Message): boolean {
    if (!redrive || !deadLetters || message.receiveCount < redrive.maxReceiveCount) return false;
    remove(message);
    deadLetters.bury(message, arn);
    return true;
  }

  function hand(message: Message, now: number): Message {
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.receivedAt = now;
    message.visibleAt = now + visibilityTimeoutSeconds * SECOND;
    message.handle = handleOf(message, arn);
    return { ...message };
  }

  function remove(message: Message): void {
    messages.splice(messages.indexOf(message), 1);
  }

  function byHandle(handle: string): Message | undefined {
    const id = idIn(handle, arn);
    if (id === undefined)
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not valid.`, 404);
    return messages.find((message) => message.id === id);
  }

  return {
    arn,
    settings,
    messages,
    moves: [],
    send,
    receive,
    delete(handle) {
      const message = byHandle(handle);
      if (!message) return;
      // DeleteMessage: an old handle of a standard queue may do nothing; a FIFO queue refuses one that is over.
      if (fifo && (message.handle !== handle || message.visibleAt <= clock.now()))
        throw badHandle(handle, 'The receipt handle has expired.');
      if (message.handle !== handle) return;
      remove(message);
      deleted.set(message.id, message);
    },
    changeVisibility(handle, seconds) {
      const message = byHandle(handle);
      if (message?.handle !== handle)
        throw badHandle(handle, 'Message does not exist or is not available for visibility timeout change.');
      const now = clock.now();
      if (message.visibleAt <= now)
        throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
      const visibleAt = now + seconds * SECOND;
      if (visibleAt > (message.receivedAt ?? now) + LONGEST_IN_FLIGHT)
        throw new AwsError(
          'InvalidParameterValue',
          `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
        );
      message.visibleAt = visibleAt;
    },
    purge: () => void messages.splice(0),
    bringBack(id) {
      const message = messages.find((each) => each.id === id) ?? deleted.get(id);
      if (!message) return false;
      message.visibleAt = clock.now();
      if (deleted.delete(id)) messages.unshift(message);
      return true;
    },
    bury(message, sourceArn) {
      const now = clock.now();
      // "Setting-up dead-letter queue retention": a FIFO queue counts the message's age anew, a standard queue does not.
      const sentAt = fifo ? now : message.sentAt;
      messages.push({ ...message, sentAt, visibleAt: now, deadLetterSourceArn: sourceArn });
    },
  };
}

type Wish = Parameters<Queue['receive']>[0];

function badHandle(handle: string, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
  );
}
