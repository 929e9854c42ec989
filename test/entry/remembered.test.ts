// What a warm container remembers, for how long, and what it never remembers.
import { expect, it } from 'vitest';
import { remembered } from '../../src/entry/remembered.ts';

function world(lifetimeMs = 1000) {
  let now = 0;
  let made = 0;
  const results: (() => Promise<string>)[] = [];
  const make = () => {
    made += 1;
    return results.shift()?.() ?? Promise.resolve(`made ${made}`);
  };
  return {
    memory: remembered(lifetimeMs, make, () => now),
    pass: (ms: number) => {
      now += ms;
    },
    next: (...given: (() => Promise<string>)[]) => results.push(...given),
    made: () => made,
  };
}

const fail = () => Promise.reject(new Error('no secret'));

it('the memory makes nothing before it is asked, one within its lifetime, and another after it', async () => {
  const { memory, pass, made } = world(1000);
  expect(made()).toBe(0);
  expect(await memory.get()).toBe('made 1');
  pass(999);
  expect(await memory.get()).toBe('made 1');
  pass(1);
  expect(await memory.get()).toBe('made 2');
  pass(999);
  expect(await memory.get()).toBe('made 2');
});

it('the memory remembers for ever when the lifetime has no end', async () => {
  const { memory, pass } = world(Number.POSITIVE_INFINITY);
  await memory.get();
  pass(Number.MAX_SAFE_INTEGER);
  expect(await memory.get()).toBe('made 1');
});

it('the memory makes it anew once it is told to forget, if there is anything to forget', async () => {
  const { memory } = world();
  memory.forget();
  expect(await memory.get()).toBe('made 1');
  memory.forget();
  expect(await memory.get()).toBe('made 2');
  expect(await memory.get()).toBe('made 2');
});

it('the memory makes it anew for whoever needs the newest, at most every half minute, and keeps it where that fails', async () => {
  const { memory, pass, next } = world(600_000);
  await memory.get();
  pass(29_999);
  expect(await memory.newest()).toBe('made 1');
  pass(1);
  expect(await memory.newest()).toBe('made 2');
  expect(await memory.get()).toBe('made 2');
  pass(30_000);
  next(fail);
  expect(await memory.newest()).toBe('made 2');
  pass(29_999);
  expect(await memory.newest()).toBe('made 2');
  pass(1);
  expect(await memory.newest()).toBe('made 4');
});

it('the memory shares one making among those who ask at the same time', async () => {
  const { memory, made } = world();
  expect(await Promise.all([memory.get(), memory.get(), memory.get()])).toEqual([
    'made 1',
    'made 1',
    'made 1',
  ]);
  expect(made()).toBe(1);
});

it('the memory never remembers a failure, which all who wait for it hear of', async () => {
  const { memory, next } = world();
  next(fail);
  const waiting = [memory.get(), memory.get()];
  expect(await Promise.allSettled(waiting)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(await memory.get()).toBe('made 2');
});

it('the memory lets an old failure not undo what was made since', async () => {
  const { memory, next, made } = world();
  let breakDown: (error: Error) => void = () => undefined;
  next(
    () =>
      new Promise((_, reject) => {
        breakDown = reject;
      }),
  );
  const first = memory.get();
  memory.forget();
  expect(await memory.get()).toBe('made 2');
  breakDown(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(await memory.get()).toBe('made 2');
  expect(made()).toBe(2);
});

it('the memory serves what it made last while making it anew fails, and keeps trying', async () => {
  const { memory, pass, next } = world(60_000);
  expect(await memory.get()).toBe('made 1');
  pass(60_000);
  next(fail, fail);
  expect(await memory.get()).toBe('made 1');
  pass(30_000);
  expect(await memory.get()).toBe('made 1');
  pass(30_000);
  expect(await memory.get()).toBe('made 4');
});

it('the memory lets nobody wait for the same failure again, for half a minute', async () => {
  const { memory, pass, next, made } = world(60_000);
  await memory.get();
  pass(60_000);
  next(fail);
  for (const ms of [0, 15_000, 14_999]) {
    pass(ms);
    expect(await memory.get()).toBe('made 1');
  }
  expect(made()).toBe(2);
  pass(1);
  expect(await memory.get()).toBe('made 3');
});

it('the memory does not serve what it was told to forget', async () => {
  const { memory, next } = world();
  await memory.get();
  memory.forget();
  next(fail);
  await expect(memory.get()).rejects.toThrow('no secret');
});
