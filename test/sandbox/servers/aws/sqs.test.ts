// SQS as the SDK's own client finds it: duplicates, batches, and what it refuses. `event-source.test.ts` tells the rest.
import {
  ChangeMessageVisibilityCommand,
  ListMessageMoveTasksCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../clock.ts';
import { ACCOUNT, type AccountUnderTest, REGION, startAccount } from './account-under-test.ts';

let world: AccountUnderTest;
let client: SQSClient;
let fifo: { url: string };
let standard: { url: string };

beforeEach(async () => {
  world = await startAccount();
  const { iam, sqs, settings, following } = world;
  const Resource = `arn:aws:sqs:${REGION}:${ACCOUNT}:*`;
  iam.addRole('slack', [{ Effect: 'Allow', Action: 'sqs:*', Resource }]);
  fifo = sqs.addQueue({ name: 'clicks.fifo', fifo: true, visibilityTimeoutSeconds: 60 });
  standard = sqs.addQueue({ name: 'sweeps', fifo: false, visibilityTimeoutSeconds: 60 });
  client = following(new SQSClient(settings(iam.session('slack', 'ack'))));
});

let sent = 0;

const send = (group: string, body: string, more: Partial<SendMessageCommandInput> = {}) => {
  sent += 1;
  const own = { MessageGroupId: group, MessageDeduplicationId: `send-${sent}` };
  return client.send(new SendMessageCommand({ QueueUrl: fifo.url, MessageBody: body, ...own, ...more }));
};

const held = (name: string) => world.sqs.state.queues.get(name);
const bodies = (name: string) => held(name)?.messages.map(({ body }) => body);

const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl: fifo.url, ReceiptHandle, VisibilityTimeout }));

test('a queue that does not exist is not found, and one of another account is none of our business', async () => {
  const sendTo = (owner: string) =>
    client.send(new SendMessageCommand({ QueueUrl: `${world.wire.url}/${owner}/none`, MessageBody: 'x' }));

  await expect(sendTo(ACCOUNT)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(sendTo('999999999999')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

describe('a FIFO queue', () => {
  test('takes a repeat within five minutes for the same message, even one long since deleted', async () => {
    const first = await send('a', 'a1', { MessageDeduplicationId: 'click-1' });
    const [taken] = held('clicks.fifo')?.receive({ max: 1 }) ?? [];
    held('clicks.fifo')?.delete(taken?.handle ?? '');
    world.later(5 * MINUTE - 1);

    const again = await send('a', 'a1 again', { MessageDeduplicationId: 'click-1' });
    expect(again.MessageId).toBe(first.MessageId);
    expect(bodies('clicks.fifo')).toEqual([]);

    world.later(1);
    const anew = await send('a', 'a1 anew', { MessageDeduplicationId: 'click-1' });
    expect(anew.MessageId).not.toBe(first.MessageId);
    expect(bodies('clicks.fifo')).toEqual(['a1 anew']);
  });

  test.each<[string, Partial<SendMessageCommandInput>, string]>([
    ['without a group', { MessageGroupId: undefined }, 'MissingParameter'],
    ['without a deduplication id', { MessageDeduplicationId: undefined }, 'InvalidParameterValue'],
    ['without a body', { MessageBody: '' }, 'MissingParameter'],
    ['with a space in the group', { MessageGroupId: 'a b' }, 'InvalidParameterValue'],
    ['with a long deduplication id', { MessageDeduplicationId: 'x'.repeat(129) }, 'InvalidParameterValue'],
    ['with a delay of its own', { DelaySeconds: 5 }, 'InvalidParameterValue'],
    ['of more than a mebibyte', { MessageBody: 'é'.repeat(524_289) }, 'InvalidParameterValue'],
    ['with characters beyond XML', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
  ])('refuses a message %s', async (_, more, name) => {
    await expect(send('a', 'body', more)).rejects.toMatchObject({ name });
    expect(bodies('clicks.fifo')).toEqual([]);
  });

  test('takes every character that IAM allows in a user name', async () => {
    await send(`${ACCOUNT}/Ab0+=,.@_-`, 'body');

    expect(bodies('clicks.fifo')).toEqual(['body']);
  });

  test('cannot hide a message for more than twelve hours, nor one that is not in flight', async () => {
    await send('a', 'a1');
    const [{ handle } = {}] = held('clicks.fifo')?.receive({ max: 1 }) ?? [];

    await expect(hide(handle, 43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await hide(handle, 43_200);
    world.later(HOUR);
    await expect(hide(handle, 43_200)).rejects.toThrow(/beyond the limit/);
    await hide(handle, 0);
    await expect(hide(handle, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await expect(hide('made-up', 10)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });
});

describe('a batch', () => {
  const batch = (Entries: { Id: string; MessageBody: string; MessageGroupId?: string }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: standard.url, Entries }));

  test('succeeds and fails entry by entry', async () => {
    const { Successful, Failed } = await batch([
      { Id: 'one', MessageBody: 'first' },
      { Id: 'two', MessageBody: 'second', MessageGroupId: 'not allowed' },
      { Id: 'three', MessageBody: 'third', MessageGroupId: 'fair' },
    ]);

    expect(Successful?.map(({ Id }) => Id)).toEqual(['one', 'three']);
    expect(Failed).toMatchObject([{ Id: 'two', SenderFault: true, Code: 'InvalidParameterValue' }]);
    expect(bodies('sweeps')).toEqual(['first', 'third']);
  });

  test.each([
    ['nothing', [], 'EmptyBatchRequest'],
    [
      'eleven',
      Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })),
      'TooManyEntriesInBatchRequest',
    ],
    ['one id twice', ['a', 'a'].map((Id) => ({ Id, MessageBody: 'x' })), 'BatchEntryIdsNotDistinct'],
    ['an odd id', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    ['too much', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(524_289) })), 'BatchRequestTooLong'],
  ])('of %s is refused as a whole', async (_, entries, name) => {
    await expect(batch(entries)).rejects.toMatchObject({ name });
  });
});

test('a standard queue has no use for deduplication ids, and forgets messages after four days', async () => {
  await expect(send('a', 'old', { QueueUrl: standard.url })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });

  await send('a', 'old', { QueueUrl: standard.url, MessageDeduplicationId: undefined });
  world.later(4 * DAY);

  expect(held('sweeps')?.receive({ max: 1 })).toEqual([]);
});

describe('moving dead letters back', () => {
  test('takes them to where they came from, one task at a time, and only from a dead-letter queue', async () => {
    const { sqs } = world;
    const dead = sqs.addQueue({ name: 'dead.fifo', fifo: true, visibilityTimeoutSeconds: 30 });
    const redrive = { deadLetterQueueName: 'dead.fifo', maxReceiveCount: 1 };
    const { url } = sqs.addQueue({ name: 'presses.fifo', fifo: true, visibilityTimeoutSeconds: 30, redrive });
    await send('a', 'a1', { QueueUrl: url });
    held('presses.fifo')?.receive({ max: 1 });
    world.later(MINUTE);
    held('presses.fifo')?.receive({ max: 1 });
    expect([bodies('presses.fifo'), bodies('dead.fifo')]).toEqual([[], ['a1']]);

    const move = (SourceArn: string) => client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await move(dead.arn);
    expect([bodies('presses.fifo'), bodies('dead.fifo')]).toEqual([['a1'], []]);
    await expect(move(dead.arn)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const listed = async (MaxResults?: number) => {
      const list = new ListMessageMoveTasksCommand({
        SourceArn: dead.arn,
        ...(MaxResults && { MaxResults }),
      });
      const { Results = [] } = await client.send(list);
      return Results.map(({ Status, ApproximateNumberOfMessagesMoved: moved }) => [Status, moved]);
    };
    expect(await listed()).toEqual([['RUNNING', 1]]);
    world.later(MINUTE);
    await move(dead.arn);
    expect(await listed()).toEqual([['RUNNING', 0]]);
    expect(await listed(10)).toEqual([
      ['RUNNING', 0],
      ['COMPLETED', 1],
    ]);
    await expect(move(held('sweeps')?.arn ?? '')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
