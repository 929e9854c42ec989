// Jobs as version 1 wrote them on the day it was fixed: what waits in a queue during a deployment is still done. How old a
// drawing was pressed on, counted in messages, says nothing any more, and two kinds of look have become one.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseWorkerJob } from '../../../src/adapters/queue/job-schema.ts';

const bodies = readFileSync(new URL('version-1.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

const LATER: Record<string, unknown> = { wake: 'inspect' };

it.each(bodies)('%s is read', (body) => {
  const { v, ...job } = JSON.parse(body, (name, value) =>
    name === 'drawn' ? undefined : (LATER[value] ?? value),
  );
  expect(v).toBe(1);
  expect(parseWorkerJob(body)).toEqual(job);
});
