// What a job looks like on the wire, where keyrotate itself queued it. The compiler holds it to the use cases' types.
import * as z from 'zod/mini';
import { ACCOUNT, USER_NAME } from '../../domain/iam-names.ts';
import { UNNAMED_COUNT } from '../../domain/usage-ledger.ts';
import type { SweepJob, UpkeepJob } from '../../usecases/jobs.ts';
import type { Same } from '../same.ts';
import { UnreadableJob } from '../unreadable-job.ts';

/** The shape this version writes. */
const VERSION = 1;

const id = z.string().check(z.minLength(1));
const account = z.string().check(z.regex(ACCOUNT));
const userName = z.string().check(z.regex(USER_NAME));
const iamUser = { account, userName };
const time = z.int();
const count = z.int().check(z.nonnegative());

const figures = z.object({
  account,
  sweptAt: time,
  reportedAt: z.exactOptional(time),
  users: count,
  activeKeys: count,
  withinAge: count,
  rootKeys: z.exactOptional(count),
  protectedUsers: z.exactOptional(count),
  unreadable: z.array(z.object({ line: z.int(), why: z.string() })),
  unreadableCount: count,
});

const report = z.object({
  at: time,
  isWhole: z.boolean(),
  users: z.array(
    z.object({
      userName,
      madeAt: z.exactOptional(time),
      keys: z.array(z.object({ lastRotated: time, lastUsed: z.exactOptional(time) })),
    }),
  ),
});

/** An earlier version's tick put a kind of its own on the queue. */
const inspect = z.pipe(
  z.enum(['inspect', 'wake']),
  z.transform(() => 'inspect' as const),
);

const upkeepJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('remind'), id, ownerId: z.string().check(z.minLength(1)) }),
  z.object({ kind: z.literal('tellAdmins'), id, users: z.array(z.object(iamUser)) }),
  z.object({
    kind: z.literal('redrawList'),
    id,
    channel: z.string().check(z.minLength(1)),
    ts: z.string().check(z.minLength(1)),
  }),
  z.object({ kind: inspect, id, ...iamUser, isDue: z.exactOptional(z.literal(true)) }),
  z.object({ kind: z.literal('recordSweep'), id, figures }),
  z.object({
    kind: z.literal('recordRefusedSweep'),
    id,
    refused: z.object({ account, at: time, operation: z.string(), code: z.string() }),
  }),
  z.object({
    kind: z.literal('recordUse'),
    id,
    account,
    shard: count,
    of: z._default(z.int().check(z.positive()), UNNAMED_COUNT),
    report,
  }),
  z.object({ kind: z.literal('admitReaders'), id, account }),
  z.object({ kind: z.literal('readPeople'), id, cursor: z.exactOptional(z.string()) }),
  z.object({ kind: z.literal('summarize'), id }),
  z.object({
    kind: z.literal('watchHealth'),
    id,
    refused: z.exactOptional(z.string()),
    stuck: z.exactOptional(z.literal(true)),
    settings: z.exactOptional(
      z.object({
        functionName: z.string().check(z.maxLength(64)),
        problems: z.array(z.string().check(z.maxLength(500))).check(z.maxLength(100)),
        at: time,
      }),
    ),
  }),
]);

const sweepJob = z.object({
  kind: z.literal('sweep'),
  id,
  account,
  everybody: z.exactOptional(z.literal(true)),
});

true satisfies Same<z.output<typeof upkeepJob>, UpkeepJob>;
true satisfies Same<z.output<typeof sweepJob>, SweepJob>;

const envelope = z.looseObject({ v: z.int().check(z.positive()) });

export function writeJob(job: UpkeepJob | SweepJob): string {
  return JSON.stringify({ v: VERSION, ...job });
}

export function parseUpkeepJob(body: string): UpkeepJob {
  return parse(upkeepJob, body);
}

export function parseSweepJob(body: string): SweepJob {
  return parse(sweepJob, body);
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, body: string): z.output<Schema> {
  const { v, ...job } = checked(envelope, json(body));
  if (v > VERSION) throw new UnreadableJob(`it has version ${v}, and this version knows ${VERSION}`);
  return checked(schema, job);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableJob('it is not JSON');
  }
}

function checked<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'it is not an object');
  throw new UnreadableJob(fields.join(', '));
}
