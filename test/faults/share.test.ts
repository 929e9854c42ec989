// A share of what `npm run faults` and `npm run walk` play, short enough for every test run.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkFor } from './walk.ts';
import { carryOut, closeShard, openShard, type Shard, type Work, worksOf } from './works.ts';

let shard: Shard;
beforeAll(async () => {
  shard = await openShard(false, 2);
});
afterAll(() => closeShard(shard));

/** Those of a scene's schedules that tell most: a change whose answer is lost, and a container that dies after it. */
function share(title: string, telling: RegExp): Work {
  const work = worksOf().find((one) => one.title === title);
  if (!work) throw new Error(`there is no ${title}`);
  return {
    ...work,
    schedules: (rehearsed, plan) => work.schedules(rehearsed, plan).filter(({ when }) => telling.test(when)),
  };
}

describe('every rule holds', () => {
  it.each([
    ['createKey', /(iam:Create|PutSecretValue).*(lost|lives)|PutItem \(2\).*lives/],
    ['delete', /(iam:Delete|PutItem \(2\)).*(lost|lives|reads)/],
    ['races: createKey', /(twice|takes over) during iam:CreateAccessKey/],
    ['outages: createKey', /DynamoDB fails.*12 calls/],
  ])('when calls break: %s', async (title, telling) => {
    const { schedules, violations } = await carryOut(shard, share(title, telling));
    expect(schedules).toBeGreaterThan(0);
    expect(violations).toEqual([]);
  });

  it('after random walks', async () => {
    const { steps, failure } = await walkFor(30, 2026);
    expect(failure).toBeUndefined();
    expect(steps).toBeGreaterThanOrEqual(30);
  });
});
