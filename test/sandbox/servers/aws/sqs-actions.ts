// What each action of Amazon SQS does to the queues.
import { unemulated } from './conditions.ts';
import type { Queue } from './queue.ts';
import { md5 } from './queue-message.ts';
import { AwsError, type Caller } from './service.ts';
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
    for (const name of names) if (name !== VISIBLE) throw unemulated(name);
    const { messages } = theQueue(store, input);
    const visible = messages.filter(({ visibleAt }) => visibleAt <= store.clock.now()).length;
    // Without a name, no attribute is told.
    return names.length > 0 ? { Attributes: { [VISIBLE]: String(visible) } } : {};
  },
};

const VISIBLE = 'ApproximateNumberOfMessages';

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
