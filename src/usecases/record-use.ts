// Adds a night's report to what is remembered of the use of keys.
import { withReport } from '../domain/watch.ts';
import type { RecordUseJob } from './jobs.ts';
import type { Ports } from './ports.ts';

export async function recordUse(
  { account, shard, report }: RecordUseJob,
  { records }: Pick<Ports, 'records'>,
): Promise<void> {
  const known = await records.ledger(account, shard);
  const next = withReport(known, report);
  if (next !== known) await records.saveLedger(next);
}
