// SQS as the SDK's own client finds it: order within a group, duplicates, visibility and dead letters.
import {
  ChangeMessageVisibilityCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../clock.ts';
import { ACCOUNT, type AccountUnderTest, REGION, startAccount } from './account-under-test.ts';

let world: AccountUnderTest;
let client: SQSClient;
let fifo: { url: string; arn: string };
let standard: { url: string };

beforeEach(async () => {
  world = await startAccount();
  const { iam, sqs, settings, following } = world;
  const Resource = `arn:aws:sqs:${REGION}:${ACCOUNT}:*`;
  iam.addRole('slack', [{ Effect: 'Allow', Action: 'sqs:*', Resource }]);
  sqs.addQueue({ name: 'dead.fifo', fifo: true, visibilityTimeoutSeconds: 30 });
  const redrive = { deadLetterQueueName: 'dead.fifo', maxReceiveCount: 2 };
  fifo = sqs.addQueue({ name: 'clicks.fifo', fifo: true, visibilityTimeoutSeconds: 60, redrive });
  standard = sqs.addQueue({ name: 'sweeps', fifo: false, visibilityTimeoutSeconds: 60 });
  client = following(new SQSClient(settings(iam.session('slack', 'ack'))));
});

let sent = 0;

const send = (group: string, body: string, more: Partial<SendMessageCommandInput> = {}) => {
  sent += 1;
  const own = { MessageGroupId: group, MessageDeduplicationId: `send-${sent}` };
  return client.send(new SendMessageCommand({ QueueUrl: fifo.url, MessageBody: body, ...own, ...more }));
};

async function receive(QueueUrl: string, MaxNumberOfMessages = 10): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages });
  return (await client.send(command)).Messages ?? [];
}

const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

/** As Lambda does once a message is done. */
const remove = (message: Message | undefined) => held('clicks.fifo')?.delete(message?.ReceiptHandle ?? '');

const held = (name: string) => world.sqs.state.queues.get(name);

const hide = (message: Message | undefined, seconds: number) =>
  client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: fifo.url,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: seconds,
    }),
  );

test('a client without an endpoint follows the queue URL to loopback', async () => {
  const warnings: unknown[] = [];
  const { credentials, systemClockOffset } = client.config;
  const follower = new SQSClient({
    region: REGION,
    credentials,
    systemClockOffset,
    logger: { ...console, debug() {}, info() {}, warn: (text: unknown) => warnings.push(text) },
  });

  const QueueUrl = standard.url;
  await follower.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

  expect(QueueUrl).toBe(`${world.wire.url}/${ACCOUNT}/sweeps`);
  expect(warnings).toHaveLength(1);
  expect(bodies(await receive(standard.url))).toEqual(['hello']);
});

test('a queue that does not exist is not found, and one of another account is none of our business', async () => {
  const sendTo = (owner: string) =>
    client.send(new SendMessageCommand({ QueueUrl: `${world.wire.url}/${owner}/none`, MessageBody: 'x' }));

  await expect(sendTo(ACCOUNT)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(sendTo('999999999999')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

describe('a FIFO queue', () => {
  test('keeps the order within a group and blocks it while a message of it is in flight', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send('a', body);
    await send('b', 'b1');

    const [first] = await receive(fifo.url, 1);
    expect(first?.Body).toBe('a1');
    expect(bodies(await receive(fifo.url))).toEqual(['b1']);

    remove(first);

    expect(bodies(await receive(fifo.url))).toEqual(['a2', 'a3']);
  });

  test('takes a repeat within five minutes for the same message, even one long since deleted', async () => {
    const first = await send('a', 'a1', { MessageDeduplicationId: 'click-1' });
    remove((await receive(fifo.url))[0]);
    world.later(5 * MINUTE - 1);

    const again = await send('a', 'a1 again', { MessageDeduplicationId: 'click-1' });
    expect(again.MessageId).toBe(first.MessageId);
    expect(await receive(fifo.url)).toEqual([]);

    world.later(1);
    const anew = await send('a', 'a1 anew', { MessageDeduplicationId: 'click-1' });
    expect(anew.MessageId).not.toBe(first.MessageId);
    expect(bodies(await receive(fifo.url))).toEqual(['a1 anew']);
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
    expect(held('clicks.fifo')?.messages).toEqual([]);
  });

  test('takes every character that IAM allows in a user name', async () => {
    await send(`${ACCOUNT}/Ab0+=,.@_-`, 'body');

    expect(bodies(await receive(fifo.url))).toEqual(['body']);
  });

  test('gives a message out again when its time is over, and its old handle is worth nothing', async () => {
    await send('a', 'a1');
    const [first] = await receive(fifo.url);
    world.later(60 * SECOND - 1);
    expect(await receive(fifo.url)).toEqual([]);
    world.later(1);

    const [second] = await receive(fifo.url);

    expect(held('clicks.fifo')?.messages).toMatchObject([{ receiveCount: 2 }]);
    expect(() => remove(first)).toThrow(/receipt handle has expired/);
    remove(second);
    remove(second);
  });

  test('moves what was received too often to the dead-letter queue at the next receive', async () => {
    const { MessageId } = await send('a', 'poison');
    await send('a', 'a2');
    for (let tries = 0; tries < 2; tries += 1) {
      const [poison] = await receive(fifo.url, 1);
      expect(poison?.Body).toBe('poison');
      await hide(poison, 0);
    }

    expect(bodies(await receive(fifo.url, 1))).toEqual(['a2']);
    expect(held('dead.fifo')?.messages).toMatchObject([
      { id: MessageId, receiveCount: 2, deadLetterSourceArn: fifo.arn },
    ]);
  });
});

describe('visibility', () => {
  test('can be shortened and extended while a message is in flight', async () => {
    await send('a', 'a1');
    const [message] = await receive(fifo.url);
    await hide(message, 300);
    world.later(299 * SECOND);
    expect(await receive(fifo.url)).toEqual([]);
    await hide(message, 0);

    expect(bodies(await receive(fifo.url))).toEqual(['a1']);
  });

  test('cannot be changed beyond twelve hours, nor for a message that is not in flight', async () => {
    await send('a', 'a1');
    const [message] = await receive(fifo.url);

    await expect(hide(message, 43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await hide(message, 43_200);
    world.later(HOUR);
    await expect(hide(message, 43_200)).rejects.toThrow(/beyond the limit/);
    await hide(message, 0);
    await expect(hide(message, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await expect(hide({ ReceiptHandle: 'made-up' }, 10)).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
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
    expect(bodies(await receive(standard.url))).toEqual(['first', 'third']);
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
  const message = { QueueUrl: standard.url, MessageBody: 'old' };
  const withId = new SendMessageCommand({ ...message, MessageDeduplicationId: 'x' });
  await expect(client.send(withId)).rejects.toMatchObject({ name: 'InvalidParameterValue' });

  await client.send(new SendMessageCommand(message));
  world.later(4 * DAY);

  expect(await receive(standard.url)).toEqual([]);
});
