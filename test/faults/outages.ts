// When something outside is down for an hour: nothing half-done is left, and what was wished comes to pass or is told.
import { HOUR, MINUTE } from '../sandbox/clock.ts';
import type { Call } from '../sandbox/wire.ts';
import { broken, takeStock } from './invariants.ts';
import { deedsOf, type Rehearsed, state, sweeps, whispers } from './seams.ts';
import { setUp } from './snapshot.ts';
import { callName, type FaultName, fault, isBots } from './strike.ts';
import { anHour, interfere, passes, records, type World } from './world.ts';

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

/** In an hour of failures a client that does not hold back would make thousands. */
const MOST_CALLS = 150;

/** `from`: how many of the scene's calls still go through. */
export async function goesDown(
  world: World,
  { scene, snapshot, goal }: Rehearsed,
  outage: Outage,
  from: number,
): Promise<string[]> {
  await setUp(world, snapshot);
  const before = await takeStock(world);
  const heard = whispers(world);
  const { clock } = world.sandbox;
  const ends = clock.now() + HOUR;
  const failed: Call[] = [];
  let count = 0;
  interfere(world, (call) => {
    if (!isBots(call)) return undefined;
    count += 1;
    const isOver = clock.now() >= ends;
    if (count <= from || call.service !== outage.service || isOver) return undefined;
    failed.push(call);
    return fault(world, call, outage.fault);
  });
  const pressed = await scene.act(world);
  const isAsked = (await records(world)).some(({ question }) => question !== undefined);
  for (const minutes of [6, 17, 36]) await passes(world, minutes * MINUTE);
  interfere(world);
  await anHour(world);
  await sweeps(world);
  await anHour(world);
  const found = await broken(world, before, { ...deedsOf(scene, 1), doubles: true });
  const storm =
    failed.length > MOST_CALLS ? [`${failed.length} calls were made: ${callName(failed[0] as Call)}`] : [];
  const isTold = isAsked || pressed === 'lost' || whispers(world) > heard;
  const lost = (await state(world)) === goal || isTold ? [] : ['10. it was not done, and nobody was told'];
  return [...found, ...storm, ...lost];
}
