// A message put off comes back when it was asked to, from the queue it came from.
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { sqsMessages } from '../../../src/adapters/queue/visibility.ts';

const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const host = 'https://sqs.eu-central-1.amazonaws.com/111122223333';
const messages = sqsMessages({ client, queueUrls: [`${host}/keys-clicks.fifo`, `${host}/keys-upkeep.fifo`] });

const from = (queue: string) => ({
  eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
  receiptHandle: 'handle',
});
const inputs = () => sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input);

beforeEach(() => {
  sqs.reset();
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
});

test('a message is put off in its own queue', async () => {
  await messages.postpone(from('keys-upkeep.fifo'), 20);
  expect(inputs()).toEqual([
    { QueueUrl: `${host}/keys-upkeep.fifo`, ReceiptHandle: 'handle', VisibilityTimeout: 20 },
  ]);
});

test.each([
  [0.2, 1],
  [-5, 0],
  [90_000, 43_200],
])('%s seconds become a time that SQS takes: %s', async (asked, given) => {
  await messages.postpone(from('keys-clicks.fifo'), asked);
  expect(inputs()[0]?.VisibilityTimeout).toBe(given);
});

test('a queue that is not configured is a mistake', async () => {
  await expect(messages.postpone(from('clicks.fifo'), 1)).rejects.toThrow(
    'none of the configured queues is called clicks.fifo',
  );
});

test('what SQS refuses is the outside’s error', async () => {
  sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('socket hang up'));
  await expect(messages.postpone(from('keys-clicks.fifo'), 1)).rejects.toMatchObject({
    name: 'OutsideError',
    operation: 'ChangeMessageVisibility',
  });
});
