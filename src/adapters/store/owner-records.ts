// When each owner was last written to, and how many were written to for the first time on a day.
import * as z from 'zod/mini';
import { ChangedMeanwhile } from '../../usecases/errors.ts';
import type { OwnerRecord, Records } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { card, object, time } from './fields.ts';
import { expiresAt, readItem } from './item.ts';
import { contactsKey, ownerKey } from './keys.ts';
import type { Table } from './table.ts';
import { writeOver } from './write-over.ts';

/** Without the id, which its key tells: as an attribute it would list the item among the owner's IAM users. */
const ownerSchema = object({
  version: z.int().check(z.positive()),
  notifiedAt: time,
  jobId: z.string(),
  sent: z.exactOptional(
    object({
      jobId: z.string(),
      card: object(card),
      users: z.array(object({ account: z.string(), userName: z.string() })),
    }),
  ),
  digest: z.exactOptional(object(card)),
});

const contactsSchema = object({
  version: z.int().check(z.positive()),
  taken: z.int().check(z.nonnegative()),
  youngest: z.exactOptional(time),
});

true satisfies Same<z.output<typeof ownerSchema>, Omit<OwnerRecord, 'ownerId'>>;

/** How often a day's number is read again when others take of it at the same time. */
const TRIES = 10;
/** Kept for whoever asks later why somebody was not written to on a day. */
const CONTACTS_KEPT_DAYS = 30;

export function ownerRecords(
  table: Table,
): Pick<Records, 'owner' | 'saveOwner' | 'takeContacts' | 'returnContacts' | 'youngestToday'> {
  return {
    async owner(ownerId) {
      const item = await table.get(ownerKey(ownerId));
      return item && { ownerId, ...readItem(ownerSchema, item) };
    },
    async saveOwner(owner) {
      const { ownerId, ...record } = owner;
      const next = { ...record, version: owner.version + 1 };
      const write = { loaded: owner.version, name: ownerId };
      await writeOver(table, ownerKey(ownerId), z.encode(ownerSchema, next), write);
      return { ownerId, ...next };
    },
    async takeContacts(day, wanted, mostPerDay) {
      let took = 0;
      await changeDay(table, day, ({ taken, ...rest }) => {
        took = Math.max(0, Math.min(wanted, mostPerDay - taken));
        return took > 0 ? { ...rest, taken: taken + took } : undefined;
      });
      return took;
    },
    async returnContacts(day, count) {
      await changeDay(table, day, ({ taken, ...rest }) =>
        count > 0 ? { ...rest, taken: Math.max(0, taken - count) } : undefined,
      );
    },
    async youngestToday(day, find) {
      const item = await table.get(contactsKey(day));
      const known = item && readItem(contactsSchema, item).youngest;
      if (known !== undefined) return known;
      let youngest = await find();
      await changeDay(table, day, (record) => {
        youngest = record.youngest ?? youngest;
        return { ...record, youngest };
      });
      return youngest;
    },
  };
}

type Contacts = Omit<z.output<typeof contactsSchema>, 'version'>;

/** Whoever else writes at the same time is read again, and the change made to what they wrote. undefined: there is none. */
async function changeDay(
  table: Table,
  day: string,
  change: (record: Contacts) => Contacts | undefined,
): Promise<void> {
  const key = contactsKey(day);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const item = await table.get(key);
    const { version, ...record } = item ? readItem(contactsSchema, item) : { version: 0, taken: 0 };
    const changed = change(record);
    if (!changed) return;
    const next = z.encode(contactsSchema, { version: version + 1, ...changed });
    const expires = { expiresAt: expiresAt(Date.parse(day), CONTACTS_KEPT_DAYS) };
    try {
      return await writeOver(table, key, { ...next, ...expires }, { loaded: version, name: key.pk });
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
  throw new ChangedMeanwhile(key.pk);
}
