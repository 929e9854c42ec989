// What a stored rotation looks like, stage by stage.
import * as z from 'zod';
import type { HistoryEntry, Rotation } from '../../domain/rotation.ts';
import { MOVE_NAMES, SIGHTING_NAMES, STAGES } from '../../domain/transitions.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';

export const use = { at: time, service: z.string(), region: z.string().exactOptional() };

export const key = object({
  id: z.string(),
  status: z.enum(['Active', 'Inactive', 'Expired']),
  createdAt: time,
  lastUse: z.discriminatedUnion('seen', [
    object({ seen: z.literal('never') }),
    object({ seen: z.literal('used'), ...use }),
    object({ seen: z.literal('unknown') }),
  ]),
});

export const person = object({
  kind: z.literal('person'),
  slackId: z.string(),
  as: z.enum(['owner', 'admin']),
});
const actor = z.discriminatedUnion('kind', [person, object({ kind: z.literal('keyrotate') })]);

const stage = z.enum(STAGES);

/**
 * The moves that the version before this one does not know: it would refuse the item. Each is written as one that it knows
 * and that leaves the old key on, with its own name beside it.
 */
export const LATER_MOVES = { turnOffWhenQuiet: 'confirmMigration', keepOn: 'reopen' } as const;
export const ownName = z.enum(['turnOffWhenQuiet', 'keepOn']).exactOptional();

export function isLater<Name extends string>(name: Name): name is Name & keyof typeof LATER_MOVES {
  return Object.hasOwn(LATER_MOVES, name);
}

const storedEntry = object({
  ownName,
  at: time,
  jobId: z.string(),
  what: z.enum(['open', 'wake', 'assign', 'renamed', ...MOVE_NAMES, ...SIGHTING_NAMES]),
  outcome: z.enum(['done', 'failed']),
  by: actor,
  from: stage.exactOptional(),
  to: stage,
  evidence: z.array(key),
  awsRequestIds: z.array(z.string()),
  reason: z.string().exactOptional(),
  note: z.string().exactOptional(),
  until: time.exactOptional(),
  keyId: z.string().exactOptional(),
  decidedAt: time.exactOptional(),
});

const historyEntry = z.codec(storedEntry, z.custom<HistoryEntry>(), {
  decode: ({ ownName: what, ...entry }) => (what ? { ...entry, what } : entry),
  encode: ({ what, ...entry }) =>
    isLater(what) ? { ...entry, what: LATER_MOVES[what], ownName: what } : { ...entry, what },
});

const replacement = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('created'),
    keyId: z.string(),
    vaultVersion: z.string(),
    mailRegion: z.string().exactOptional(),
    storedAs: z.string().exactOptional(),
  }),
  object({ kind: z.literal('adopted'), keyId: z.string() }),
]);

const request = object({ until: time, why: z.string(), by: actor, at: time });
const timeGiven = { ...request.shape, approvedBy: actor.exactOptional() };

const begun = {
  oldKeyId: z.string(),
  oldKeyCreatedAt: time,
  openedAt: time,
  contactedAt: time.exactOptional(),
  extendedTo: time.exactOptional(),
  history: z.array(historyEntry),
};
const underway = { ...begun, request: request.exactOptional() };
const replacing = {
  ...underway,
  replacement,
  moreTime: object(timeGiven).exactOptional(),
  turnSince: time.exactOptional(),
};
const decided = object({
  ...{ jobId: z.string(), by: person, at: time, from: time },
  ...{ oldKeyId: z.string(), newKeyId: z.string(), ownedBy: z.string().exactOptional() },
});
const switchedOff = { ...begun, offSince: time, offBy: z.enum(['keyrotate', 'outside']) };
const closed = {
  ...begun,
  replacement: replacement.exactOptional(),
  closedAt: time,
  isFiled: z.literal(true).exactOptional(),
};

const deleted = object({ stage: z.literal('deleted'), ...closed });
const resolved = object({ stage: z.literal('resolved'), ...closed });

export const closedRotationSchema = z.discriminatedUnion('stage', [deleted, resolved]);

export const rotationSchema = z.discriminatedUnion('stage', [
  object({
    stage: z.literal('due'),
    ...underway,
    bothNeeded: object({ at: time, by: actor }).exactOptional(),
  }),
  object({ stage: z.literal('postponed'), ...underway, ...timeGiven }),
  object({ stage: z.literal('issued'), ...replacing }),
  object({
    stage: z.literal('confirmed'),
    ...{ ...replacing, confirmedAt: time, decided: decided.exactOptional() },
  }),
  object({
    stage: z.literal('deactivated'),
    ...switchedOff,
    replacement,
    newKeyOutSince: time.exactOptional(),
  }),
  object({ stage: z.literal('retired'), ...switchedOff }),
  deleted,
  resolved,
]);

true satisfies Same<z.output<typeof rotationSchema>, Rotation>;
