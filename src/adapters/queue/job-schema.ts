// What a job looks like on the wire. The compiler holds it to the use cases' types.
import * as z from 'zod';
import { ACCOUNT, USER_NAME } from '../../domain/iam-names.ts';
import { MATTER_KINDS } from '../../domain/message.ts';
import { MOVE_NAMES } from '../../domain/transitions.ts';
import { UNNAMED_COUNT } from '../../domain/usage-ledger.ts';
import type { SweepJob, WorkerJob } from '../../usecases/jobs.ts';
import type { Same } from '../same.ts';

/** The shape this version writes. */
const VERSION = 1;

/** A message that is no job. Its own words are not repeated here: they end up in a log. */
export class UnreadableJob extends Error {
  constructor(why: string) {
    super(`the job cannot be read: ${why}`);
    this.name = 'UnreadableJob';
  }
}

const id = z.string().min(1);
const account = z.string().regex(ACCOUNT);
const userName = z.string().regex(USER_NAME);
const iamUser = { account, userName };
const personId = z.string().min(1);
const time = z.int();
const count = z.int().nonnegative();

const place = z.object({
  channel: z.string().min(1),
  ts: z.string().exactOptional(),
  drawing: z.string().exactOptional(),
  responseUrl: z.url().exactOptional(),
});

const slackId = z.string().min(1);
const target = z.object({ account: account.exactOptional(), userName });
const ending = z.string().regex(/^[A-Z0-9]{4,32}$/);

const to = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), slackId }),
  z.object({ kind: z.literal('channel'), channelId: z.string().min(1) }),
]);
const row = z.object({
  of: z.object(iamUser),
  matter: z.enum(MATTER_KINDS),
  mark: z.string().min(1).max(20),
});

const command = z.discriminatedUnion('name', [
  z.object({ name: z.literal('statusOf'), slackId }),
  z.object({ name: z.literal('summary') }),
  z.object({ name: z.literal('sweep') }),
  z.object({ name: z.literal('check') }),
  z.object({ name: z.literal('list'), slackId: slackId.exactOptional() }),
  z.object({ name: z.literal('rotate'), target: target.exactOptional(), ending: ending.exactOptional() }),
  z.object({ name: z.literal('show'), target }),
  z.object({ name: z.literal('unassign'), target }),
  z.object({ name: z.literal('assign'), target, to }),
  z.object({ name: z.literal('nudge'), row }),
  z.object({ name: z.literal('handOver'), row, to }),
  z.object({ name: z.literal('deleteSecrets'), count }),
]);

const input = z.object({ text: z.string().max(3000).exactOptional(), until: time.exactOptional() });

const figures = z.object({
  account,
  sweptAt: time,
  users: count,
  activeKeys: count,
  withinAge: count,
  rootKeys: count.exactOptional(),
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

const move = z.enum(MOVE_NAMES);

/** An earlier version's tick put a kind of its own on the queue. */
const inspect = z.enum(['inspect', 'wake']).transform(() => 'inspect' as const);

const workerJob = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('click'),
    id,
    ...iamUser,
    move,
    insist: z.boolean(),
    input: input.exactOptional(),
    personId,
    place,
  }),
  z.object({ kind: z.literal('show'), id, ...iamUser, personId, place }),
  z.object({ kind: z.literal('remind'), id, ownerId: z.string().min(1) }),
  z.object({ kind: z.literal('tellAdmins'), id, users: z.array(z.object(iamUser)) }),
  z.object({ kind: z.literal('redrawList'), id, channel: z.string().min(1), ts: z.string().min(1) }),
  z.object({ kind: z.literal('command'), id, command, personId, place }),
  z.object({ kind: inspect, id, ...iamUser }),
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
  z.object({ kind: z.literal('summarize'), id }),
  z.object({
    kind: z.literal('watchHealth'),
    id,
    refused: z.string().exactOptional(),
    beside: z.string().exactOptional(),
    stuck: z.literal(true).exactOptional(),
  }),
]);

const sweepJob = z.object({ kind: z.literal('sweep'), id, account });

true satisfies Same<z.output<typeof workerJob>, WorkerJob>;
true satisfies Same<z.output<typeof sweepJob>, SweepJob>;

const envelope = z.looseObject({ v: z.int().positive() });

export function writeJob(job: WorkerJob | SweepJob): string {
  return JSON.stringify({ v: VERSION, ...job });
}

export function parseWorkerJob(body: string): WorkerJob {
  return parse(workerJob, body);
}

/** From a queue that other functions than Slack's write to: whoever controls one must not speak for a person. */
export function parseUpkeepJob(body: string): WorkerJob {
  const job = parseWorkerJob(body);
  if ('personId' in job) throw new UnreadableJob(`a ${job.kind} is in somebody's name, and not from Slack`);
  return job;
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
