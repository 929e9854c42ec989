// What the stored record of an IAM user looks like. The compiler holds it to the domain's type.
import * as z from 'zod/mini';
import type { Claim, IamUser } from '../../domain/iam-user.ts';
import { MATTER_KINDS } from '../../domain/message.ts';
import { MOVE_NAMES, SIGHTING_NAMES } from '../../domain/transitions.ts';
import type { Same } from '../same.ts';
import { card, object, time } from './fields.ts';
import { link, owner } from './owner-schema.ts';
import { refusalSchema } from './refusal-schema.ts';
import { isLater, key, LATER_MOVES, ownName, person, rotationSchema, use } from './rotation-schema.ts';

const move = z.enum(MOVE_NAMES);

const input = object({ text: z.exactOptional(z.string()), until: z.exactOptional(time) });

const storedClaim = object({
  ownName,
  jobId: z.string(),
  move,
  actor: person,
  at: time,
  leaseUntil: time,
  waits: z.exactOptional(z.literal(true)),
  knownKeyIds: z.array(z.string()),
  evidence: z.exactOptional(z.array(key)),
  keyId: z.exactOptional(z.string()),
  decidedAt: z.exactOptional(time),
  input: z.exactOptional(input),
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
    quietAt: z.exactOptional(time),
    silence: z.exactOptional(z.int()),
  }),
  object({ kind: z.literal('oldKeyUseUnknown') }),
  object({ kind: z.literal('newKeyNeverUsed') }),
  object({ kind: z.literal('newKeyUseUnknown') }),
  object({ kind: z.literal('newKeyInUse'), ...use }),
  object({ kind: z.literal('weekendAhead') }),
  object({
    kind: z.literal('removesForGood'),
    keyId: z.string(),
    inUse: z.exactOptional(z.literal(true)),
  }),
]);

const reader = z.discriminatedUnion('as', [
  object({ as: z.literal('owner'), id: z.string() }),
  object({ as: z.literal('admin'), id: z.string() }),
  object({
    as: z.literal('admins'),
    matter: z.enum(MATTER_KINDS),
    level: z.int().check(z.positive()),
    at: time,
    isList: z.exactOptional(z.literal(true)),
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
  formerName: z.exactOptional(z.string()),
  arn: z.string(),
  version: z.int().check(z.positive()),
  owner,
  link: z.exactOptional(link),
  ownerDecided: z.exactOptional(object({ askedAt: time, jobId: z.string() })),
  disowned: z.exactOptional(object({ slackId: z.string(), why: z.string(), at: time })),
  ownerChange: z.exactOptional(object({ to: owner, at: time })),
  exempt: z.exactOptional(exemption),
  keys: z.array(key),
  keysSeenAt: time,
  knownKeyIds: z.array(z.string()),
  longestSilence: z.exactOptional(z.int()),
  /** For the version before, which kept the longest silence of each key. */
  usedOn: z.record(z.string(), object({ days: z.array(z.string()), longestSilence: z.int() })),
  secretOpenedOn: z.exactOptional(time),
  usedAt: z.exactOptional(object({ text: z.string(), at: time, by: z.string() })),
  changedAt: z.exactOptional(time),
  rotation: z.exactOptional(rotationSchema),
  claim: z.exactOptional(claim),
  question: z.exactOptional(
    object({
      ...{ move, doubts: z.array(doubt), askedAt: time },
      input: z.exactOptional(input),
    }),
  ),
  messages: z.array(object({ ...card, reader, drawing: z.string() })),
  notifiedAt: z.exactOptional(time),
  quietUntil: z.exactOptional(time),
  nudged: z.exactOptional(object({ at: time, jobId: z.string() })),
  toldEntries: z.int().check(z.nonnegative()),
  answer: z.exactOptional(object({ to: z.string(), refusal: refusalSchema })),
  unconfirmed: z.array(object({ sighting: z.enum(SIGHTING_NAMES), firstSeenAt: time })),
  stranded: z.array(z.string()),
  failure: z.exactOptional(
    object({
      since: time,
      what: z.string(),
      code: z.string(),
      retryAt: z.exactOptional(time),
    }),
  ),
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
