// Which sweep or summary should have come by now, and did not.
import { HOUR, type Instant } from '../../domain/time.ts';
import type { HealthRecord, Ports } from '../ports.ts';

/** A walk over an account takes minutes, and AWS may take its time over the report. */
const TAKES_AT_MOST = HOUR;

/** `due`: when it should have begun. */
export interface Late {
  due: Instant;
}

type LatePorts = Pick<Ports, 'accounts' | 'records' | 'schedules' | 'now'>;

export async function lateAccounts(
  { since }: Pick<HealthRecord, 'since'>,
  { accounts, records, schedules, now }: LatePorts,
): Promise<(Late & { account: string })[]> {
  const due = schedules.lastDue('sweep', now());
  const figures = await Promise.all(accounts.map((account) => records.latestSweep(account)));
  return accounts.flatMap((account, i) =>
    isLate(due, figures[i]?.sweptAt ?? since, now()) ? [{ account, due }] : [],
  );
}

/** undefined: it came, or its time is still to come. */
export async function lateSummary(
  { since }: Pick<HealthRecord, 'since'>,
  { records, schedules, now }: LatePorts,
): Promise<Late | undefined> {
  const due = schedules.lastDue('summary', now());
  const latest = await records.latestSummary();
  return isLate(due, latest?.at ?? since, now()) ? { due } : undefined;
}

function isLate(due: Instant | undefined, cameAt: Instant, now: Instant): due is Instant {
  return due !== undefined && cameAt < due && now - due >= TAKES_AT_MOST;
}
