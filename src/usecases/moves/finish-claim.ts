// Finishes a claimed move whose worker died. While a worker may still be at it, the job comes back later.
import type { Claim, IamUser } from '../../domain/iam-user.ts';
import { judgeAgain } from '../../domain/legality.ts';
import { MOVE_ROWS } from '../../domain/moves/rows.ts';
import { situationOf } from '../../domain/moves/situation.ts';
import { IAM_LAG } from '../../domain/policy.ts';
import { TryLater } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { readAnew } from '../shared/live-user.ts';
import { carryOut, conclude, LEASE_MS } from './carry-out.ts';
import { refused } from './effect.ts';

const RETRY_SECONDS = 20;

/**
 * While the lease lasts even the same job waits: a second delivery cannot know whether the first is still at work.
 * Throws TryLater then. A claim that waits for IAM to show what was done is left standing.
 */
export async function finishStandingClaim(user: IamUser, ports: Ports): Promise<IamUser> {
  const { claim } = user;
  if (!claim) return user;
  if (claim.leaseUntil > ports.now()) {
    if (claim.waits) return user;
    throw new TryLater(RETRY_SECONDS, `${claim.move} is under way`);
  }
  const held = await takeLease(user, claim, ports);
  // Creating a key looks for what the earlier attempt left. Other moves are judged anew on what AWS shows now.
  return MOVE_ROWS[claim.move].inAws === 'createsKey'
    ? carryOut(held, true, ports)
    : takeUpAgain(held, claim, ports);
}

/** Two jobs may find the same claim, one from each queue. Only the one that writes first goes on. */
function takeLease(user: IamUser, claim: Claim, ports: Ports): Promise<IamUser> {
  return ports.users.save({ ...user, claim: { ...claim, leaseUntil: ports.now() + LEASE_MS } });
}

/** Throws OutsideError when AWS cannot be asked: the claim stands, and the tick comes back to it. */
async function takeUpAgain(user: IamUser, claim: Claim, ports: Ports): Promise<IamUser> {
  const now = ports.now();
  const seen = await readAnew(user, ports);
  if ('kind' in seen) return conclude(user, refused(seen), ports);
  const verdict = judgeAgain(situationOf(seen, ports.policy(user.account), now), claim);
  if (verdict.verdict === 'allowed') return carryOut(seen, true, ports);
  // The earlier attempt may have taken effect without IAM showing it yet.
  const certainAt = claim.at + IAM_LAG;
  if (now < certainAt) return conclude(seen, { kind: 'notKnownYet', until: certainAt }, ports);
  if (verdict.verdict === 'ask') return conclude(seen, { kind: 'asked', doubts: verdict.doubts }, ports);
  return conclude(seen, refused(verdict.refusal), ports);
}
