// What each action of Amazon SQS does to the queues.
import { SECOND } from '../../clock.ts';
import { unemulated } from './conditions.ts';
import type { Queue } from './queue.ts';
import { md5 } from './queue-message.ts';
import { AwsError, type Caller, type Permission } from './service.ts';
import { batchEntries, integer, readDraft, text } from './sqs-parameters.ts';
import { type SqsStore, theQueue } from './sqs-store.ts';

type Input = Record<string, unknown>;
export type SqsAction = (input: Input, store: SqsStore, caller: Caller) => Record<string, unknown>;

export const SQS_ACTIONS: Record<string, SqsAction> = {
  SendMessage: (input, store, caller) => send(theQueue(store, input), input, caller),
  SendMessageBatch: sendBatch,
  ChangeMessageVisibility(input, store) {
    const seconds =
      integer(input, 'VisibilityTimeout', 0, 43_200) ?? Number(text(input, 'VisibilityTimeout'));
    theQueue(store, input).changeVisibility(text(input, 'ReceiptHandle'), seconds);
    return {};
  },
  GetQueueAttributes(input, store) {
    const names = (input.AttributeNames ?? []) as string[];
    for (const name of names) if (!ATTRIBUTES.includes(name)) throw unemulated(name);
    const { messages, arn, settings } = theQueue(store, input);
    const visible = messages.filter(({ visibleAt }) => visibleAt <= store.clock.now()).length;
    const all = [String(visible), arn, settings.policy && JSON.stringify(settings.policy)];
    const told = ATTRIBUTES.map((name, i) => [name, all[i]]).filter(([name = '']) => names.includes(name));
    // Without a name, no attribute is told.
    return told.length > 0 ? { Attributes: Object.fromEntries(told) } : {};
  },
  /** "To remove the policy, set it to nothing." */
  SetQueueAttributes(input, store) {
    const { Policy, ...others } = (input.Attributes ?? {}) as Record<string, string>;
    if (Policy === undefined || Object.keys(others).length > 0) throw unemulated(Object.keys(others).join());
    theQueue(store, input).settings.policy = Policy === '' ? undefined : JSON.parse(Policy);
    return {};
  },
  PurgeQueue(input, store) {
    theQueue(store, input).purge();
    return {};
  },
  ListMessageMoveTasks(input, store) {
    const arn = text(input, 'SourceArn');
    const most = integer(input, 'MaxResults', 1, 10) ?? 1;
    const moves = deadLettersAt(store, arn).moves.toReversed().slice(0, most);
    return {
      Results: moves.map(({ startedAt, count }) => ({
        SourceArn: arn,
        StartedTimestamp: startedAt,
        ApproximateNumberOfMessagesToMove: count,
        ApproximateNumberOfMessagesMoved: count,
        ...(isRunning(store, startedAt)
          ? { Status: 'RUNNING', TaskHandle: `task-${startedAt}` }
          : { Status: 'COMPLETED' }),
      })),
    };
  },
  /** All at once; yet for a second it counts as running. */
  StartMessageMoveTask(input, store) {
    const arn = text(input, 'SourceArn');
    const dead = deadLettersAt(store, arn);
    const sources = sourcesOf(store, arn);
    if (sources.length === 0) throw invalid('Source queue must be configured as a Dead Letter Queue.');
    const now = store.clock.now();
    if (dead.moves.some(({ startedAt }) => isRunning(store, startedAt)))
      throw invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    dead.moves.push({ startedAt: now, count: dead.messages.length });
    for (const { id, body, groupId, senderId, deadLetterSourceArn } of dead.messages) {
      const source = sources.find((queue) => queue.arn === deadLetterSourceArn);
      // "When a message is moved from a FIFO queue …, the deduplication ID will be replaced with the message's ID."
      source?.send({ body, groupId, senderId, ...(source.settings.fifo && { deduplicationId: id }) });
    }
    dead.purge();
    return { TaskHandle: `task-${now}` };
  },
};

/**
 * Developer Guide, "Configuring queue permissions for dead-letter queue redrive": what whoever starts it must be allowed
 * besides, on the dead-letter queue and on those to which messages go.
 */
export function movingTakes(store: SqsStore, { SourceArn }: Input): Permission[] {
  const resource = String(SourceArn);
  const onSource = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return [
    ...onSource.map((action) => ({ action, resource })),
    ...sourcesOf(store, resource).map(({ arn }) => ({ action: 'sqs:SendMessage', resource: arn })),
  ];
}

function deadLettersAt({ queues }: SqsStore, arn: string): Queue {
  const dead = [...queues.values()].find((queue) => queue.arn === arn);
  if (dead) return dead;
  throw new AwsError('ResourceNotFoundException', "The resource that you specified doesn't exist.", 404);
}

function isRunning({ clock }: SqsStore, startedAt: number): boolean {
  return clock.now() - startedAt < SECOND;
}

function sourcesOf({ queues }: SqsStore, deadLetterArn: string): Queue[] {
  const name = deadLetterArn.split(':').at(-1);
  return [...queues.values()].filter(({ settings }) => settings.redrive?.deadLetterQueueName === name);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

const ATTRIBUTES = ['ApproximateNumberOfMessages', 'QueueArn', 'Policy'];

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
