// What an effect is: the part of a move that changes AWS.
import type { AccessKey } from '../../domain/access-key.ts';
import type { Doubt } from '../../domain/evidence.ts';
import type { Claim, IamUser } from '../../domain/iam-user.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Rotation, RotationAt } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { OpenStage } from '../../domain/transitions.ts';
import { ifFailed, type OutsideError } from '../errors.ts';
import type { AccessKeys, AwsRequestId, Log, Vault } from '../ports.ts';

/** What an effect may use. */
export interface Acting {
  user: IamUser;
  claim: Claim;
  /** True when the claim was found standing: an earlier attempt may have done any part of it. */
  resuming: boolean;
  keys: AccessKeys;
  vault: Vault;
  log: Log;
  policy: Policy;
  now(): Instant;
  /** How many ms this invocation has left. */
  timeLeft(): number;
}

export type Outcome<To extends Rotation> =
  /** `keys`: the user's keys as they now are; our own writes count as done when AWS said so. */
  | { kind: 'done'; rotation: To; keys: AccessKey[]; requestIds: AwsRequestId[] }
  /** `keys`: the user's keys, where the effect read them. */
  | { kind: 'refused'; refusal: Refusal; requestIds: AwsRequestId[]; keys?: AccessKey[] }
  /** A move that is taken up again raised new doubts: nothing was done, and the person is asked again. */
  | { kind: 'asked'; doubts: Doubt[] }
  /** Whether it took effect cannot be known before `until`: the claim stands until then. */
  | { kind: 'notKnownYet'; until: Instant };

export type Effect<S extends OpenStage, To extends Rotation> = (
  rotation: RotationAt<S>,
  acting: Acting,
) => Promise<Outcome<To>>;

export function refused(refusal: Refusal): Extract<Outcome<never>, { kind: 'refused' }> {
  return { kind: 'refused', refusal, requestIds: [] };
}

/** As `ifFailed`, and the log has what AWS said: people hear of it in a few words. */
export function ifAwsFails<Answer, Other>(
  asking: Promise<Answer>,
  acting: Acting,
  otherwise: (error: OutsideError) => Other | Promise<Other>,
): Promise<Answer | Other> {
  return ifFailed(asking, (error) => {
    logFailure(error, acting);
    return otherwise(error);
  });
}

export function logFailure(
  error: unknown,
  { user, claim, log }: Pick<Acting, 'user' | 'claim' | 'log'>,
): void {
  const { account, userName } = user;
  log.warn('move.awsFailed', { account, userName, jobId: claim.jobId, move: claim.move, error });
}
