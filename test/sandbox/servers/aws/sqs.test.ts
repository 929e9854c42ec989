// SQS as the SDK's own client finds it: order within a group, duplicates, visibility and dead letters.
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
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

const sendStandard = (body: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: world.standard.url, MessageBody: body, ...more }));

async function receive(url: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const wish = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const], ...more };
  return (await client.send(new ReceiveMessageCommand({ QueueUrl: url, ...wish }))).Messages ?? [];
}

const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

const remove = (url: string, message: Message | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));

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

  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'sweeps' }));
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
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
});

describe('a FIFO queue', () => {
  test('keeps the order within a group and blocks it while a message of it is in flight', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send('a', body);
    await send('b', 'b1');

    const [first] = await receive(world.fifo.url, { MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('a1');
    expect(bodies(await receive(world.fifo.url))).toEqual(['b1']);

    await remove(world.fifo.url, first);

    expect(bodies(await receive(world.fifo.url))).toEqual(['a2', 'a3']);
  });

  test('tells where a message comes from', async () => {
    const { MessageId, SequenceNumber } = await send('a', 'a1', { MessageDeduplicationId: 'click-1' });

    const [message] = await receive(world.fifo.url);

    expect(message).toMatchObject({
      MessageId,
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(world.clock.now()),
        ApproximateFirstReceiveTimestamp: String(world.clock.now()),
        SenderId: expect.stringMatching(/^AROA\w+:ack$/),
        MessageGroupId: 'a',
        MessageDeduplicationId: 'click-1',
        SequenceNumber,
      },
    });
  });

  test('takes a repeat within five minutes for the same message, even one long since deleted', async () => {
    const first = await send('a', 'a1', { MessageDeduplicationId: 'click-1' });
    await remove(world.fifo.url, (await receive(world.fifo.url))[0]);
    later(5 * MINUTE - 1);

    const again = await send('a', 'a1 again', { MessageDeduplicationId: 'click-1' });
    expect(again.MessageId).toBe(first.MessageId);
    expect(await receive(world.fifo.url)).toEqual([]);

    later(1);
    const anew = await send('a', 'a1 anew', { MessageDeduplicationId: 'click-1' });
    expect(anew.MessageId).not.toBe(first.MessageId);
    expect(bodies(await receive(world.fifo.url))).toEqual(['a1 anew']);
  });

  test('can take the body for the deduplication id', async () => {
    const settings = { name: 'content.fifo', fifo: true, visibilityTimeoutSeconds: 30 };
    const { url } = world.sqs.addQueue({ ...settings, contentBasedDeduplication: true });
    for (const MessageBody of ['same', 'same', 'other'])
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId: 'a' }));

    expect(bodies(await receive(url))).toEqual(['same', 'other']);
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
    expect(world.sqs.state.queues.get('clicks.fifo')?.messages).toEqual([]);
  });

  test('takes every character that IAM allows in a user name, and a delay of nothing', async () => {
    await send(`${account}/Ab0+=,.@_-`, 'body', { DelaySeconds: 0 });

    expect(bodies(await receive(world.fifo.url))).toEqual(['body']);
  });

  test('gives a message out again when its time is over, and its old handle is worth nothing', async () => {
    await send('a', 'a1');
    const [first] = await receive(world.fifo.url);
    later(60 * SECOND - 1);
    expect(await receive(world.fifo.url)).toEqual([]);
    later(1);

    const [second] = await receive(world.fifo.url);

    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
    await expect(remove(world.fifo.url, first)).rejects.toThrow(/receipt handle has expired/);
    await remove(world.fifo.url, second);
    await remove(world.fifo.url, second);
  });

  test('moves what was received too often to the dead-letter queue at the next receive', async () => {
    const { MessageId } = await send('a', 'poison');
    await send('a', 'a2');
    for (let tries = 0; tries < 2; tries += 1) {
      const [poison] = await receive(world.fifo.url, { MaxNumberOfMessages: 1 });
      expect(poison?.Body).toBe('poison');
      await hide(poison, 0);
    }

    expect(bodies(await receive(world.fifo.url, { MaxNumberOfMessages: 1 }))).toEqual(['a2']);
    const dead = await receive(`${wire.url}/${account}/dead.fifo`);
    expect(dead).toMatchObject([
      {
        MessageId,
        Attributes: { ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: world.fifo.arn },
      },
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

describe('a standard queue', () => {
  test('delays single messages, and has no use for deduplication ids', async () => {
    await sendStandard('later', { DelaySeconds: 30 });
    expect(await receive(world.standard.url)).toEqual([]);
    later(30 * SECOND);

    expect(bodies(await receive(world.standard.url))).toEqual(['later']);
    await expect(sendStandard('x', { MessageDeduplicationId: 'x' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('forgets messages after four days', async () => {
    await sendStandard('old');
    later(4 * DAY);

    expect(await receive(world.standard.url)).toEqual([]);
  });

  test('tells how many messages it has, and can be emptied once a minute', async () => {
    await sendStandard('one');
    await sendStandard('two');
    await sendStandard('later', { DelaySeconds: 30 });
    await receive(world.standard.url, { MaxNumberOfMessages: 1 });

    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: world.standard.url, AttributeNames: ['All'] }),
    );
    const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: world.standard.url }));
    await purge();

    expect(Attributes).toMatchObject({
      QueueArn: world.standard.arn,
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    expect(world.sqs.state.queues.get('sweeps')?.messages).toEqual([]);
    await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    later(MINUTE);
    await purge();
  });
});
