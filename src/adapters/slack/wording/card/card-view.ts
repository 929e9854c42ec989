// Everything a card is drawn from, and the facts its parts are worded with.
import { findKey } from '../../../../domain/access-key.ts';
import { decisionIn, turnsOffAt } from '../../../../domain/decision.ts';
import type { IamUser, Question } from '../../../../domain/iam-user.ts';
import { doubtsAbout, keyMeant, movesOffered } from '../../../../domain/legality.ts';
import { otherKeyIn, situationOf } from '../../../../domain/moves/situation.ts';
import type { Policy } from '../../../../domain/policy.ts';
import {
  type Actor,
  type Deactivated,
  isOpen,
  type Role,
  type Rotation,
  replacementOf,
  requestIn,
} from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { MoveName } from '../../../../domain/transitions.ts';
import { mention } from '../../escape.ts';
import type { MoveFacts } from '../shared/moves.ts';
import type { Helpers } from '../shared/whom-to-ask.ts';

export interface CardView {
  user: IamUser;
  accountName?: string | undefined;
  policy: Policy;
  now: Instant;
  /** The secret's name in Secrets Manager, and the region it lies in. */
  vaultPath: string;
  region: string;
  /** What people type for `keyrotate pull`; undefined: they have not got it. */
  pullCommand?: string | undefined;
  helpers: Helpers;
  /** Who reads it; the owner unless told otherwise. */
  as?: Role | undefined;
  drawing: string;
  /** They have never heard of keyrotate. */
  isFirst?: boolean | undefined;
}

/** undefined: AWS did not show it at the last look. */
export function keysInPlay({ keys }: IamUser, rotation: Rotation) {
  const newKeyId = replacementOf(rotation)?.keyId;
  return {
    old: findKey(keys, rotation.oldKeyId),
    fresh: newKeyId === undefined ? undefined : findKey(keys, newKeyId),
    /** Neither of the two: a key that takes up the second slot. */
    other: otherKeyIn({ rotation, keys }),
  };
}

export function moveFacts(move: MoveName, rotation: Rotation, view: CardView): MoveFacts {
  const { user, policy, now } = view;
  const situation = situationOf(user, policy, now);
  const lastUse = findKey(user.keys, rotation.oldKeyId)?.lastUse;
  return {
    oldKeyId: rotation.oldKeyId,
    newKeyId: replacementOf(rotation)?.keyId,
    otherKeyId: keyMeant(situation, move)?.id,
    hasSecondKey: user.keys.some(({ id, status }) => id !== rotation.oldKeyId && status === 'Active'),
    graceDays: policy.graceDays,
    lastUse: lastUse?.seen === 'used' ? lastUse : undefined,
    isDoubtful: situation !== undefined && doubtsAbout(move, situation).length > 0,
  };
}

/** What the reader may press now. An admin also answers a request for more time. */
export function movesFor({ user, policy, now, as = 'owner' }: CardView): MoveName[] {
  if (user.owner.kind === 'nobody' && as === 'owner') return [];
  const isAsked = as === 'admin' && user.rotation !== undefined && requestIn(user.rotation) !== undefined;
  return [
    ...(isAsked ? (['approve', 'decline'] as const) : []),
    ...movesOffered(situationOf(user, policy, now), as),
  ];
}

/** When the old key goes off by what was decided; undefined: nothing is. */
export function goesOffAt({ user, policy, now }: CardView): Instant | undefined {
  const decided = decisionIn(user);
  const situation = decided && situationOf(user, policy, now);
  return situation && turnsOffAt(situation, decided.from);
}

/** A question counts as long as the move it is about may still be made. */
export function liveQuestion(view: CardView): Question | undefined {
  const { question } = view.user;
  return question && movesFor(view).includes(question.move) ? question : undefined;
}

/** Who did something, as the reader calls them: `You` only for the one person who can be reading. */
export function whoDid(by: Actor | undefined, { user, as }: CardView): string {
  if (as === 'admin') return by?.kind === 'person' ? mention(by.slackId) : 'Its owner';
  if (by?.kind !== 'person') return 'You';
  const { owner } = user;
  return owner.kind === 'person' && owner.slackId === by.slackId ? 'You' : mention(by.slackId);
}

/** Both keys are off, or the new one is gone. */
export function nothingWorks(
  rotation: Rotation,
  { user }: CardView,
): rotation is Deactivated & { newKeyOutSince: Instant } {
  const isOldOn = keysInPlay(user, rotation).old?.status === 'Active';
  return rotation.stage === 'deactivated' && rotation.newKeyOutSince !== undefined && !isOldOn;
}

export function isNobodysNow({ user, as }: CardView): boolean {
  return (
    user.owner.kind === 'nobody' && as !== 'admin' && user.rotation !== undefined && isOpen(user.rotation)
  );
}
