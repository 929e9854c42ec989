// How long the evidence is kept. DynamoDB removes what has expired, within days.
import { DAY, type Instant, SECOND } from '../../domain/time.ts';

export const RETENTION_DAYS = 400;

/** Time to live counts in seconds. */
export function expiresAt(at: Instant, retentionDays: number): number {
  return Math.ceil((at + retentionDays * DAY) / SECOND);
}
