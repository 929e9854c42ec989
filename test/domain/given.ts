// Builders for domain tests: a policy, keys, and an IAM user at any stage, as of one fixed moment.
import type { AccessKey, LastUse } from '../../src/domain/access-key.ts';
import type { IamUser, Input } from '../../src/domain/iam-user.ts';
import type { Press } from '../../src/domain/legality.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { MoreTime, Role, Rotation } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/time.ts';
import type { MoveName, Stage } from '../../src/domain/transitions.ts';

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
    card: { channel: 'D0ANA', ts: '1763600000.000100' },
    notifiedAt: NOW - DAY,
    owed: [],
    news: [],
    unconfirmed: [],
    stranded: [],
    ...changes,
  };
}
