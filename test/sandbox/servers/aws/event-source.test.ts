// How messages reach functions: in order, until they succeed, and sometimes twice.
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, SECOND, sandboxClock } from '../../clock.ts';
import { type Delivery, delivery } from './event-source.ts';
import type { Caller } from './service.ts';
import { sqsService } from './sqs.ts';

const account = '111122223333';
const region = 'eu-central-1';
const caller: Caller = {
  kind: 'role',
  accessKeyId: 'ASIAEXAMPLE',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/slack/ack`,
  principalArn: `arn:aws:iam::${account}:role/slack`,
  userId: 'AROAEXAMPLE:ack',
};

function sandbox() {
  const clock = sandboxClock(new Date('2026-03-02T09:30:00Z'));
  const sqs = sqsService(clock, { account, region });
  sqs.addQueue({ name: 'dead.fifo', fifo: true, visibilityTimeoutSeconds: 30 });
  const redrive = { deadLetterQueueName: 'dead.fifo', maxReceiveCount: 3 };
  const { url, arn } = sqs.addQueue({
    name: 'clicks.fifo',
    fifo: true,
    visibilityTimeoutSeconds: 60,
    redrive,
  });
  return { clock, sqs, url, arn };
}

let world: ReturnType<typeof sandbox>;
/** What the function got, in the order it began. */
let got: string[];

beforeEach(() => {
  world = sandbox();
  got = [];
});

function send(group: string, body: string, deduplicationId = body): string {
  const parameters = { MessageBody: body, MessageGroupId: group, MessageDeduplicationId: deduplicationId };
  return String(world.sqs.actions.SendMessage?.({ QueueUrl: world.url, ...parameters }, caller).MessageId);
}

function hide(event: SQSEvent, seconds: number): void {
  const ReceiptHandle = event.Records[0]?.receiptHandle;
  world.sqs.actions.ChangeMessageVisibility?.(
    { QueueUrl: world.url, ReceiptHandle, VisibilityTimeout: seconds },
    caller,
  );
}

const bodiesOf = (event: SQSEvent) => event.Records.map(({ body }) => body);
const left = (name: string) => world.sqs.state.queues.get(name)?.messages.map(({ body }) => body);

type Handle = (event: SQSEvent) => unknown;

function deliverClicks(handle: Handle, batchSize = 1): Delivery {
  return delivery(world.clock, world.sqs, [
    {
      queueName: 'clicks.fifo',
      batchSize,
      async invoke(event) {
        got.push(...bodiesOf(event));
        return handle(event);
      },
    },
  ]);
}

test('delivers everything in order, also what is sent meanwhile, and deletes it', async () => {
  for (const body of ['a1', 'b1', 'a2']) send(body.slice(0, 1), body);
  const clicks = deliverClicks((event) => {
    if (bodiesOf(event)[0] === 'a1') send('c', 'c1');
  });

  expect(await clicks.pump()).toBe(4);
  expect(await clicks.pump()).toBe(0);

  expect(got).toEqual(['a1', 'b1', 'a2', 'c1']);
  expect(left('clicks.fifo')).toEqual([]);
  expect(clicks.nextVisibleAt()).toBeUndefined();
});

test('builds the record that Lambda builds', async () => {
  const messageId = send('111122223333/ci-deploy', '{"job":"é"}', 'click-1');
  const events: SQSEvent[] = [];
  await deliverClicks((event) => void events.push(event)).pump();

  expect(events).toEqual([
    {
      Records: [
        {
          messageId,
          receiptHandle: expect.any(String),
          body: '{"job":"é"}',
          attributes: {
            ApproximateReceiveCount: '1',
            ApproximateFirstReceiveTimestamp: String(world.clock.now()),
            SentTimestamp: String(world.clock.now()),
            SenderId: 'AROAEXAMPLE:ack',
            MessageGroupId: '111122223333/ci-deploy',
            MessageDeduplicationId: 'click-1',
            SequenceNumber: '00000000000000000001',
          },
          messageAttributes: {},
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: world.arn,
          awsRegion: region,
        },
      ],
    },
  ]);
});

describe('a failure', () => {
  test('comes again after the visibility timeout, and holds up its group alone', async () => {
    for (const body of ['a1', 'a2', 'b1']) send(body.slice(0, 1), body);
    let broken = true;
    const clicks = deliverClicks((event) => {
      if (broken && bodiesOf(event)[0] === 'a1') throw new Error('out of order');
    });

    await clicks.pump();
    expect(got).toEqual(['a1', 'b1']);
    expect(clicks.thrown).toMatchObject([{ queueName: 'clicks.fifo', error: { message: 'out of order' } }]);
    expect(clicks.nextVisibleAt()).toBe(world.clock.now() + MINUTE);

    broken = false;
    world.clock.advance(MINUTE);
    await clicks.pump();
    expect(got).toEqual(['a1', 'b1', 'a1', 'a2']);
  });

  test('comes again when the function says so', async () => {
    send('a', 'a1');
    const clicks = deliverClicks((event) => {
      hide(event, 5);
      return { batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });

    await clicks.pump();

    expect(clicks.nextVisibleAt()).toBe(world.clock.now() + 5 * SECOND);
  });

  test('of some messages of a batch leaves the others deleted', async () => {
    for (const body of ['a1', 'a2', 'a3']) send('a', body);
    const clicks = deliverClicks(
      (event) => ({
        batchItemFailures: event.Records.slice(1).map(({ messageId }) => ({ itemIdentifier: messageId })),
      }),
      10,
    );

    await clicks.pump();

    expect(got).toEqual(['a1', 'a2', 'a3']);
    expect(left('clicks.fifo')).toEqual(['a2', 'a3']);
  });

  test.each(['', 'unknown'])(
    'reported under the identifier "%s" fails the whole batch',
    async (itemIdentifier) => {
      send('a', 'a1');

      await deliverClicks(() => ({ batchItemFailures: [{ itemIdentifier }] })).pump();

      expect(left('clicks.fifo')).toEqual(['a1']);
    },
  );

  test('too often ends in the dead-letter queue, and the group goes on', async () => {
    send('a', 'poison');
    send('a', 'a2');
    const clicks = deliverClicks((event) => {
      if (bodiesOf(event)[0] === 'poison') throw new Error('poison');
    });

    for (let at = clicks.nextVisibleAt() ?? world.clock.now(); at; at = clicks.nextVisibleAt() ?? 0) {
      world.clock.advance(at - world.clock.now());
      await clicks.pump();
    }

    expect(got).toEqual(['poison', 'poison', 'poison', 'a2']);
    expect(left('dead.fifo')).toEqual(['poison']);
  });
});

test('a function slower than the visibility timeout finds its message delivered once more', async () => {
  send('a', 'a1');
  const clicks = deliverClicks(() => {
    if (got.length === 1) world.clock.advance(2 * MINUTE);
  });

  await clicks.pump();

  expect(got).toEqual(['a1', 'a1']);
  expect(left('clicks.fifo')).toEqual([]);
});

test('two at once share the messages out', async () => {
  for (const body of ['a1', 'b1', 'c1']) send(body.slice(0, 1), body);
  const clicks = deliverClicks(() => new Promise(setImmediate));

  const counts = await Promise.all([clicks.pump(), clicks.pump()]);

  expect(counts[0] + counts[1]).toBe(3);
  expect(got.toSorted()).toEqual(['a1', 'b1', 'c1']);
});

test('a message can come twice although it was handled, as SQS reserves the right to', async () => {
  const id = send('a', 'a1');
  const counts: (string | undefined)[] = [];
  const clicks = deliverClicks(
    (event) => void counts.push(event.Records[0]?.attributes.ApproximateReceiveCount),
  );
  await clicks.pump();
  send('a', 'a2');

  clicks.deliverAgain(id);
  await clicks.pump();

  expect(got).toEqual(['a1', 'a1', 'a2']);
  expect(counts).toEqual(['1', '2', '1']);
  expect(() => clicks.deliverAgain('never sent')).toThrow(/never sent/);
});
