// A month of a deployment, played on the local AWS, and what was called in it.
import { DAY, HOUR } from '../sandbox/clock.ts';
import type { FunctionName } from '../sandbox/deployment/serverless-file.ts';
import { seedIam } from '../sandbox/organisation.ts';
import {
  applicationUses,
  buttons,
  cards,
  keysOf,
  openHome,
  passTime,
  press,
  run,
} from '../sandbox/play/play.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { cloudWatchMetrics } from '../sandbox/servers/aws/cloudwatch-metrics.ts';
import { addMember } from '../sandbox/servers/slack/workspace.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';

export const DAYS = 30;
/** A key grows as old as three months, so a third of them is rotated in each. */
const ROTATED = 3;
/** A Monday, at midnight. */
const START = new Date('2027-01-04T00:00:00Z');
const STEPS = ['Create new key', 'I replaced it everywhere', 'Turn off the old key', 'Delete for good'];

/** What AWS bills by number. */
export interface Usage {
  invocations: Record<FunctionName, number>;
  sqsRequests: number;
  writes: number;
  reads: number;
  secretCalls: number;
  logBytes: number;
  /** Figures that are told apart, each a metric of its own. */
  metrics: number;
}

/** A month with so many IAM users, each with an owner and one key; of a third of them the key is rotated. */
export async function month(users: number): Promise<Usage> {
  const sandbox = await startSandbox({ start: START, seed: 'nobody' });
  const owners = Array.from({ length: users }, (_, nth) => {
    const { id, email } = addMember(sandbox.slack.workspace, { name: `owner-${nth}`, tz: 'Europe/Madrid' });
    return { id, email, userName: `app-${nth}` };
  });
  const seeded = owners.map(({ email, userName }, nth) => {
    const isRotated = nth % ROTATED === 0;
    const age = isRotated ? 76 - (nth % 9) : 1;
    return { name: userName, tags: { 'keyrotate:owner': email }, keys: [{ age, usedHoursAgo: 30 }] };
  });
  seedIam(sandbox.aws.iam, sandbox.clock, seeded, sandbox.organisation.region);
  const counted = counting(sandbox);
  for (let day = 0; day < DAYS; day += 1) {
    const at = (hour: number) => Math.max(0, START.getTime() + day * DAY + hour * HOUR - sandbox.clock.now());
    sandbox.clock.advance(at(3));
    await run(sandbox, 'sweep');
    await passTime(sandbox, at(10));
    if (day % 7 === 0) await run(sandbox, 'summary');
    if (day % 7 === 2) for (const { id } of owners) await openHome(sandbox, id);
    // Nobody turns a key off before a weekend.
    if (day % 7 < 4) for (const { id, userName } of owners) await takesNextStep(sandbox, id, userName);
  }
  const usage = counted();
  refuseUnfinished(sandbox, seeded.length);
  await sandbox.close();
  return usage;
}

/** One tick that finds nothing, and one check. */
export async function idleTick(): Promise<Usage> {
  const sandbox = await startSandbox({ start: START, seed: 'nobody' });
  const tickAndCheck = async () => {
    sandbox.clock.advance(HOUR / 12);
    for (const task of ['tick', 'check'] as const) await run(sandbox, task);
  };
  await tickAndCheck();
  const counted = counting(sandbox);
  await tickAndCheck();
  const usage = counted();
  await sandbox.close();
  return usage;
}

/** The applications go over to the new key at once. */
async function takesNextStep(sandbox: Sandbox, owner: string, userName: string): Promise<void> {
  const pressable = cards(sandbox, owner).filter((message) => buttons(message).length > 0);
  const message = pressable.at(-1);
  const step = message && STEPS.find((label) => buttons(message).includes(label));
  if (!message || !step) return;
  await press(sandbox, owner, message, step);
  const newest = keysOf(sandbox, userName).at(-1);
  if (step === STEPS[0] && newest) await applicationUses(sandbox, newest.id, 's3');
}

/** A month in which the keys were not rotated would cost too little. */
function refuseUnfinished(sandbox: Sandbox, users: number): void {
  const deleted = sandbox.aws.iam.state.deletedKeys.length;
  const due = Math.ceil(users / ROTATED);
  if (deleted !== due) throw new Error(`${deleted} of ${due} keys were rotated in the month`);
}

/** Counts from now on; what it returns tells what there was. */
function counting(sandbox: Sandbox): () => Usage {
  const invocations = { slack: 0, scheduler: 0, sweeper: 0, worker: 0 };
  for (const name of Object.keys(invocations) as FunctionName[]) {
    const { invoke } = sandbox.functions[name];
    sandbox.functions[name].invoke = (event, options) => {
      invocations[name] += 1;
      return invoke(event, options);
    };
  }
  sandbox.forget();
  return () => {
    const { calls } = sandbox.aws.wire;
    const of = (service: string) => calls.filter((call) => call.service === service);
    const taken = invocations.worker + invocations.sweeper;
    const slack = invocations.slack + sandbox.slack.wire.calls.filter(isTold).length;
    return {
      invocations: { ...invocations, slack },
      // Lambda receives and deletes each message.
      sqsRequests: of('sqs').length + 2 * taken,
      writes: sum(of('dynamodb').map(writeUnits)),
      reads: sum(of('dynamodb').map(readUnits)),
      secretCalls: of('secretsmanager').length,
      logBytes: sum(sandbox.logs().map((line) => Buffer.byteLength(line))),
      metrics: metricsIn(sandbox.logs()),
    };
  };
}

/**
 * Slack tells the bot of each message of its own in a direct conversation, and of each change of one, as of everybody
 * else's; the slack function leaves it. https://docs.slack.dev/reference/events/message.im
 */
function isTold({ action, input }: RecordedCall): boolean {
  return /^chat\.(postMessage|update|delete)$/.test(action) && /^[DUW]/.test(String(input.channel));
}

function metricsIn(lines: readonly string[]): number {
  const metrics = cloudWatchMetrics();
  for (const line of lines) metrics.readLine(line);
  return metrics.names().length;
}

const INDEX_KEYS = ['ownerId', 'listedIn', 'dueIn'];

/** One for each kilobyte, and for each index that holds the item two: its key may change. DynamoDB's own counting is less. */
export function writeUnits({ action, input }: RecordedCall): number {
  if (action !== 'PutItem') return 0;
  const item = input.Item as Record<string, unknown>;
  const indexes = INDEX_KEYS.filter((key) => key in item).length;
  return Math.ceil(bytes(item) / 1024) * (1 + 2 * indexes);
}

function readUnits({ action, input, reply }: RecordedCall): number {
  if (action !== 'GetItem' && action !== 'Query') return 0;
  const blocks = Math.max(1, Math.ceil(Buffer.byteLength(reply?.body ?? '') / 4096));
  return input.ConsistentRead === true ? blocks : blocks / 2;
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
