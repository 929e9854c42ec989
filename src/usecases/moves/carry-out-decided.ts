// Carries out what somebody decided earlier: that the old key goes off once it is quiet.
import { decisionIn, outcomeOf, stillCounts } from '../../domain/decision.ts';
import { type IamUser, without } from '../../domain/iam-user.ts';
import type { Decision } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { Ports } from '../ports.ts';
import { actorFor } from '../shared/authorize.ts';
import { carryOut, claimed, conclude } from './carry-out.ts';

/**
 * The same claim, act and save as a press, in the name of whoever decided, once the look just taken raises no doubt at
 * all. Where something speaks against it, or they may not press any more, nothing is done and the owner is asked.
 * @param since a record that was looked at before is not judged on.
 */
export async function carryOutDecided(
  user: IamUser,
  jobId: string,
  since: Instant,
  ports: Ports,
): Promise<IamUser> {
  const decided = decisionIn(user);
  if (!decided || user.claim || user.keysSeenAt < since || !stillCounts(decided, user)) return user;
  const policy = ports.policy(user.account);
  const outcome = outcomeOf(decided, user, policy, ports.now());
  if (outcome.kind === 'wait') return user;
  const mayAct = await isStillAllowed(decided, user, ports);
  if (mayAct === undefined) return user;
  const { by: actor, at: decidedAt } = decided;
  const move = { move: 'deactivate', actor, decidedAt, jobId: `${jobId}/decided`, at: ports.now() } as const;
  // What was asked earlier is no answer to this.
  const standing = await ports.users.save(claimed(without(user, 'question'), move));
  if (!mayAct) return conclude(standing, { kind: 'asked', doubts: [] }, ports);
  return outcome.kind === 'ask'
    ? conclude(standing, { kind: 'asked', doubts: outcome.doubts }, ports)
    : carryOut(standing, false, ports);
}

/** undefined: Slack does not say. */
async function isStillAllowed({ by }: Decision, user: IamUser, ports: Ports): Promise<boolean | undefined> {
  const who = await actorFor(by.slackId, user, ports, by.as === 'admin');
  if ('refusal' in who) return who.refusal.kind === 'slackRefused' ? undefined : false;
  return who.actor.as === by.as;
}
