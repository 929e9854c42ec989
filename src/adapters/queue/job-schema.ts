// What a job looks like on the wire, where keyrotate itself queued it. The compiler holds it to the use cases' types.
import * as z from 'zod';
import { ACCOUNT, USER_NAME } from '../../domain/iam-names.ts';
import { UNNAMED_COUNT } from '../../domain/usage-ledger.ts';
import type { SweepJob, UpkeepJob } from '../../usecases/jobs.ts';
import type { Same } from '../same.ts';
import { UnreadableJob } from '../unreadable-job.ts';

/** The shape this version writes. */
const VERSION = 1;

const id = z.string().min(1);
const account = z.string().regex(ACCOUNT);
const userName = z.string().regex(USER_NAME);
const iamUser = { account, userName };
const time = z.int();
const count = z.int().nonnegative();

const figures = z.object({
  account,
  sweptAt: time,
  reportedAt: time.exactOptional(),
  users: count,
  activeKeys: count,
  withinAge: count,
  rootKeys: count.exactOptional(),
  protectedUsers: count.exactOptional(),
  unreadable: z.array(z.object({ line: z.int(), why: z.string() })),
  unreadableCount: count,
});

const report = z.object({
  at: time,
  isWhole: z.boolean(),
  users: z.array(
    z.object({
      userName,
      madeAt: time.exactOptional(),
      keys: z.array(z.object({ lastRotated: time, lastUsed: time.exactOptional() })),
    }),
  ),
});

/** An earlier version's tick put a kind of its own on the queue. */
const inspect = z.enum(['inspect', 'wake']).transform(() => 'inspect' as const);

const upkeepJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('remind'), id, ownerId: z.string().min(1) }),
  z.object({ kind: z.literal('tellAdmins'), id, users: z.array(z.object(iamUser)) }),
  z.object({ kind: z.literal('redrawList'), id, channel: z.string().min(1), ts: z.string().min(1) }),
  z.object({ kind: inspect, id, ...iamUser, isDue: z.literal(true).exactOptional() }),
  z.object({ kind: z.literal('recordSweep'), id, figures }),
  z.object({
    kind: z.literal('recordUse'),
    id,
    account,
    shard: count,
    of: z.int().positive().default(UNNAMED_COUNT),
    report,
  }),
  z.object({ kind: z.literal('admitReaders'), id, account }),
  z.object({ kind: z.literal('readPeople'), id, cursor: z.string().exactOptional() }),
  z.object({ kind: z.literal('summarize'), id }),
  z.object({
    kind: z.literal('watchHealth'),
    id,
    refused: z.string().exactOptional(),
    stuck: z.literal(true).exactOptional(),
    settings: z
      .object({
        functionName: z.string().max(64),
        problems: z.array(z.string().max(500)).max(100),
        at: time,
      })
      .exactOptional(),
  }),
]);

const sweepJob = z.object({
  kind: z.literal('sweep'),
  id,
  account,
  everybody: z.literal(true).exactOptional(),
});

true satisfies Same<z.output<typeof upkeepJob>, UpkeepJob>;
true satisfies Same<z.output<typeof sweepJob>, SweepJob>;

const envelope = z.looseObject({ v: z.int().positive() });

export function writeJob(job: UpkeepJob | SweepJob): string {
  return JSON.stringify({ v: VERSION, ...job });
}

export function parseUpkeepJob(body: string): UpkeepJob {
  return parse(upkeepJob, body);
}

export function parseSweepJob(body: string): SweepJob {
  return parse(sweepJob, body);
}

function parse<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
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

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'it is not an object');
  throw new UnreadableJob(fields.join(', '));
}
