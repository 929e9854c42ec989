// Items as schema 1 wrote them on the day it was fixed. One that cannot be read any more calls for a new schema.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { readUser } from '../../../src/adapters/store/live-users.ts';
import { userSchema } from '../../../src/adapters/store/user-schema.ts';
import { STAGES } from '../../../src/domain/transitions.ts';

const items = readFileSync(new URL('schema-1.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Record<string, unknown> => JSON.parse(line));

it.each(items.map((item) => [item.userName, item]))(
  '%s is read, and would be written as it was',
  (_, item) => {
    const { pk, sk, schema, ownerId, listedIn, dueIn, nextAt, ...fields } = item;
    // What the version before wrote about messages, and what is written for it alone.
    const { card, formerCard, adminCard, notice, owed, news, messagesOf, ...others } = fields;
    expect(schema).toBe(1);
    expect(z.encode(userSchema, readUser(item))).toMatchObject(others);
  },
);

it('there is one at each stage with the least it can have, one with everything, and one with each message', () => {
  const names = items.map(({ userName }) => userName);
  expect(names).toEqual([...STAGES.map((stage) => `at-${stage}`), 'full', 'messages']);
});
