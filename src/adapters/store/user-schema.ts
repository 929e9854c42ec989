// What the stored record of an IAM user looks like. The compiler holds it to the domain's type.
import * as z from 'zod';
import type { Claim, IamUser } from '../../domain/iam-user.ts';
import { MATTER_KINDS } from '../../domain/message.ts';
import { MOVE_NAMES, SIGHTING_NAMES } from '../../domain/transitions.ts';
import type { Same } from '../same.ts';
import { card, object, time } from './fields.ts';
import { link, owner } from './owner-schema.ts';
import { refusalSchema } from './refusal-schema.ts';
import { isLater, key, LATER_MOVES, ownName, person, rotationSchema, use } from './rotation-schema.ts';

const move = z.enum(MOVE_NAMES);

const input = object({ text: z.string().exactOptional(), until: time.exactOptional() });

const storedClaim = object({
  ownName,
  jobId: z.string(),
  move,
  actor: person,
  at: time,
  leaseUntil: time,
  waits: z.literal(true).exactOptional(),
  knownKeyIds: z.array(z.string()),
  evidence: z.array(key).exactOptional(),
  keyId: z.string().exactOptional(),
  decidedAt: time.exactOptional(),
  input: input.exactOptional(),
});

const claim = z.codec(
  storedClaim,
  z.custom<Claim>((value) => value !== undefined),
  {
    decode: ({ ownName: move, ...stored }) => (move ? { ...stored, move } : stored),
    encode: ({ move, ...claim }) =>
      isLater(move) ? { ...claim, move: LATER_MOVES[move], ownName: move } : { ...claim, move },
  },
);

const doubt = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('oldKeyInUse'),
    ...use,
    quietAt: time.exactOptional(),
    silence: z.int().exactOptional(),
  }),
  object({ kind: z.literal('oldKeyUseUnknown') }),
  object({ kind: z.literal('newKeyNeverUsed') }),
  object({ kind: z.literal('newKeyUseUnknown') }),
  object({ kind: z.literal('newKeyInUse'), ...use }),
  object({ kind: z.literal('weekendAhead') }),
  object({
    kind: z.literal('removesForGood'),
    keyId: z.string(),
    inUse: z.literal(true).exactOptional(),
  }),
]);

const reader = z.discriminatedUnion('as', [
  object({ as: z.literal('owner'), id: z.string() }),
  object({ as: z.literal('admin'), id: z.string() }),
  object({
    as: z.literal('admins'),
    matter: z.enum(MATTER_KINDS),
    level: z.int().positive(),
    at: time,
    isList: z.literal(true).exactOptional(),
  }),
]);

const exemption = z.discriminatedUnion('kind', [
  object({ kind: z.literal('until'), until: time, why: z.string() }),
  object({ kind: z.literal('unclear'), text: z.string() }),
]);

const storedUser = object({
  account: z.string(),
  userName: z.string(),
  userId: z.string(),
  formerName: z.string().exactOptional(),
  arn: z.string(),
  version: z.int().positive(),
  owner,
  link: link.exactOptional(),
  ownerDecided: object({ askedAt: time, jobId: z.string() }).exactOptional(),
  disowned: object({ slackId: z.string(), why: z.string(), at: time }).exactOptional(),
  ownerChange: object({ to: owner, at: time }).exactOptional(),
  exempt: exemption.exactOptional(),
  keys: z.array(key),
  keysSeenAt: time,
  knownKeyIds: z.array(z.string()),
  longestSilence: z.int().exactOptional(),
  /** For the version before, which kept the longest silence of each key. */
  usedOn: z.record(z.string(), object({ days: z.array(z.string()), longestSilence: z.int() })),
  secretOpenedOn: time.exactOptional(),
  usedAt: object({ text: z.string(), at: time, by: z.string() }).exactOptional(),
  changedAt: time.exactOptional(),
  rotation: rotationSchema.exactOptional(),
  claim: claim.exactOptional(),
  question: object({
    ...{ move, doubts: z.array(doubt), askedAt: time },
    input: input.exactOptional(),
  }).exactOptional(),
  messages: z.array(object({ ...card, reader, drawing: z.string() })),
  notifiedAt: time.exactOptional(),
  quietUntil: time.exactOptional(),
  nudged: object({ at: time, jobId: z.string() }).exactOptional(),
  toldEntries: z.int().nonnegative(),
  answer: object({ to: z.string(), refusal: refusalSchema }).exactOptional(),
  unconfirmed: z.array(object({ sighting: z.enum(SIGHTING_NAMES), firstSeenAt: time })),
  stranded: z.array(z.string()),
  failure: object({
    since: time,
    what: z.string(),
    code: z.string(),
    retryAt: time.exactOptional(),
  }).exactOptional(),
});

type WithoutUse<T> = Omit<T, 'longestSilence' | 'usedOn'>;
true satisfies Same<WithoutUse<z.output<typeof storedUser>>, WithoutUse<IamUser>>;

export const userSchema = z.codec(storedUser, z.custom<IamUser>(), {
  decode: ({ usedOn, longestSilence = 0, ...user }) => {
    const silences = Object.values(usedOn).map((use) => use.longestSilence);
    return { ...user, longestSilence: Math.max(longestSilence, ...silences) };
  },
  encode: ({ longestSilence, ...user }) => {
    if (longestSilence === 0) return { ...user, usedOn: {} };
    const usedOn = Object.fromEntries(user.keys.map(({ id }) => [id, { days: [], longestSilence }]));
    return { ...user, longestSilence, usedOn };
  },
});
