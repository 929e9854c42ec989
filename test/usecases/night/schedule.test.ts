// What the schedules set off: jobs, and nothing but jobs.
import { describe, expect, it } from 'vitest';
import { deduplicationOf } from '../../../src/adapters/queue/message-ids.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import type { SweepJob, UpkeepJob } from '../../../src/usecases/jobs.ts';
import { runTask } from '../../../src/usecases/night/schedule.ts';
import type { Jobs, LogFacts, Users } from '../../../src/usecases/ports.ts';
import { NOW } from '../../domain/given.ts';
import { only } from '../../only.ts';

function world(due: { account: string; userName: string; nextAt: number; keyCreatedAt?: number }[] = []) {
  const put: (readonly UpkeepJob[])[] = [];
  const sweeps: SweepJob[] = [];
  const logged: [string, LogFacts | undefined][] = [];
  const asked: number[] = [];
  let taken = 0;
  let now = NOW;
  async function* dueBy(at: number) {
    asked.push(at);
    for (const one of due) {
      taken += 1;
      yield one;
    }
  }
  const log = (event: string, facts?: LogFacts) => logged.push([event, facts]);
  const ports = {
    accounts: ['111122223333', '444455556666'],
    users: only<Users>({ dueBy }),
    jobs: only<Jobs>({
      put: async (jobs) => {
        put.push(jobs);
      },
      sweep: async (jobs) => {
        sweeps.push(...jobs);
      },
    }),
    log: { info: log, warn: log, error: log },
    now: () => now,
  };
  return {
    ...{ ports, put, sweeps, logged, asked },
    pass: (ms: number) => {
      now += ms;
    },
    taken: () => taken,
    ids: () => put.flat().map(({ id }) => id),
  };
}

const dueUser = (userName: string) => ({ account: '111122223333', userName, nextAt: NOW - DAY });

describe('the tick', () => {
  it('wakes whoever has something due by now, the longest waiting first', async () => {
    const { ports, put, asked, logged } = world([dueUser('a'), dueUser('b')]);
    await runTask('tick', ports);
    const inspects = { kind: 'inspect', account: '111122223333', isDue: true };
    expect(asked).toEqual([NOW]);
    expect(put).toEqual([
      [
        { ...inspects, id: `tick/111122223333/a@${NOW}`, userName: 'a' },
        { ...inspects, id: `tick/111122223333/b@${NOW}`, userName: 'b' },
      ],
    ]);
    expect(logged).toEqual([['tick.done', { count: 2 }]]);
  });

  it('wakes those with the oldest keys first: not all may be brought to their owners on one day', async () => {
    const aged = (userName: string, days: number) => ({
      ...dueUser(userName),
      keyCreatedAt: NOW - days * DAY,
    });
    const { ports, put } = world([aged('young', 77), aged('old', 300), aged('middle', 120)]);
    await runTask('tick', ports);
    expect(put[0]).toMatchObject([{ userName: 'old' }, { userName: 'middle' }, { userName: 'young' }]);
  });

  it('is not crowded out by users of an account that may no longer be touched', async () => {
    const foreign = Array.from({ length: 2500 }, (_, i) => ({
      ...dueUser(`x-${i}`),
      account: '999999999999',
    }));
    const { ports, put } = world([...foreign, dueUser('ci')]);
    await runTask('tick', ports);
    expect(put[0]).toMatchObject([{ userName: 'ci' }]);
  });

  it('queues nothing when nothing is due', async () => {
    const { ports, put, logged } = world();
    await runTask('tick', ports);
    expect(put).toEqual([]);
    expect(logged).toEqual([['tick.done', { count: 0 }]]);
  });

  it('leaves to the next tick what one cannot do in time, and does not even read it', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => dueUser(`user-${i}`));
    const { ports, put, taken } = world(many);
    await runTask('tick', ports);
    expect(put.flat()).toHaveLength(2000);
    expect(taken()).toBe(2000);
  });

  it('gives its jobs other ids each time: the queue would drop what it takes for a duplicate', async () => {
    const { ports, ids, pass } = world([dueUser('a')]);
    await runTask('tick', ports);
    pass(5 * MINUTE);
    await runTask('tick', ports);
    expect(new Set(ids()).size).toBe(2);
  });

  it('tells two users apart whose names read alike', async () => {
    const { ports, put } = world([
      dueUser('ci@1'),
      dueUser('ci'),
      { ...dueUser('ci'), account: '444455556666' },
    ]);
    await runTask('tick', ports);
    const ids = put.flat().map(deduplicationOf);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('the sweep', () => {
  it('is one walk per account, and one over the members of the workspace', async () => {
    const { ports, sweeps, put } = world();
    await runTask('sweep', ports);
    const id = 'sweep@2026-11-20T09:00:00.000Z';
    expect(sweeps).toEqual([
      { kind: 'sweep', id, account: '111122223333' },
      { kind: 'sweep', id, account: '444455556666' },
    ]);
    expect(put).toEqual([[{ kind: 'readPeople', id: 'sweep@2026-11-20T09:00:00.000Z/people' }]]);
  });

  it('has another id each time', async () => {
    const { ports, sweeps, pass } = world();
    await runTask('sweep', ports);
    pass(DAY);
    await runTask('sweep', ports);
    expect(new Set(sweeps.map(({ id }) => id)).size).toBe(2);
  });
});

it('the summary is one job for the worker', async () => {
  const { ports, put } = world();
  await runTask('summary', ports);
  expect(put).toEqual([[{ kind: 'summarize', id: 'summary@2026-11-20T09:00:00.000Z' }]]);
});

it('a failure to queue is a failure of the schedule, which is told and tried again', async () => {
  const { ports } = world([dueUser('a')]);
  ports.jobs.put = () => Promise.reject(new Error('down'));
  await expect(runTask('tick', ports)).rejects.toThrow('down');
});
