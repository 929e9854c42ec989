// What becomes of a message whose job could not be done: it always comes back, and the log says when.
import type { SQSRecord } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnreadableJob } from '../../src/adapters/unreadable-job.ts';
import { type Consumer, consume } from '../../src/entry/messages.ts';
import { ChangedMeanwhile, NewerSchema, OutsideError, TryLater } from '../../src/usecases/errors.ts';
import type { LogFacts } from '../../src/usecases/ports.ts';
import { readQueues } from '../sandbox/deployment/serverless-file.ts';

afterEach(() => vi.restoreAllMocks());

/** Of a message in any of the three queues, before the dead letters. */
const TRIES = Math.min(...readQueues().flatMap(({ redrive }) => redrive?.maxReceiveCount ?? []));

interface Job {
  kind: string;
  id: string;
}

const job: Job = { kind: 'wake', id: 'wake/1' };

const SENT = Date.parse('2026-11-20T13:00:00Z');
const NOW = SENT + 90_000;
/** What the log says of each message: where it came from, and for how long it has been on its way. */
const ON_ITS_WAY = { queue: 'upkeep.fifo', ms: 90_000 };

function record(messageId = 'message-1', changes: { body?: string; tries?: number } = {}): SQSRecord {
  const { body = JSON.stringify(job), tries = 1 } = changes;
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(tries),
      ...{ SentTimestamp: String(SENT), SenderId: '', ApproximateFirstReceiveTimestamp: '0' },
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:upkeep.fifo',
    awsRegion: 'eu-central-1',
  };
}

function world(fails: (job: Job) => unknown = () => undefined) {
  const ran: string[] = [];
  const postponed: { messageId: string; seconds: number }[] = [];
  const logged: { level: string; event: string; facts: LogFacts }[] = [];
  const at =
    (level: string) =>
    (event: string, facts: LogFacts = {}) => {
      logged.push({ level, event, facts });
    };
  const consumer: Consumer<Job> = {
    parse({ body }) {
      if (body === 'canary') throw new UnreadableJob('it is not JSON');
      return JSON.parse(body);
    },
    async run(given) {
      ran.push(given.id);
      const error = fails(given);
      if (error !== undefined) throw error;
    },
    async postpone({ messageId }, seconds) {
      postponed.push({ messageId, seconds });
    },
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    now: () => NOW,
  };
  const take = async (...Records: SQSRecord[]) => {
    const { batchItemFailures } = await consume({ Records }, consumer);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { consumer, take, ran, postponed, logged };
}

const refused = new OutsideError('refused', 'DeleteAccessKey', 'AccessDenied');

describe('a job', () => {
  it('that is done does not come back', async () => {
    const { take, ran, postponed, logged } = world();
    expect(await take(record())).toEqual([]);
    expect({ ran, postponed }).toEqual({ ran: ['wake/1'], postponed: [] });
    expect(logged).toEqual([
      { level: 'info', event: 'job.done', facts: { jobId: 'wake/1', jobKind: 'wake', ...ON_ITS_WAY } },
    ]);
  });

  it.each([
    ['must wait for a known reason', new TryLater(20, 'under way'), 20],
    ['met another write', new ChangedMeanwhile('111122223333/ci'), 1],
  ])('that %s comes back when it can be done', async (_, error, seconds) => {
    const { take, postponed, logged } = world(() => error);
    expect(await take(record())).toEqual(['message-1']);
    expect(postponed).toEqual([{ messageId: 'message-1', seconds }]);
    expect(logged).toEqual([
      {
        level: 'warn',
        event: 'job.postponed',
        facts: { jobId: 'wake/1', jobKind: 'wake', ...ON_ITS_WAY, error, count: seconds },
      },
    ]);
  });

  it('that must wait again waits as long each time', async () => {
    const { take, postponed } = world(() => new TryLater(20, 'under way'));
    for (const tries of [1, 2, 3, 9, 60]) await take(record('message-1', { tries }));
    expect(postponed.map(({ seconds }) => seconds)).toEqual([20, 20, 20, 20, 20]);
  });

  it('about a record of a later version waits for three days, and SQS still has it then', async () => {
    const { take, postponed, logged } = world(() => new NewerSchema('it has schema 2'));
    for (let tries = 1; tries < TRIES; tries += 1) await take(record('message-1', { tries }));
    const hours = postponed.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
    expect(postponed[0]?.seconds).toBe(60);
    expect(hours).toBeGreaterThan(68);
    expect(hours).toBeLessThan(4 * 24);
    expect(new Set(logged.map(({ event }) => event))).toEqual(new Set(['job.postponed']));
  });

  describe.each([
    ['was refused for good', refused],
    ['met a mistake of ours', new TypeError('undefined is not a function')],
    ['met something that is no error', 'thrown'],
  ])('that %s', (_, error) => {
    it('comes back in a minute, and is logged as failed', async () => {
      const { take, postponed, logged } = world(() => error);
      expect(await take(record())).toEqual(['message-1']);
      expect(postponed).toEqual([{ messageId: 'message-1', seconds: 60 }]);
      const facts = { jobId: 'wake/1', jobKind: 'wake', ...ON_ITS_WAY, error, count: 60 };
      expect(logged).toEqual([{ level: 'error', event: 'job.failed', facts }]);
    });

    it('is among the dead letters after ten minutes, and holds up its group no longer', async () => {
      const { take, postponed } = world(() => error);
      for (let tries = 1; tries < TRIES; tries += 1) await take(record('message-1', { tries }));
      expect(postponed.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(600);
      expect(postponed.at(10)).toEqual({ messageId: 'message-1', seconds: 0 });
    });
  });

  it('that cannot be read reaches the dead letters without blocking its group', async () => {
    const { take, ran, postponed, logged } = world();
    expect(await take(record('message-1', { body: 'canary' }))).toEqual(['message-1']);
    expect(ran).toEqual([]);
    expect(postponed).toEqual([{ messageId: 'message-1', seconds: 0 }]);
    expect(logged).toEqual([
      {
        level: 'error',
        event: 'job.unreadable',
        facts: { jobId: 'message-1', ...ON_ITS_WAY, error: expect.any(UnreadableJob) },
      },
    ]);
  });

  it('that cannot be read now, for want of something outside, waits for that like any other', async () => {
    const { consumer, take, ran, postponed, logged } = world();
    for (const error of [new OutsideError('unknown', 'GetSecretValue', 'InternalServiceError'), refused]) {
      consumer.parse = () => Promise.reject(error);
      expect(await take(record())).toEqual(['message-1']);
    }
    expect(ran).toEqual([]);
    expect(postponed).toEqual([
      { messageId: 'message-1', seconds: expect.toSatisfy((seconds: number) => seconds >= 15) },
      { messageId: 'message-1', seconds: 60 },
    ]);
    expect(logged.map(({ event }) => event)).toEqual(['job.postponed', 'job.failed']);
  });

  it('that nobody is to do does not come back', async () => {
    const { consumer, take, ran, logged } = world();
    consumer.parse = async () => undefined;
    expect(await take(record())).toEqual([]);
    expect([ran, logged]).toEqual([[], []]);
  });

  it('comes back also when it cannot be postponed, only later', async () => {
    const { consumer, take, logged } = world(() => new TryLater(20, 'under way'));
    consumer.postpone = () => Promise.reject(new Error('no such queue'));
    expect(await take(record())).toEqual(['message-1']);
    expect(logged.map(({ event }) => event)).toEqual(['job.postponed', 'job.notPostponed']);
  });
});

describe.each(['busy', 'unknown'] as const)('a service that is %s', (outcome) => {
  const secondsAfter = async (tries: number, random: number): Promise<number> => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const { take, postponed } = world(() => new OutsideError(outcome, 'GetUser', 'Throttling'));
    expect(await take(record('message-1', { tries }))).toEqual(['message-1']);
    return postponed[0]?.seconds ?? Number.NaN;
  };
  const ALMOST_ONE = 1 - Number.EPSILON;

  it.each([
    [1, 15, 29],
    [2, 30, 59],
    [3, 60, 119],
    [4, 60, 119],
    [79, 60, 119],
    [2000, 60, 119],
  ])('is asked again at try %i after %i to %i seconds', async (tries, least, most) => {
    expect(await secondsAfter(tries, 0)).toBe(least);
    expect(await secondsAfter(tries, ALMOST_ONE)).toBe(most);
  });

  it('is not asked again sooner than it said', async () => {
    const wait = async (retryAfter: number, tries = 1) => {
      const { take, postponed } = world(
        () => new OutsideError(outcome, 'chat.update', 'ratelimited', { retryAfter }),
      );
      await take(record('message-1', { tries }));
      return postponed[0]?.seconds;
    };
    for (const said of [1, 300]) {
      expect(await wait(said)).toBeGreaterThanOrEqual(said);
      expect(await wait(said)).toBeLessThan(said + 15);
    }
    expect(await wait(1, 21)).toBeGreaterThanOrEqual(60);
  });

  it('may be away for an hour, and no press is lost: all tries together last longer', async () => {
    let seconds = 0;
    for (let tries = 1; tries < TRIES; tries += 1) seconds += await secondsAfter(tries, 0);
    expect(seconds).toBeGreaterThan(3600);
  });

  it('is asked again at moments that differ', async () => {
    const { take, postponed } = world(() => new OutsideError(outcome, 'GetUser', 'Throttling'));
    for (let i = 0; i < 50; i++) await take(record('message-1', { tries: 5 }));
    expect(new Set(postponed.map(({ seconds }) => seconds)).size).toBeGreaterThan(10);
  });
});

describe('a batch', () => {
  const jobs = ['a', 'b', 'c', 'd'].map((id) =>
    record(`message-${id}`, { body: JSON.stringify({ kind: 'wake', id }) }),
  );

  it('comes back from the first failure on, in its order, and the rest is not tried', async () => {
    const { take, ran, postponed } = world(({ id }) => (id === 'b' ? new TryLater(5, 'wait') : undefined));
    expect(await take(...jobs)).toEqual(['message-b', 'message-c', 'message-d']);
    expect(ran).toEqual(['a', 'b']);
    expect(postponed).toEqual([{ messageId: 'message-b', seconds: 5 }]);
  });

  it('is done one after the other', async () => {
    const { consumer, take } = world();
    let running = 0;
    let most = 0;
    consumer.run = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    expect(await take(...jobs)).toEqual([]);
    expect(most).toBe(1);
  });

  it('that is empty is done', async () => {
    expect(await world().take()).toEqual([]);
  });
});
