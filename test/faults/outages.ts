// When something outside is down for an hour: nothing half-done is left, and what was wished comes to pass or is told.

import { deployRoles } from '../member-roles.ts';
import { HOUR, MINUTE } from '../sandbox/clock.ts';
import type { Call, Interference } from '../sandbox/servers/wire.ts';
import { anHour, interfere, passes, records, SECOND, type World } from './fault-world.ts';
import { broken, type Deeds, takeStock } from './invariants.ts';
import { type Change, changesSince, mark } from './journal.ts';
import { deedsOf, type Rehearsed, state, sweeps, whispers } from './seams.ts';
import { callName, type FaultName, fault, isBots } from './strike.ts';
import { setUp } from './world-backup.ts';

export interface Outage {
  title: string;
  service: string;
  fault: FaultName;
}

const SERVICES: Record<string, string> = {
  slack: 'Slack',
  iam: 'IAM',
  secretsmanager: 'Secrets Manager',
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  sts: 'STS',
};
const WAYS: Partial<Record<FaultName, string>> = {
  broken: 'fails',
  throttled: 'throttles every call',
  hangs: 'answers nothing',
};

export const OUTAGES: readonly Outage[] = Object.entries(SERVICES).flatMap(([service, name]) =>
  Object.entries(WAYS).map(([way, words]) => ({
    title: `${name} ${words} for an hour`,
    service,
    fault: way as FaultName,
  })),
);

/**
 * Two jobs that are tried every two minutes, with three attempts of the client each, make some 180 calls in an hour.
 * What does not hold back makes thousands.
 */
const MOST_CALLS = 300;

/** What was sent cannot be told, or cannot be noted. */
const MAY_DOUBLE: ReadonlySet<string> = new Set(['slack', 'dynamodb']);

/** `from`: how many of the scene's calls still go through. */
export async function goesDown(
  world: World,
  rehearsed: Rehearsed,
  outage: Outage,
  from: number,
): Promise<string[]> {
  await setUp(world, rehearsed.backup);
  const { clock } = world.sandbox;
  const ends = clock.now() + HOUR;
  const failed: Call[] = [];
  const since = mark(world);
  const begun: Change[] = [];
  const found = await anHourOf(
    world,
    rehearsed,
    { doubles: MAY_DOUBLE.has(outage.service) },
    (call, count) => {
      if (count <= from || call.service !== outage.service || clock.now() >= ends) return undefined;
      failed.push(call);
      return fault(world, call, outage.fault);
    },
    () => {
      // What was claimed before may be finished.
      if (outage.service === 'dynamodb' && from === 0) begun.push(...changesSince(world, since));
    },
  );
  found.push(...begun.map(({ keyId }) => `${keyId} was changed while nothing could be put on record`));
  const [first] = failed;
  return first && failed.length > MOST_CALLS
    ? [...found, `${failed.length} calls were made, such as ${callName(first)}`]
    : found;
}

/** Somebody deletes them in the second account, and their sessions with them; the hour after they are made anew. */
export async function rolesAreGone(world: World, rehearsed: Rehearsed, from: number): Promise<string[]> {
  await setUp(world, rehearsed.backup);
  const { iam } = world.sandbox.aws.accounts.get(SECOND.account) ?? world.sandbox.aws;
  let isOver = false;
  return anHourOf(
    world,
    rehearsed,
    { doubles: false },
    (_, count) => {
      if (count > from && !isOver) deployRoles(iam, 'none');
      return undefined;
    },
    () => {
      isOver = true;
      deployRoles(iam, 'live', SECOND.region);
    },
  );
}

/** Slack takes another token from now on; the operator stores it half an hour later. */
export async function tokenIsReplaced(world: World, rehearsed: Rehearsed, from: number): Promise<string[]> {
  await setUp(world, rehearsed.backup);
  const { workspace } = world.sandbox.slack;
  const replaced = `xoxb-${crypto.randomUUID()}`;
  return anHourOf(
    world,
    rehearsed,
    { doubles: false },
    (_, count) => {
      if (count > from) workspace.bot.token = replaced;
      return undefined;
    },
    () => {
      workspace.bot.token = replaced;
      storeToken(world, replaced);
    },
  );
}

function storeToken({ sandbox }: World, botToken: string): void {
  const secret = sandbox.aws.secrets.state.secrets.get(sandbox.environment.SLACK_SECRET_ID ?? '');
  for (const version of secret?.versions.values() ?? [])
    version.value = JSON.stringify({ ...JSON.parse(version.value), botToken });
}

/** Plays the scene and an hour after it under a fault, then another without. */
async function anHourOf(
  world: World,
  { scene, goal }: Rehearsed,
  { doubles }: Pick<Deeds, 'doubles'>,
  ask: (call: Call, count: number) => ReturnType<Interference>,
  inTheMiddle: () => void = () => {},
): Promise<string[]> {
  const before = await takeStock(world);
  const heard = whispers(world);
  let count = 0;
  interfere(world, (call) => {
    if (!isBots(call)) return undefined;
    count += 1;
    return ask(call, count);
  });
  const pressed = await scene.act(world);
  const isAsked = (await records(world)).some(({ question }) => question !== undefined);
  await passes(world, 23 * MINUTE);
  inTheMiddle();
  await passes(world, 36 * MINUTE);
  interfere(world);
  await anHour(world);
  await sweeps(world);
  await anHour(world);
  const found = await broken(world, before, { ...deedsOf(scene, 1), doubles });
  const isTold = isAsked || pressed === 'lost' || whispers(world) > heard;
  const isDone = (await state(world)) === goal;
  return isDone || isTold ? found : [...found, '10. it was not done, and nobody was told'];
}
