// A claim found standing belongs to somebody at work, or to somebody who died at it: wait for the one, finish the other.
import type { IamUser } from '../domain/iam-user.ts';
import type { Refusal } from '../domain/refusal.ts';
import { carryOut, LEASE_MS } from './carry-out.ts';
import { TryLater } from './errors.ts';
import type { Ports } from './ports.ts';

export interface Finished {
  user: IamUser;
  /** The claim that was finished here, and how that ended. */
  finished?: { jobId: string; refusal?: Refusal };
}

const RETRY_SECONDS = 20;

/**
 * While the lease lasts even the same job waits: a second delivery cannot know whether the first is still at work.
 * Throws TryLater then. A claim that waits for IAM to settle is left standing.
 */
export async function finishStandingClaim(user: IamUser, ports: Ports): Promise<Finished> {
  const { claim } = user;
  if (!claim) return { user };
  const now = ports.now();
  if (claim.leaseUntil > now) {
    if (isSettling(claim.leaseUntil - now)) return { user };
    throw new TryLater(RETRY_SECONDS, `${claim.move} is under way`);
  }
  const { user: after, refusal } = await carryOut(user, true, ports);
  return { user: after, finished: { jobId: claim.jobId, ...(refusal && { refusal }) } };
}

/** No holder's lease is this long: the claim waits for IAM to show what became of an unanswered call. */
function isSettling(remainingMs: number): boolean {
  return remainingMs > LEASE_MS;
}
