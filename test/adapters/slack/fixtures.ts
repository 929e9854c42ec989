// One IAM user at every stage, and the people and rules around it.

import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import type { CardView } from '../../../src/adapters/slack/wording/card/card-view.ts';
import type { AccessKey, LastUse } from '../../../src/domain/access-key.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Actor, HistoryEntry, MoreTime, Rotation, RotationAt } from '../../../src/domain/rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import type { SightingName, Stage } from '../../../src/domain/transitions.ts';
import * as given from '../../domain/given.ts';
import { plainText, renderMessage } from '../../sandbox/servers/slack/transcript.ts';
import { addMember, createWorkspace } from '../../sandbox/servers/slack/workspace.ts';

export const NOW = Date.parse('2026-11-20T13:00:00Z');
export const OLD = 'AKIAIOSFODNN7EXA4NOP';
export const NEW = 'AKIAIOSFODNN7EXAQJLD';
export const OTHER = 'AKIAIOSFODNN7EXA8XYZ';

export const POLICY: Policy = {
  ...given.POLICY,
  ...{ remindDaysBefore: [14, 7, 3, 1], remindEveryDaysOverdue: 3 },
};

const WORKSPACE = createWorkspace();
export const ANA = addMember(WORKSPACE, { name: 'ana', real_name: 'Ana Lima', tz: 'Europe/Berlin' });
/** An admin. */
export const SAM = addMember(WORKSPACE, { name: 'sam', real_name: 'Sam Admin', tz: 'Europe/Berlin' });

export function used(ageMs: number, service = 's3', region?: string): LastUse {
  return { seen: 'used', at: NOW - ageMs, service, ...(region && { region }) };
}

export const oldKey = (changes: Partial<AccessKey> = {}): AccessKey => ({
  id: OLD,
  status: 'Active',
  createdAt: NOW - 83 * DAY,
  lastUse: used(2 * HOUR, 's3', 'eu-west-1'),
  ...changes,
});

export const newKey = (changes: Partial<AccessKey> = {}): AccessKey => ({
  id: NEW,
  status: 'Active',
  createdAt: NOW - HOUR,
  lastUse: { seen: 'never' },
  ...changes,
});

const begun = {
  ...{ oldKeyId: OLD, oldKeyCreatedAt: NOW - 83 * DAY, history: [] },
  ...{ openedAt: NOW - 20 * DAY, contactedAt: NOW - 20 * DAY },
};
const replacement = {
  kind: 'created',
  keyId: NEW,
  vaultVersion: '7d3c1c4e-8f0a-5d0e-9d0a-0f3b5a1c2d3e',
} as const;
const off = { offSince: NOW - DAY, offBy: 'keyrotate' } as const;

const byAna: Actor = { kind: 'person', slackId: ANA.id, as: 'owner' };

/** As Ana asked for it. */
export const MORE_TIME: MoreTime = {
  until: Date.parse('2026-12-04T09:00:00Z'),
  why: 'The vendor ships a new agent next week',
  by: byAna,
  at: NOW - HOUR,
};

/** Something in a rotation's history, done by Ana unless told otherwise. */
export function entry(what: HistoryEntry['what'], changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    ...{ at: NOW - HOUR, jobId: 'job-1', what, outcome: 'done', by: byAna, to: 'due' },
    ...{ evidence: [], awsRequestIds: [] },
    ...changes,
  };
}

/** What the sweep saw. */
export function sighting(what: SightingName, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return entry(what, { by: { kind: 'keyrotate' }, ...changes });
}

/** The admin Sam does something for Ana. */
export function bySam(what: HistoryEntry['what'], changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return entry(what, { by: { kind: 'person', slackId: SAM.id, as: 'admin' }, ...changes });
}

export const ROTATIONS: { [S in Stage]: RotationAt<S> } = {
  due: { ...begun, stage: 'due' },
  postponed: { ...begun, stage: 'postponed', ...MORE_TIME, extendedTo: MORE_TIME.until },
  issued: { ...begun, stage: 'issued', replacement },
  confirmed: { ...begun, stage: 'confirmed', replacement, confirmedAt: NOW - HOUR },
  deactivated: { ...begun, stage: 'deactivated', replacement, ...off },
  retired: { ...begun, stage: 'retired', ...off },
  deleted: { ...begun, stage: 'deleted', replacement, closedAt: NOW },
  resolved: { ...begun, stage: 'resolved', closedAt: NOW },
};

/** Last used before it was turned off. */
const offKey = oldKey({ status: 'Inactive', lastUse: { seen: 'used', at: NOW - 10 * DAY, service: 's3' } });
const provenKey = newKey({ lastUse: used(3 * MINUTE) });

export const KEYS: Record<Stage, AccessKey[]> = {
  due: [oldKey()],
  postponed: [oldKey()],
  issued: [oldKey(), newKey()],
  confirmed: [oldKey({ lastUse: used(26 * HOUR) }), provenKey],
  deactivated: [offKey, provenKey],
  retired: [offKey],
  deleted: [provenKey],
  resolved: [],
};

/** The user at a stage; a rotation given replaces the usual one. */
export function userAt(stage: Stage, changes: Partial<IamUser> = {}): IamUser {
  const rotation: Rotation = ROTATIONS[stage];
  const { notifiedAt: _, ...user } = given.userAt(stage);
  return {
    ...user,
    ...{ userId: 'AIDAEXAMPLE', owner: { kind: 'person', slackId: ANA.id, from: 'ownerTag' } },
    ...{ keys: KEYS[stage], keysSeenAt: NOW - 5 * MINUTE, knownKeyIds: [OLD, NEW] },
    ...{ messages: [], rotation },
    ...changes,
  };
}

/** The user at a stage whose rotation differs a little from the usual one. */
export function at<S extends Stage>(
  stage: S,
  rotation: Partial<RotationAt<S>>,
  changes: Partial<IamUser> = {},
): IamUser {
  return userAt(stage, { rotation: { ...ROTATIONS[stage], ...rotation }, ...changes });
}

export function viewOf(user: IamUser, changes: Partial<CardView> = {}): CardView {
  return {
    user,
    accountName: 'prod',
    policy: POLICY,
    now: NOW,
    vaultPath: `/iam/keys/111122223333/${user.userName}/${user.userId}`,
    region: 'eu-west-1',
    drawing: 'd1.e2',
    helpers: { admins: [SAM.id] },
    ...changes,
  };
}

/** As Ana reads it in Berlin, with what notifications say and buttons ask. */
export function asRead(content: Content, parts: { asks?: boolean; notification?: boolean } = {}): string {
  const rendering = {
    ...{ workspace: WORKSPACE, reader: ANA.id, colour: false, now: NOW },
    ...{ details: parts.asks ?? false, notification: parts.notification ?? false },
  };
  return `\n${renderMessage(messageOf(content), rendering)}\n`;
}

/** Every word of it, dialogs included. */
export function wordsOf(content: Content): string {
  return plainText(content);
}

function messageOf(content: Content) {
  return { ts: '1.000001', channel: 'D1', user: WORKSPACE.bot.userId, ...content };
}
