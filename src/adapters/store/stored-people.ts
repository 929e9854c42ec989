// The members of the workspace: an item for each, another by which their mail address leads to it, and when all were read.
import * as z from 'zod/mini';
import { fingerprint } from '../../domain/fingerprint.ts';
import type { Person } from '../../domain/owner.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import type { Log, People } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';
import { expiresAt, type Item, isUnreadable, readItem, versioned } from './item.ts';
import { mailKey, PEOPLE, PEOPLE_READ, personKey } from './keys.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

const personSchema = object({
  slackId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  email: z.exactOptional(z.string()),
  barred: z.exactOptional(z.enum(['guest', 'stranger', 'bot', 'deactivated', 'foreign'])),
});
const seenSchema = object({ seenAt: time });
const mailSchema = object({ slackId: z.string() });
const readSchema = object({ at: time });

true satisfies Same<z.output<typeof personSchema>, Person>;

/** Whoever Slack lists no more, as those who leave one workspace of several, is forgotten a day after this. */
const WRITTEN_EVERY = 7 * DAY;
const FORGOTTEN_AFTER = WRITTEN_EVERY + DAY;
/** DynamoDB removes what has expired within days. */
const KEPT_DAYS = 9;

export function storedPeople(table: Table, now: () => Instant): People {
  async function person(slackId: string): Promise<Person | undefined> {
    const item = await table.get(personKey(slackId));
    return item && readIfListed(item, now());
  }

  return {
    person,
    async personByEmail(email) {
      const item = await table.get(mailKey(email));
      const found = item && (await person(readItem(mailSchema, item).slackId));
      return found?.email === email ? found : undefined;
    },
    async readAt() {
      const item = await table.get(PEOPLE_READ);
      return item && readItem(readSchema, item).at;
    },
    async saveReadAt(at) {
      await table.put({ ...versioned(z.encode(readSchema, { at })), ...PEOPLE_READ });
    },
    async note(seen, at) {
      const item = await table.get(personKey(seen.slackId));
      const before = item && readIfListed(item, at);
      if (!before && seen.barred === 'deactivated') return 'same';
      const isSame = before !== undefined && fingerprint(before) === fingerprint(seen);
      if (isSame && item && at - readItem(seenSchema, item).seenAt < WRITTEN_EVERY) return 'same';
      const kept = { expiresAt: expiresAt(at, KEPT_DAYS) };
      // The address first: as long as the person's own item is another one, it leads nowhere.
      if (seen.email !== undefined)
        await table.put({ ...versioned({ slackId: seen.slackId }), ...mailKey(seen.email), ...kept });
      const fields = versioned({ ...z.encode(personSchema, seen), ...z.encode(seenSchema, { seenAt: at }) });
      await table.put({ ...fields, ...personKey(seen.slackId), ...kept, listedIn: PEOPLE });
      return isSame || !before ? 'same' : 'changed';
    },
  };
}

/** From the index that a sweep may read. */
export async function* listedPeople(table: Table, log: Log, now: () => Instant): AsyncIterable<Person> {
  const items = table.query({
    IndexName: 'byAccount',
    KeyConditionExpression: 'listedIn = :list',
    ExpressionAttributeValues: { ':list': PEOPLE },
  });
  const listed = readable(items, (item) => (isListed(item, now()) ? readPerson(item) : undefined), log);
  for await (const person of listed) if (person) yield person;
}

/** One that cannot be read is as good as none: Slack is asked, and the next list writes it anew. */
function readIfListed(item: Item, now: Instant): Person | undefined {
  try {
    return isListed(item, now) ? readPerson(item) : undefined;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return undefined;
  }
}

function isListed(item: Item, now: Instant): boolean {
  return now - readItem(seenSchema, item).seenAt < FORGOTTEN_AFTER;
}

function readPerson(item: Item): Person {
  const { slackId, name, timeZone, email, barred } = readItem(personSchema, item);
  return { slackId, name, timeZone, ...(email !== undefined && { email }), ...(barred && { barred }) };
}
