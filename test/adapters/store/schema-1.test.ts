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
    const { pk, sk, schema, ownerId, listedIn, dueIn, nextAt, usedOn, ...fields } = item;
    // What the version before wrote about messages, and what is written for it alone.
    const { card, formerCard, adminCard, notice, owed, news, messagesOf, ...others } = fields;
    expect(schema).toBe(1);
    expect(z.encode(userSchema, readUser(item))).toMatchObject(others);
  },
);

it('the longest silence of all keys counts, and is written for the version before, too', () => {
  const [due = {}] = items;
  const use = (longestSilence: number) => ({ days: ['2026-11-01'], longestSilence });
  const user = readUser({ ...due, usedOn: { AKIAGONE: use(7), AKIAOLDOLDOLDOLD4NOP: use(3) } });
  expect(user).toMatchObject({ longestSilence: 7 });
  expect(user).not.toHaveProperty('usedOn');
  const written = z.encode(userSchema, user);
  const usedOn = { AKIAOLDOLDOLDOLD4NOP: { days: [], longestSilence: 7 } };
  expect(written).toMatchObject({ longestSilence: 7, usedOn });
  expect(readUser({ ...due, ...written, usedOn: {} }).longestSilence).toBe(7);
  expect(readUser({ ...due, ...written, usedOn: { AKIANEW: use(9) } }).longestSilence).toBe(9);
});

it('there is one at each stage with the least it can have, one with everything, and one with each message', () => {
  const names = items.map(({ userName }) => userName);
  expect(names).toEqual([...STAGES.map((stage) => `at-${stage}`), 'full', 'messages']);
});
