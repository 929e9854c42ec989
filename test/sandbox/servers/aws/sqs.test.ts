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
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, sandboxClock } from '../../clock.ts';
import { startWire, type Wire } from '../wire.ts';
import { awsBackend } from './backend.ts';
import { iamService } from './iam.ts';
import { sqsService } from './sqs.ts';

const account = '111122223333';
const region = 'eu-central-1';

function sandbox() {
  const clock = sandboxClock(new Date('2026-03-02T09:30:00Z'));
  const iam = iamService(clock, { account });
  iam.addRole('slack', [
    { Effect: 'Allow', Action: 'sqs:*', Resource: `arn:aws:sqs:${region}:${account}:*` },
  ]);
  const sqs = sqsService(clock, { account, region, endpoint: () => wire.url });
  sqs.addQueue({ name: 'dead.fifo', fifo: true, visibilityTimeoutSeconds: 30 });
  const redrive = { deadLetterQueueName: 'dead.fifo', maxReceiveCount: 2 };
  const fifo = sqs.addQueue({ name: 'clicks.fifo', fifo: true, visibilityTimeoutSeconds: 60, redrive });
  const standard = sqs.addQueue({ name: 'sweeps', fifo: false, visibilityTimeoutSeconds: 60 });
  return { clock, iam, sqs, fifo, standard };
}

let world: ReturnType<typeof sandbox>;
let wire: Wire;
let client: SQSClient;

beforeEach(async () => {
  world = sandbox();
  wire = await startWire(world.clock, awsBackend(world.clock, { iam: world.iam, services: [world.sqs] }));
  const systemClockOffset = world.clock.now() - Date.now();
  const credentials = world.iam.session('slack', 'ack');
  client = new SQSClient({ region, endpoint: wire.url, credentials, systemClockOffset, maxAttempts: 1 });
});

afterEach(() => wire.close());

function later(ms: number): void {
  world.clock.advance(ms);
  client.config.systemClockOffset = world.clock.now() - Date.now();
}

let sent = 0;

const send = (group: string, body: string, more: Partial<SendMessageCommandInput> = {}) => {
  sent += 1;
  const fifo = { MessageGroupId: group, MessageDeduplicationId: `send-${sent}` };
  return client.send(
    new SendMessageCommand({ QueueUrl: world.fifo.url, MessageBody: body, ...fifo, ...more }),
  );
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
      QueueUrl: world.fifo.url,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: seconds,
    }),
  );

test('a client without an endpoint follows the queue URL to loopback', async () => {
  const warnings: unknown[] = [];
  const { credentials, systemClockOffset } = client.config;
  const follower = new SQSClient({
    region,
    credentials,
    systemClockOffset,
    logger: { ...console, debug() {}, info() {}, warn: (text: unknown) => warnings.push(text) },
  });

  const QueueUrl = world.standard.url;
  await follower.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

  expect(QueueUrl).toBe(`${wire.url}/${account}/sweeps`);
  expect(warnings).toHaveLength(1);
  expect(bodies(await receive(world.standard.url))).toEqual(['hello']);
});

test('a queue that does not exist is not found, and one of another account is none of our business', async () => {
  const sendTo = (owner: string) =>
    client.send(new SendMessageCommand({ QueueUrl: `${wire.url}/${owner}/none`, MessageBody: 'x' }));

  await expect(sendTo(account)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(sendTo('999999999999')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

describe('a FIFO queue', () => {
  test('keeps the order within a group and blocks it while a message of it is in flight', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send('a', body);
    await send('b', 'b1');

    const [first] = await receive(world.fifo.url, 1);
    expect(first?.Body).toBe('a1');
    expect(bodies(await receive(world.fifo.url))).toEqual(['b1']);

    remove(first);

    expect(bodies(await receive(world.fifo.url))).toEqual(['a2', 'a3']);
  });

  test('takes a repeat within five minutes for the same message, even one long since deleted', async () => {
    const first = await send('a', 'a1', { MessageDeduplicationId: 'click-1' });
    remove((await receive(world.fifo.url))[0]);
    later(5 * MINUTE - 1);

    const again = await send('a', 'a1 again', { MessageDeduplicationId: 'click-1' });
    expect(again.MessageId).toBe(first.MessageId);
    expect(await receive(world.fifo.url)).toEqual([]);

    later(1);
    const anew = await send('a', 'a1 anew', { MessageDeduplicationId: 'click-1' });
    expect(anew.MessageId).not.toBe(first.MessageId);
    expect(bodies(await receive(world.fifo.url))).toEqual(['a1 anew']);
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
    await send(`${account}/Ab0+=,.@_-`, 'body');

    expect(bodies(await receive(world.fifo.url))).toEqual(['body']);
  });

  test('gives a message out again when its time is over, and its old handle is worth nothing', async () => {
    await send('a', 'a1');
    const [first] = await receive(world.fifo.url);
    later(60 * SECOND - 1);
    expect(await receive(world.fifo.url)).toEqual([]);
    later(1);

    const [second] = await receive(world.fifo.url);

    expect(held('clicks.fifo')?.messages).toMatchObject([{ receiveCount: 2 }]);
    expect(() => remove(first)).toThrow(/receipt handle has expired/);
    remove(second);
    remove(second);
  });

  test('moves what was received too often to the dead-letter queue at the next receive', async () => {
    const { MessageId } = await send('a', 'poison');
    await send('a', 'a2');
    for (let tries = 0; tries < 2; tries += 1) {
      const [poison] = await receive(world.fifo.url, 1);
      expect(poison?.Body).toBe('poison');
      await hide(poison, 0);
    }

    expect(bodies(await receive(world.fifo.url, 1))).toEqual(['a2']);
    expect(held('dead.fifo')?.messages).toMatchObject([
      { id: MessageId, receiveCount: 2, deadLetterSourceArn: world.fifo.arn },
    ]);
  });
});

describe('visibility', () => {
  test('can be shortened and extended while a message is in flight', async () => {
    await send('a', 'a1');
    const [message] = await receive(world.fifo.url);
    await hide(message, 300);
    later(299 * SECOND);
    expect(await receive(world.fifo.url)).toEqual([]);
    await hide(message, 0);

    expect(bodies(await receive(world.fifo.url))).toEqual(['a1']);
  });

  test('cannot be changed beyond twelve hours, nor for a message that is not in flight', async () => {
    await send('a', 'a1');
    const [message] = await receive(world.fifo.url);

    await expect(hide(message, 43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await hide(message, 43_200);
    later(HOUR);
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
    client.send(new SendMessageBatchCommand({ QueueUrl: world.standard.url, Entries }));

  test('succeeds and fails entry by entry', async () => {
    const { Successful, Failed } = await batch([
      { Id: 'one', MessageBody: 'first' },
      { Id: 'two', MessageBody: 'second', MessageGroupId: 'not allowed' },
      { Id: 'three', MessageBody: 'third', MessageGroupId: 'fair' },
    ]);

    expect(Successful?.map(({ Id }) => Id)).toEqual(['one', 'three']);
    expect(Failed).toMatchObject([{ Id: 'two', SenderFault: true, Code: 'InvalidParameterValue' }]);
    expect(bodies(await receive(world.standard.url))).toEqual(['first', 'third']);
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
  const message = { QueueUrl: world.standard.url, MessageBody: 'old' };
  const withId = new SendMessageCommand({ ...message, MessageDeduplicationId: 'x' });
  await expect(client.send(withId)).rejects.toMatchObject({ name: 'InvalidParameterValue' });

  await client.send(new SendMessageCommand(message));
  later(4 * DAY);

  expect(await receive(world.standard.url)).toEqual([]);
});
