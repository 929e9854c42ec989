// Jobs as version 1 wrote them on the day it was fixed: what waits in a queue during a deployment is still done, where it is
// in nobody's name (queued-press.test.ts tells of the others). Two kinds of look have become one.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseUpkeepJob } from '../../../src/adapters/queue/job-schema.ts';

const bodies = readFileSync(new URL('version-1.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

const upkeep = bodies.filter((body) => !body.includes('personId'));

const LATER: Record<string, unknown> = { wake: 'inspect' };

it.each(upkeep)('%s is read', (body) => {
  const { v, ...job } = JSON.parse(body, (_, value) => LATER[value] ?? value);
  expect(v).toBe(1);
  expect(parseUpkeepJob(body)).toEqual(job);
});
