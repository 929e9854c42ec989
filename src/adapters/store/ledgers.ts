// How the keys of each account are used, a few items for an account: what the nightly reports told.
import * as z from 'zod/mini';
import { type LedgerUser, movedTo, type Shard, UNNAMED_COUNT } from '../../domain/usage-ledger.ts';
import type { LedgerRecord, Records } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';
import { expiresAt, readItem } from './item.ts';
import { ledgerKey } from './keys.ts';
import type { Table } from './table.ts';
import { writeOver } from './write-over.ts';

const storedUser = object({
  userName: z.string(),
  madeAt: z.exactOptional(time),
  seenAt: z.exactOptional(time),
  keys: z.array(
    object({
      lastRotated: time,
      lastUsed: z.exactOptional(time),
      longestSilence: z.int().check(z.nonnegative()),
    }),
  ),
});

/** An earlier version guessed the silence of each key, and needs it to be there. */
const user = z.codec(storedUser, z.custom<LedgerUser>(), {
  decode: ({ keys, ...rest }) => ({
    ...rest,
    keys: keys.map(({ longestSilence: _, ...key }) => key),
    longestSilence: Math.max(0, ...keys.map(({ longestSilence }) => longestSilence)),
  }),
  encode: ({ keys, longestSilence, ...rest }) => ({
    ...rest,
    keys: keys.map((key) => ({ ...key, longestSilence })),
  }),
});

const ledgerSchema = object({
  account: z.string(),
  shard: z.int().check(z.nonnegative()),
  of: z._default(z.int().check(z.positive()), UNNAMED_COUNT),
  version: z.int().check(z.positive()),
  reportedAt: time,
  users: z.array(user),
});

true satisfies Same<z.output<typeof ledgerSchema>, LedgerRecord>;

export function ledgers(table: Table, counts: readonly number[]): Pick<Records, 'ledger' | 'saveLedger'> {
  async function read(account: string, shard: Shard): Promise<LedgerRecord | undefined> {
    const item = await table.get(ledgerKey(account, shard));
    return item && readItem(ledgerSchema, item);
  }

  async function ofAnotherNumber(account: string, { of: wanted }: Shard): Promise<LedgerRecord[]> {
    for (const of of counts.filter((count) => count !== wanted)) {
      const parts = await Promise.all(Array.from({ length: of }, (_, shard) => read(account, { shard, of })));
      const written = parts.flatMap((part) => part ?? []);
      if (written.length > 0) return written;
    }
    return [];
  }

  return {
    async ledger(account, { shard, of }) {
      const written = await read(account, { shard, of });
      if (written) return written;
      const before = await ofAnotherNumber(account, { shard, of });
      return { account, shard, of, version: 0, ...movedTo({ shard, of }, before) };
    },
    async saveLedger(ledger) {
      const { account, version: loaded, reportedAt } = ledger;
      const next = z.encode(ledgerSchema, { ...ledger, version: loaded + 1 });
      const key = ledgerKey(account, ledger);
      // One that no report renews belongs to an account, or to users, that are gone.
      const item = { ...next, expiresAt: expiresAt(reportedAt) };
      await writeOver(table, key, item, { loaded, name: `${key.pk} ${key.sk}` });
    },
  };
}
