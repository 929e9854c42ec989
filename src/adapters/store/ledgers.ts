// How the keys of each account are used, a few items for an account: what the nightly reports told.
import * as z from 'zod';
import type { LedgerRecord, Records } from '../../usecases/ports.ts';
import { expiresAt } from './expiry.ts';
import { object, type Same, time } from './fields.ts';
import { readItem } from './item.ts';
import { ledgerKey } from './keys.ts';
import type { Table } from './table.ts';
import { writeOver } from './write-over.ts';

const ledgerSchema = object({
  account: z.string(),
  shard: z.int().nonnegative(),
  version: z.int().positive(),
  reportedAt: time,
  users: z.array(
    object({
      userName: z.string(),
      seenAt: time.exactOptional(),
      keys: z.array(
        object({ lastRotated: time, lastUsed: time.exactOptional(), longestSilence: z.int().nonnegative() }),
      ),
    }),
  ),
});

true satisfies Same<z.output<typeof ledgerSchema>, LedgerRecord>;

export function ledgers(table: Table, retentionDays: number): Pick<Records, 'ledger' | 'saveLedger'> {
  return {
    async ledger(account, shard) {
      const item = await table.get(ledgerKey(account, shard));
      return item ? readItem(ledgerSchema, item) : { account, shard, version: 0, reportedAt: 0, users: [] };
    },
    async saveLedger(ledger) {
      const { account, shard, version: loaded, reportedAt } = ledger;
      const next = z.encode(ledgerSchema, { ...ledger, version: loaded + 1 });
      const key = ledgerKey(account, shard);
      // One that no report renews belongs to an account, or to users, that are gone.
      const item = { ...next, expiresAt: expiresAt(reportedAt, retentionDays) };
      await writeOver(table, key, item, { loaded, name: `${key.pk} ${key.sk}` });
    },
  };
}
