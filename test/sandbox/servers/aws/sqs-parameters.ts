// What the parameters of an SQS request must look like, checked in SQS's own words.
import { unemulated } from './conditions.ts';
import type { QueueSettings } from './queue.ts';
import type { Draft } from './queue-message.ts';
import { AwsError } from './service.ts';

type Input = Record<string, unknown>;

/** SendMessage and SendMessageBatch: 1,048,576 bytes, for one message and for all of a batch together. */
const MAX_BYTES = 1_048_576;

export function text(input: Input, name: string): string {
  const value = input[name];
  if (value === undefined || value === null || value === '')
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return String(value);
}

export function integer(input: Input, name: string, min: number, max: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
    throw invalid(value, name, `Must be between ${min} and ${max}, if provided.`);
  return Number(value);
}

/** A message to send to this queue, from SendMessage's parameters or from an entry of SendMessageBatch. */
export function readDraft(queue: QueueSettings, input: Input, senderId: string): Draft {
  for (const name of ['MessageAttributes', 'MessageSystemAttributes'])
    if (Object.keys(input[name] ?? {}).length > 0) throw unemulated(name);
  const body = text(input, 'MessageBody');
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
    );
  if (![...body].every(isAllowed))
    throw new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  const groupId = groupOrToken(input, 'MessageGroupId');
  const deduplicationId = groupOrToken(input, 'MessageDeduplicationId');
  if (!queue.fifo && deduplicationId !== undefined)
    throw invalid(deduplicationId, 'MessageDeduplicationId', WRONG_TYPE);
  if (!queue.fifo && input.DelaySeconds) throw unemulated('DelaySeconds');
  if (!queue.fifo) return { body, groupId, senderId };
  // SendMessage, DelaySeconds: "when you set FifoQueue, you can't set DelaySeconds per message"; AWS lets a zero pass.
  if (input.DelaySeconds) throw invalid(input.DelaySeconds, 'DelaySeconds', WRONG_TYPE);
  if (deduplicationId === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  return { body, groupId: text(input, 'MessageGroupId'), deduplicationId, senderId };
}

/** SendMessageBatch: 1 to 10 entries, distinct ids of up to 80 characters, all bodies together within the limit. */
export function batchEntries(input: Input): (Input & { Id: string })[] {
  const entries = (input.Entries ?? []) as (Input & { Id: string })[];
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry.');
  if (entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  if (!entries.every(({ Id }) => /^[A-Za-z0-9_-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same id.');
  const bytes = entries.reduce(
    (sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody ?? '')),
    0,
  );
  if (bytes > MAX_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  return entries;
}

const WRONG_TYPE = 'The request include parameter that is not valid for this queue type.';

/** SendMessage: both ids have 1 to 128 alphanumeric characters and punctuation, which leaves out the space. */
function groupOrToken(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!/^[!-~]{1,128}$/.test(String(value)))
    throw invalid(
      value,
      name,
      `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  return String(value);
}

/** #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF */
function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return '\t\n\r'.includes(character);
  return code <= 0xd7ff || (code >= 0xe000 && code !== 0xfffe && code !== 0xffff);
}

function invalid(value: unknown, name: string, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
