// What comes of a press about a row of the admin channel, and of which of its IAM users nothing came.
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Link, Owner } from '../../domain/owner.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * Why one was left as it is. `another`: it has another owner by now. `settled`: the matter is not open any more.
 * `neverAsked`: its first message is still to come. `nothingNow`: its owner has nothing to do at the moment.
 */
export interface PassedOver extends IamUserId {
  why: 'another' | 'settled' | 'gone' | 'neverAsked' | 'nothingNow';
}

export interface Nudged {
  /** undefined: nobody is reminded. */
  owner?: Owner;
  /** Of how many IAM users they hear. */
  users: number;
  /** When they hear of it; undefined: now. */
  at?: Instant;
  hadTodays: boolean;
  passedOver: PassedOver[];
}

export interface HandedOver {
  to: Link['to'];
  users: number;
  passedOver: PassedOver[];
}
