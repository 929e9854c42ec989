// Jobs on their way: ordered, in batches, and none lost without a word.
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { inBatches } from '../../../src/adapters/queue/batches.ts';
import { sqsDeadLetters } from '../../../src/adapters/queue/dead-letters.ts';
import { sqsJobs } from '../../../src/adapters/queue/sqs-jobs.ts';
import { sqsPresses } from '../../../src/adapters/queue/sqs-presses.ts';
import type { InspectJob, ShowJob } from '../../../src/usecases/jobs.ts';

const account = '111122223333';
const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const urls = { upkeepUrl: 'upkeep', sweepsUrl: 'sweeps' };
const dead = { deadLetterUrls: ['clicks-dead', 'upkeep-dead'], scheduledDeadUrl: 'scheduled-dead' };
const jobs = { ...sqsJobs({ client, ...urls }), ...sqsDeadLetters({ client, ...dead }) };

const inspect = (i: number): InspectJob => ({
  kind: 'inspect',
  id: `look-${i}`,
  account,
  userName: `ci-${i}`,
});
const failure = (Id: string, SenderFault = false) => ({
  Id,
  SenderFault,
  Code: SenderFault ? 'InvalidParameterValue' : 'InternalError',
});
const inputs = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
const idsSent = () => inputs().map(({ Entries = [] }) => Entries.map(({ MessageDeduplicationId: id }) => id));

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({});
  sqs.on(ListMessageMoveTasksCommand).resolves({});
});

const ASKED_AT = Date.parse('2026-11-16T09:00:00Z');
const arnOf = (name: string) => `arn:aws:sqs:eu-central-1:${account}:${name}`;
const no = (name: string) =>
  Object.assign(new Error(), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

/** How many lie in each. */
function lie(counts: Record<string, number>): void {
  sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }) => ({
    Attributes: {
      ApproximateNumberOfMessages: String(counts[QueueUrl] ?? 0),
      QueueArn: arnOf(QueueUrl),
    },
  }));
}

describe('jobs that were given up', () => {
  test('are counted over all dead-letter queues', async () => {
    lie({ 'clicks-dead': 2, 'upkeep-dead': 40, 'scheduled-dead': 3 });
    expect(await jobs.count()).toBe(45);
  });

  test('are put back where there are any, and what the schedules set off is let go', async () => {
    lie({ 'upkeep-dead': 40, 'scheduled-dead': 3 });
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 'task' });
    sqs.on(PurgeQueueCommand).resolves({});
    expect(await jobs.redrive(ASKED_AT)).toEqual({ started: 40, underWay: 0, letGo: 3 });
    const moved = sqs.commandCalls(StartMessageMoveTaskCommand).map(({ args }) => args[0].input);
    expect(moved).toEqual([{ SourceArn: arnOf('upkeep-dead') }]);
    const purged = sqs.commandCalls(PurgeQueueCommand).map(({ args }) => args[0].input);
    expect(purged).toEqual([{ QueueUrl: 'scheduled-dead' }]);
  });

  test('are not put back twice, and what this order put back before is told as its own', async () => {
    lie({ 'clicks-dead': 2, 'upkeep-dead': 1, 'scheduled-dead': 1 });
    const [running, done] = [{ Status: 'RUNNING' }, { Status: 'COMPLETED' }];
    const [before, since] = [{ StartedTimestamp: ASKED_AT - 1 }, { StartedTimestamp: ASKED_AT }];
    const moving = (name: string, ...Results: ListMessageMoveTasksResultEntry[]) =>
      sqs.on(ListMessageMoveTasksCommand, { SourceArn: arnOf(name) }).resolves({ Results });
    moving('clicks-dead', { ...running, ...before, ApproximateNumberOfMessagesToMove: 3 });
    moving(
      'upkeep-dead',
      { ...done, ...since, ApproximateNumberOfMessagesMoved: 40 },
      { ...done, ...before, ApproximateNumberOfMessagesMoved: 50 },
    );
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 'task' });
    sqs.on(PurgeQueueCommand).rejects(no('PurgeQueueInProgress'));
    expect(await jobs.redrive(ASKED_AT)).toEqual({ started: 41, underWay: 3, letGo: 1 });
    const moved = sqs.commandCalls(StartMessageMoveTaskCommand).map(({ args }) => args[0].input);
    expect(moved).toEqual([{ SourceArn: arnOf('upkeep-dead') }]);
  });

  test('that SQS does not take are told beside the others', async () => {
    lie({ 'clicks-dead': 2, 'upkeep-dead': 40 });
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 'task' });
    sqs
      .on(StartMessageMoveTaskCommand, { SourceArn: arnOf('clicks-dead') })
      .rejects(no('AccessDeniedException'));
    expect(await jobs.redrive(ASKED_AT)).toEqual({
      ...{ started: 40, underWay: 0, letGo: 0 },
      refused: { count: 2, code: 'AccessDenied' },
    });
  });
});

describe('putting jobs', () => {
  test('sends each with its group and its own id', async () => {
    await jobs.put([inspect(1)]);
    expect(inputs()).toEqual([
      {
        QueueUrl: 'upkeep',
        Entries: [
          {
            Id: '0',
            MessageBody: '{"v":1,"kind":"inspect","id":"look-1","account":"111122223333","userName":"ci-1"}',
            MessageGroupId: 'user/111122223333/ci-1',
            MessageDeduplicationId: 'look-1',
          },
        ],
      },
    ]);
  });

  test('sends a press as Slack signed it, in the order of its job', async () => {
    const job = {
      kind: 'show',
      id: 'show/1',
      account,
      userName: 'ci',
      personId: 'U',
      place: { channel: 'D' },
    };
    await sqsPresses(client, 'clicks')(job as ShowJob, 'what Slack signed');
    const [entry] = inputs()[0]?.Entries ?? [];
    expect([inputs()[0]?.QueueUrl, entry]).toEqual([
      'clicks',
      {
        ...{ Id: '0', MessageBody: 'what Slack signed' },
        ...{ MessageGroupId: 'user/111122223333/ci', MessageDeduplicationId: 'show/1' },
      },
    ]);
  });

  test('sends many in tens, in order', async () => {
    const all = Array.from({ length: 21 }, (_, i) => inspect(i));
    await jobs.put(all);
    expect(inputs().map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length])).toEqual([
      ['upkeep', 10],
      ['upkeep', 10],
      ['upkeep', 1],
    ]);
    expect(idsSent().flat()).toEqual(all.map(({ id }) => id));
  });

  test('sends nothing when there is nothing to send', async () => {
    await jobs.put([]);
    expect(inputs()).toEqual([]);
  });

  test('sends sweeps without group and id, which their queue does not know', async () => {
    await jobs.sweep([{ kind: 'sweep', id: 'sweep@1', account }]);
    expect(inputs()).toEqual([
      {
        QueueUrl: 'sweeps',
        Entries: [{ Id: '0', MessageBody: '{"v":1,"kind":"sweep","id":"sweep@1","account":"111122223333"}' }],
      },
    ]);
  });
});

describe('a batch that fails in part', () => {
  const three = [inspect(0), inspect(1), inspect(2)];

  test('is sent again, only what failed', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Failed: [failure('0'), failure('2')] })
      .resolvesOnce({});
    await jobs.put(three);
    expect(idsSent()).toEqual([
      ['look-0', 'look-1', 'look-2'],
      ['look-0', 'look-2'],
    ]);
  });

  test.each([
    [false, 'unknown', 'InternalError'],
    [true, 'refused', 'InvalidParameterValue'],
  ])('twice is an error (the sender’s fault: %s)', async (senderFault, outcome, code) => {
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [failure('1', senderFault)] });
    await expect(jobs.put(three)).rejects.toMatchObject({
      name: 'OutsideError',
      operation: 'SendMessageBatch',
      outcome,
      code,
    });
    expect(idsSent()).toEqual([['look-0', 'look-1', 'look-2'], ['look-1']]);
  });

  test('as a whole is an error at once', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('socket hang up'));
    await expect(jobs.put(three)).rejects.toMatchObject({
      name: 'OutsideError',
      outcome: 'unknown',
    });
    expect(inputs()).toHaveLength(1);
  });
});

describe('batches', () => {
  const sizes = (lengths: number[]) =>
    inBatches(lengths.map((length) => ({ MessageBody: 'é'.repeat(length / 2) }))).map((batch) =>
      batch.map(({ MessageBody }) => Buffer.byteLength(MessageBody)),
    );

  test('are no larger than SQS takes', () => {
    expect(sizes([262_144, 2])).toEqual([[262_144], [2]]);
    expect(sizes([131_072, 131_072, 2])).toEqual([[131_072, 131_072], [2]]);
  });

  test('leave a message that is too long on its own, to be refused', () => {
    expect(sizes([2, 300_000, 2])).toEqual([[2], [300_000], [2]]);
  });
});
