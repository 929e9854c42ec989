// Adds a night's report to the account's usage history.
import { withReport } from '../../domain/usage-ledger.ts';
import type { RecordUseJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';

export async function recordUse(
  { account, shard, of, report }: RecordUseJob,
  { records }: Pick<Ports, 'records'>,
): Promise<void> {
  const known = await records.ledger(account, { shard, of });
  const next = withReport(known, report);
  if (next !== known) await records.saveLedger(next);
}
