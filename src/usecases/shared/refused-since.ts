// Whether AWS has refused to let an account be swept since it last was.
import type { RefusedSweep, SweepFigures } from '../jobs.ts';
import type { Records } from '../ports.ts';

/** `latest`: the figures of the last sweep that came to its end. */
export async function refusedSince(
  account: string,
  latest: SweepFigures | undefined,
  records: Pick<Records, 'refusedSweep'>,
): Promise<RefusedSweep | undefined> {
  const refused = await records.refusedSweep(account);
  return refused && refused.at > (latest?.sweptAt ?? 0) ? refused : undefined;
}
