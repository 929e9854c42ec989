// Sends a table in as many messages as it takes. A job that comes again goes on behind the last row that was sent.
import { type IamUser, nameOf } from '../../domain/iam-user.ts';
import { isOpen } from '../../domain/rotation.ts';
import { SECOND } from '../../domain/time.ts';
import { ifFailed, TryLater } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';

const ONE_TAKES_MS = 15 * SECOND;
/** Seconds. Slack takes some one message a second. */
const NEXT_IN = 2;

/** A row, and what it is sorted by: that stays the same from one delivery to the next, whatever else changes. */
export interface Line<Row> {
  order: string;
  row: Row;
}

/** The oldest key first; whose rotation is not open comes last. */
export function orderOf(user: IamUser): string {
  const since = isOpen(user.rotation) ? new Date(user.rotation.oldKeyCreatedAt).toISOString() : '~';
  return `${since} ${nameOf(user)}`;
}

export async function sendTable<Row>(
  job: CommandJob,
  lines: readonly Line<Row>[],
  send: (rows: readonly Row[], from: number) => Promise<number>,
  ports: Ports,
): Promise<void> {
  const sorted = lines.toSorted((a, b) => (a.order < b.order ? -1 : 1));
  const rows = sorted.map(({ row }) => row);
  const { last = '' } = (await ports.records.tableSent(job.id)) ?? {};
  let from = sorted.filter(({ order }) => order <= last).length;
  while (from < rows.length) {
    if (ports.timeLeft() < ONE_TAKES_MS) throw new TryLater(1, 'more of the table is to be sent');
    from = await ifFailed(send(rows, from), (error) => {
      if (error.outcome !== 'busy') throw error;
      // It gets on, so it does not wait the longer the more often it comes back.
      throw new TryLater(error.retryAfter ?? NEXT_IN, 'Slack takes more of the table later', {
        cause: error,
      });
    });
    await ports.records.saveTableSent({
      jobId: job.id,
      at: ports.now(),
      last: sorted[from - 1]?.order ?? '',
    });
  }
}
