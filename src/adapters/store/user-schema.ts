// What the stored record of an IAM user looks like. The compiler holds it to the domain's type.
import * as z from 'zod';
import type { IamUser } from '../../domain/iam-user.ts';
import { MOVE_NAMES } from '../../domain/transitions.ts';
import { object, type Same, time } from './fields.ts';
import { owner } from './owner-schema.ts';
import { refusalSchema } from './refusal-schema.ts';
import { actor, key, rotationSchema } from './rotation-schema.ts';

const move = z.enum(MOVE_NAMES);

const claim = object({
  jobId: z.string(),
  move,
  actor,
  at: time,
  leaseUntil: time,
  waits: z.literal(true).exactOptional(),
  knownKeyIds: z.array(z.string()),
});

const use = { at: time, service: z.string(), region: z.string().exactOptional() };

const doubt = z.discriminatedUnion('kind', [
  object({ kind: z.literal('oldKeyInUse'), ...use }),
  object({ kind: z.literal('oldKeyUseUnknown') }),
  object({ kind: z.literal('newKeyNeverUsed') }),
  object({ kind: z.literal('newKeyUseUnknown') }),
  object({ kind: z.literal('newKeyInUse'), ...use }),
]);

export const userSchema = object({
  account: z.string(),
  userName: z.string(),
  userId: z.string(),
  arn: z.string(),
  version: z.int().positive(),
  owner,
  keys: z.array(key),
  keysSeenAt: time,
  changedAt: time.exactOptional(),
  rotation: rotationSchema.exactOptional(),
  claim: claim.exactOptional(),
  question: object({ move, doubts: z.array(doubt), askedAt: time }).exactOptional(),
  card: object({ channel: z.string(), ts: z.string() }).exactOptional(),
  notifiedAt: time.exactOptional(),
  owed: z.array(z.enum(['redraw', 'notify', 'answer', 'file'])),
  answer: object({ to: z.string(), refusal: refusalSchema }).exactOptional(),
  absence: object({ keyId: z.string(), firstSeenAt: time }).exactOptional(),
  stranded: z.array(z.string()),
  failure: object({ since: time, what: z.string(), code: z.string() }).exactOptional(),
});

true satisfies Same<z.output<typeof userSchema>, IamUser>;
