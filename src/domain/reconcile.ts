// What a new snapshot changes in the record.
import { type AccessKey, findKey } from './access-key.ts';
import { withoutPastDecision } from './decision.ts';
import { withOwner } from './hand-over.ts';
import { type IamUser, type IamUserId, without } from './iam-user.ts';
import { doubtsAbout } from './legality.ts';
import { situationOf } from './moves/situation.ts';
import { allTicked, isMigrating } from './moves/ticks.ts';
import { openWhenDue } from './open-rotation.ts';
import type { Policy } from './policy.ts';
import { isOpen, isUnfiled } from './rotation.ts';
import { believe, graceFromLastSeenOn } from './sightings.ts';
import { mayLag, type Snapshot } from './snapshot.ts';
import { longestSilenceSeen, longestSilenceSince } from './usage-history.ts';

/** Brings the record in line with the snapshot. Pure, and safe to repeat: the same one twice changes nothing more. */
export function reconcile(
  id: IamUserId,
  recorded: IamUser | undefined,
  snapshot: Snapshot,
  policy: Policy,
): IamUser {
  const before =
    recorded && !isAnother(recorded, snapshot) ? recorded : firstSeenAgain(id, recorded, snapshot);
  const seen = withOwner(withFacts(before, snapshot), snapshot);
  const confirmed = isOpen(seen.rotation) ? believe(seen, snapshot) : seen;
  const due = withoutPastAdvice(confirmed, snapshot);
  const opened = isOpen(due.rotation) ? due : openWhenDue(due, snapshot, policy);
  const graced = graceFromLastSeenOn(opened, snapshot);
  const asked = withoutPastQuestion(withoutPastDecision(graced, snapshot.at), snapshot, policy);
  const current = withTurn(asked, snapshot, policy);
  return { ...current, knownKeyIds: [...new Set([...current.knownKeyIds, ...idsOf(snapshot.keys)])] };
}

function firstSeen({ account, userName }: IamUserId, snapshot: Snapshot): IamUser {
  return {
    account,
    userName,
    userId: snapshot.userId,
    arn: snapshot.arn,
    version: 0,
    owner: snapshot.owner,
    keys: snapshot.keys,
    keysSeenAt: snapshot.at,
    knownKeyIds: idsOf(snapshot.keys),
    longestSilence: 0,
    messages: [],
    toldEntries: 0,
    unconfirmed: [],
    stranded: [],
  };
}

/**
 * Whether the user was recreated under its name, and nothing is open for the one before: then the record begins anew.
 * It does not wait until the owner before has heard of the end: they may never be reached.
 */
function isAnother({ rotation, answer, userId }: IamUser, snapshot: Snapshot): boolean {
  const isOver = !isOpen(rotation) && !isUnfiled(rotation) && answer === undefined;
  return snapshot.exists && snapshot.userId !== userId && isOver;
}

/** The record goes on being one, under its version. What admins were told of the one before is over, and says so. */
function firstSeenAgain(id: IamUserId, recorded: IamUser | undefined, snapshot: Snapshot): IamUser {
  const seen = firstSeen(id, snapshot);
  if (!recorded) return seen;
  const messages = recorded.messages.filter(({ reader }) => reader.as === 'admins');
  return { ...seen, messages, version: recorded.version };
}

function withFacts(user: IamUser, snapshot: Snapshot): IamUser {
  const { at, exempt, keys, secretOpenedOn, stored = [], usageHistory } = snapshot;
  const seen = longestSilenceSeen(user, keys);
  return {
    ...without(user, 'exempt'),
    // A user may be moved to another path; somebody recreated under the name is not the user of this rotation.
    arn: snapshot.userId === user.userId ? snapshot.arn : user.arn,
    // An attempt that was taken for dead may have stored the secret after all.
    stranded: user.stranded.filter(
      (id) => !stored.includes(id) && (findKey(keys, id) || mayLag(user, snapshot)),
    ),
    keys,
    keysSeenAt: at,
    longestSilence: usageHistory ? Math.max(seen, longestSilenceSince(usageHistory, keys)) : seen,
    ...(exempt && { exempt }),
    ...(secretOpenedOn !== undefined && { secretOpenedOn }),
  };
}

/** Both keys were needed; now that one is gone or off, the advice is no longer needed. */
function withoutPastAdvice(user: IamUser, snapshot: Snapshot): IamUser {
  const { rotation } = user;
  if (rotation?.stage !== 'due' || !rotation.bothNeeded || mayLag(user, snapshot)) return user;
  if (snapshot.keys.filter(({ status }) => status === 'Active').length > 1) return user;
  const { bothNeeded: _, ...rest } = rotation;
  return { ...user, rotation: rest };
}

/** A question whose doubts have all gone by themselves is no question any more. */
function withoutPastQuestion(user: IamUser, { at }: Snapshot, policy: Policy): IamUser {
  const { question } = user;
  const situation = situationOf(user, policy, at);
  if (!question || !situation) return user;
  const doubts = doubtsAbout(question.move, situation);
  return doubts.length === 0 ? without(user, 'question') : user;
}

/** That it is the owner's turn is over once they have heard of it, or for as long as AWS shows all that it waits for. */
function withTurn(user: IamUser, { at }: Snapshot, policy: Policy): IamUser {
  const { rotation, notifiedAt = 0 } = user;
  const situation = situationOf(user, policy, at);
  if (!situation || !isOpen(rotation) || !isMigrating(rotation)) return user;
  // Who has decided waits for keyrotate.
  if ('decided' in rotation) return user;
  const { turnSince, ...rest } = rotation;
  if (allTicked(situation)) return { ...user, rotation: { ...rotation, turnSince: turnSince ?? at } };
  return turnSince !== undefined && turnSince <= notifiedAt ? { ...user, rotation: rest } : user;
}

function idsOf(keys: readonly AccessKey[]): string[] {
  return keys.map(({ id }) => id);
}
