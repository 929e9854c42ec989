// Cuts a row of messages into batches that SQS takes whole.
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

export type Message = Omit<SendMessageBatchRequestEntry, 'Id'> & { MessageBody: string };
export type Entry = Message & { Id: string };

const MOST_ENTRIES = 10;
/** What all regions have always taken together; some take four times as much. */
const MOST_BYTES = 262_144;

/** In order. A message too long on its own stands alone, for SQS to refuse. */
export function inBatches(messages: readonly Message[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.MessageBody);
    const batch = batches.at(-1);
    const fits = batch && batch.length < MOST_ENTRIES && bytes + size <= MOST_BYTES;
    if (fits) {
      batch.push({ Id: String(batch.length), ...message });
      bytes += size;
    } else {
      batches.push([{ Id: '0', ...message }]);
      bytes = size;
    }
  }
  return batches;
}
