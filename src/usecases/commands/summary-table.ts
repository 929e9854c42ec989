// `/keyrotate summary csv`: a row for each IAM user about which something is open. The caller has made sure that an admin asks.
import type { IamUser } from '../../domain/iam-user.ts';
import type { CommandJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { type Line, orderOf, sendTable } from './send-table.ts';

export async function answerSummaryTable(job: CommandJob, ports: Ports): Promise<void> {
  const lines: Line<IamUser>[] = [];
  for (const account of ports.accounts)
    for await (const user of ports.users.listed(account)) lines.push({ order: orderOf(user), row: user });
  await sendTable(job, lines, (users, from) => ports.messenger.sendSummaryTable(job, users, from), ports);
  await ports.messenger.answerSummaryTable(job, lines.length);
}
