// Builders for domain tests: a policy, keys, and an IAM user at any stage, as of one fixed moment.
import type { AccessKey, LastUse } from '../../src/domain/access-key.ts';
import type { IamUser, Input } from '../../src/domain/iam-user.ts';
import type { Press } from '../../src/domain/legality.ts';
import { mattersToTell } from '../../src/domain/matters.ts';
import type { SentMessage } from '../../src/domain/message.ts';
import { type Situation, situationOf } from '../../src/domain/moves/situation.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Decision, HistoryEntry, MoreTime, Role, Rotation } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/time.ts';
import type { MoveName, Stage } from '../../src/domain/transitions.ts';
import { corrections, drawingFor, withMessage } from '../../src/domain/wanted.ts';

export const NOW: Instant = Date.parse('2026-11-20T09:00:00Z');
export const OLD = 'AKIAOLDOLDOLDOLD4NOP';
export const NEW = 'AKIANEWNEWNEWNEWQJLD';

export const POLICY: Policy = {
  mode: 'live',
  maxKeyAgeDays: 90,
  remindDaysBefore: [14, 7, 3, 1, 0],
  remindEveryDaysOverdue: 2,
  remindEveryDaysUnderWay: 7,
  graceDays: 7,
  quietHours: 24,
  postponeDays: 14,
  escalateDays: 7,
  firstNoticeDays: 7,
  maxNewPerDay: 50,
  timeZone: 'UTC',
};

export const NEVER: LastUse = { seen: 'never' };
export const UNKNOWN: LastUse = { seen: 'unknown' };

export function usedHoursAgo(hours: number, service = 's3'): LastUse {
  return { seen: 'used', at: NOW - hours * HOUR, service, region: 'eu-west-1' };
}

export function oldKey(changes: Partial<AccessKey> = {}): AccessKey {
  return { id: OLD, status: 'Active', createdAt: NOW - 83 * DAY, lastUse: usedHoursAgo(48), ...changes };
}

export function newKey(changes: Partial<AccessKey> = {}): AccessKey {
  return { id: NEW, status: 'Active', createdAt: NOW - 2 * DAY, lastUse: usedHoursAgo(1), ...changes };
}

export const MORE_TIME: MoreTime = {
  until: NOW + 14 * DAY,
  why: 'The vendor ships a new agent next week',
  by: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
  at: NOW - DAY,
};

/** What somebody fills in who postpones. */
export const LATER: Input = { until: NOW + 10 * DAY, text: MORE_TIME.why };

export function press(move: MoveName, insist = false, as: Role = 'owner', input?: Input): Press {
  return { move, insist, as, ...(input && { input }) };
}

export function rotationAt<S extends Stage>(stage: S, offDaysAgo = 8): Extract<Rotation, { stage: S }> {
  const begun = {
    oldKeyId: OLD,
    oldKeyCreatedAt: NOW - 83 * DAY,
    openedAt: NOW - 7 * DAY,
    contactedAt: NOW - 7 * DAY,
    history: [],
  };
  const replacement = { kind: 'created', keyId: NEW, vaultVersion: 'version-1' } as const;
  const off = { offSince: NOW - offDaysAgo * DAY, offBy: 'keyrotate' } as const;
  const all: { [At in Stage]: Extract<Rotation, { stage: At }> } = {
    due: { stage: 'due', ...begun },
    postponed: { stage: 'postponed', ...begun, ...MORE_TIME, extendedTo: MORE_TIME.until },
    issued: { stage: 'issued', ...begun, replacement },
    confirmed: { stage: 'confirmed', ...begun, replacement, confirmedAt: NOW - DAY },
    deactivated: { stage: 'deactivated', ...begun, replacement, ...off },
    retired: { stage: 'retired', ...begun, ...off },
    deleted: { stage: 'deleted', ...begun, replacement, closedAt: NOW - DAY },
    resolved: { stage: 'resolved', ...begun, closedAt: NOW - DAY },
  };
  return all[stage];
}

export const BY_ANA = { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const;

/** Ana has decided that the old key goes off once it is quiet, with that date on the card. */
export function decidedAt(at: Instant, changes: Partial<IamUser> = {}, from = at): IamUser {
  const rotation = rotationAt('confirmed');
  const decided: Decision = {
    ...{ jobId: 'click-decided', by: BY_ANA, at, from, oldKeyId: OLD, newKeyId: NEW, ownedBy: 'U0ANA' },
  };
  const entry: HistoryEntry = {
    ...{ at, jobId: 'click-decided', what: 'turnOffWhenQuiet', outcome: 'done', by: BY_ANA },
    ...{ from: 'confirmed', to: 'confirmed', evidence: [], awsRequestIds: [] },
  };
  return userAt('confirmed', {
    rotation: { ...rotation, decided, history: [entry] },
    toldEntries: 1,
    ...changes,
  });
}

/** The keys that a user at a stage has, when all is as it should be and quiet. */
export function keysAt(stage: Stage): AccessKey[] {
  const off = oldKey({ status: 'Inactive', lastUse: usedHoursAgo(10 * 24) });
  const all: Record<Stage, AccessKey[]> = {
    due: [oldKey()],
    postponed: [oldKey()],
    issued: [oldKey(), newKey({ lastUse: NEVER })],
    confirmed: [oldKey(), newKey()],
    deactivated: [off, newKey()],
    retired: [off],
    deleted: [newKey()],
    resolved: [],
  };
  return all[stage];
}

/** The owner's card, of which nobody knows what it shows by now. */
export const CARD: SentMessage = {
  channel: 'D0ANA',
  ts: '1763600000.000100',
  reader: { as: 'owner', id: 'U0ANA' },
  drawing: '',
};

export function userAt(stage: Stage, changes: Partial<IamUser> = {}): IamUser {
  return {
    account: '111122223333',
    userName: 'ci-deploy',
    userId: 'AIDACIDEPLOY000000001',
    arn: 'arn:aws:iam::111122223333:user/ci-deploy',
    version: 3,
    owner: { kind: 'person', slackId: 'U0ANA', from: 'ownerTag', timeZone: 'Europe/Madrid' },
    keys: keysAt(stage),
    keysSeenAt: NOW,
    knownKeyIds: [OLD, NEW],
    longestSilence: 0,
    rotation: rotationAt(stage),
    messages: [CARD],
    notifiedAt: NOW - DAY,
    toldEntries: rotationAt(stage).history.length,
    unconfirmed: [],
    stranded: [],
    ...changes,
  };
}

/** What a press about them would be judged on. */
export function situated(user: IamUser, policy = POLICY, now = NOW): Situation | undefined {
  return situationOf(user, policy, now);
}

/** Something that keyrotate saw, and that the owner was not told of if it is in nobody's `toldEntries`. */
export const SEEN: HistoryEntry = {
  at: NOW,
  jobId: 'look-1',
  what: 'otherKeyFound',
  outcome: 'done',
  by: { kind: 'keyrotate' },
  from: 'due',
  to: 'due',
  evidence: [],
  awsRequestIds: [],
};

/** A user about whom there is news for the owner. */
export function withNews(stage: Stage, changes: Partial<IamUser> = {}): IamUser {
  return userAt(stage, { rotation: { ...rotationAt(stage), history: [SEEN] }, toldEntries: 0, ...changes });
}

/** Every message of the user shows what it should. */
export function drawn(user: IamUser, now: Instant = NOW, policy: Policy = POLICY): IamUser {
  const all = corrections(user, policy, now);
  const messages = user.messages.flatMap((message) => {
    const due = all.find((correction) => correction.message === message);
    if (!due) return [message];
    return due.kind === 'remove' || due.isLast ? [] : [{ ...message, drawing: due.drawing }];
  });
  return { ...user, messages };
}

/** Admins were told, at that moment, of all that is open. */
export function adminsTold(user: IamUser, at: Instant = NOW, policy: Policy = POLICY): IamUser {
  return mattersToTell(user, policy, at).reduce((one, { kind, level }) => {
    const reader = { as: 'admins', matter: kind, level, at } as const;
    const drawing = drawingFor(reader, user, policy, at);
    return withMessage(one, { channel: 'C0ADMIN', ts: `${at}.${kind}`, reader, drawing });
  }, user);
}
