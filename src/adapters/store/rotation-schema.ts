// What a stored rotation looks like, stage by stage.
import * as z from 'zod/mini';
import type { HistoryEntry, Rotation } from '../../domain/rotation.ts';
import { MOVE_NAMES, SIGHTING_NAMES, STAGES } from '../../domain/transitions.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';

export const use = { at: time, service: z.string(), region: z.exactOptional(z.string()) };

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
export const ownName = z.exactOptional(z.enum(['turnOffWhenQuiet', 'keepOn']));

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
  from: z.exactOptional(stage),
  to: stage,
  evidence: z.array(key),
  awsRequestIds: z.array(z.string()),
  reason: z.exactOptional(z.string()),
  note: z.exactOptional(z.string()),
  until: z.exactOptional(time),
  keyId: z.exactOptional(z.string()),
  decidedAt: z.exactOptional(time),
  owners: z.exactOptional(
    object({ before: z.exactOptional(z.string()), after: z.exactOptional(z.string()) }),
  ),
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
    mailRegion: z.exactOptional(z.string()),
    storedAs: z.exactOptional(z.string()),
  }),
  object({ kind: z.literal('adopted'), keyId: z.string() }),
]);

const request = object({ until: time, why: z.string(), by: actor, at: time });
const timeGiven = { ...request.shape, approvedBy: z.exactOptional(actor) };

const begun = {
  oldKeyId: z.string(),
  oldKeyCreatedAt: time,
  openedAt: time,
  contactedAt: z.exactOptional(time),
  extendedTo: z.exactOptional(time),
  history: z.array(historyEntry),
};
const underway = { ...begun, request: z.exactOptional(request) };
const replacing = {
  ...underway,
  replacement,
  moreTime: z.exactOptional(object(timeGiven)),
  turnSince: z.exactOptional(time),
};
const decided = object({
  ...{ jobId: z.string(), by: person, at: time, from: time },
  ...{ oldKeyId: z.string(), newKeyId: z.string(), ownedBy: z.exactOptional(z.string()) },
});
const switchedOff = { ...begun, offSince: time, offBy: z.enum(['keyrotate', 'outside']) };
const closed = {
  ...begun,
  replacement: z.exactOptional(replacement),
  closedAt: time,
  isFiled: z.exactOptional(z.literal(true)),
};

const deleted = object({ stage: z.literal('deleted'), ...closed });
const resolved = object({ stage: z.literal('resolved'), ...closed });

export const closedRotationSchema = z.discriminatedUnion('stage', [deleted, resolved]);

export const rotationSchema = z.discriminatedUnion('stage', [
  object({
    stage: z.literal('due'),
    ...underway,
    bothNeeded: z.exactOptional(object({ at: time, by: actor })),
  }),
  object({ stage: z.literal('postponed'), ...underway, ...timeGiven }),
  object({ stage: z.literal('issued'), ...replacing }),
  object({
    stage: z.literal('confirmed'),
    ...{ ...replacing, confirmedAt: time, decided: z.exactOptional(decided) },
  }),
  object({
    stage: z.literal('deactivated'),
    ...switchedOff,
    replacement,
    newKeyOutSince: z.exactOptional(time),
  }),
  object({ stage: z.literal('retired'), ...switchedOff }),
  deleted,
  resolved,
]);

true satisfies Same<z.output<typeof rotationSchema>, Rotation>;
