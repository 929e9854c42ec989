// The night: what is asked of IAM, and how long it takes beside the walk that most scripts make.
import { HOUR, runningClock } from '../../sandbox/clock.ts';
import { bundlePlainly } from '../../sandbox/deployment/bundle.ts';
import { variablesOf } from '../../sandbox/deployment/functions.ts';
import type { Sizes } from '../arguments.ts';
import { addTo, emptyTally, mostCalled, type Tally, tallyOf } from '../calls.ts';
import { bundleFolder, type Container, startContainer } from '../container.ts';
import { line, type Measured, median } from '../figures.ts';
import type { Walked } from '../peer.ts';
import { progress } from '../progress.ts';
import { deploy, surroundingsOf } from '../real-time.ts';
import { openRotations } from '../table-items.ts';
import { virtualTime } from '../virtual-time.ts';
import { farAway, NIGHT, startWorld, type World } from '../world.ts';
import { openNight } from './open-night.ts';

/** As many owners as a tenth of the users has. */
export const ownersOf = ({ users }: Pick<Sizes, 'users'>) => Math.max(1, Math.ceil(users / 10));

const USERS_PER_PAGE = 100;
const folder = bundleFolder();

interface Timed {
  wallMs: number;
  cpuMs: number;
}

export async function sweep(sizes: Sizes): Promise<Measured<'sweep'>> {
  const { users, due, open } = sizes;
  const { nights, peer, tally } = await besidePeer(sizes);
  progress('sweep: the same night, with Slack’s limits kept');
  const limited = await nightWithLimits(sizes);
  const normal = await openNight(sizes);
  const night = median(nights.map(({ wallMs }) => wallMs));
  const wallRatioCold = night / peer.wallMs;
  const figures = {
    ...{ users, due, open, iamCalls: Math.max(tally.iam, limited.iam), iamCallsOpen: normal.iam },
    ...{ peerIamCalls: peer.calls, wallRatioCold, writesOpen: normal.writes },
  };
  progress(`sweep: with ${open} open, most called: ${mostCalled(normal)}`);
  const most = 2 * due + due + 10;
  return {
    figures,
    lines: [
      line(`IAM calls, ${due} of ${users} newly due, nothing open`, tally.iam, { most }),
      line('the same with Slack’s limits kept', limited.iam, { most }),
      line('the same, listing every user', peer.calls),
      line('calls in all that night', tally.calls),
      line('read in all that night', tally.readBytes / 1_000_000, { unit: 'MB' }),
      line('wall, containers cold, median', night / 1000, { unit: 's' }),
      line('its processor time, median', median(nights.map(({ cpuMs }) => cpuMs)) / 1000, { unit: 's' }),
      line('wall of listing every user', peer.wallMs / 1000, { unit: 's' }),
      line('its processor time', peer.cpuMs / 1000, { unit: 's' }),
      line('wall, cold, against listing every user', wallRatioCold, { most: 1 / 15 }),
      line(`IAM calls with ${open} open, nothing new`, normal.iam, { most: 10 + Math.ceil(users / 1000) }),
      line(`writes with ${open} open, nothing new`, normal.writes, { most: 10 }),
      line('their write units', normal.writeUnits),
    ],
  };
}

/** The sweeps, cold each, between the stretches of one walk over all users: both meet the same machine. */
async function besidePeer(sizes: Sizes) {
  const pages = Math.ceil(sizes.users / USERS_PER_PAGE);
  const stretch = Math.ceil(pages / sizes.runs);
  const nights: Timed[] = [];
  const peer = { wallMs: 0, cpuMs: 0, calls: 0 };
  let tally = emptyTally();
  let walked: Walked = { users: 0, keys: 0 };
  for (let run = 1; run <= sizes.runs; run += 1) {
    const world = await startFarWorld(sizes);
    progress(`sweep: night ${run} of ${sizes.runs}, cold`);
    nights.push(await coldNight(world));
    tally = tallyOf(world.sandbox);
    await refuseMissing(world, sizes.due);
    world.sandbox.forget();
    progress(`sweep: listing every user, stretch ${run} of ${sizes.runs}`);
    const container = await peerIn(world);
    const from = performance.now();
    const done = await container.invoke({ marker: walked.marker, pages: stretch });
    peer.wallMs += performance.now() - from;
    // A script starts once.
    peer.wallMs += run === 1 ? done.loadedMs : 0;
    peer.cpuMs += done.cpuMs;
    peer.calls += tallyOf(world.sandbox).iam;
    walked = sum(walked, done.result as Walked);
    container.stop();
    await world.sandbox.close();
  }
  if (walked.users !== sizes.users) throw new Error(`${walked.users} of ${sizes.users} users were listed`);
  return { nights, peer, tally };
}

function sum(before: Walked, { marker, users, keys }: Walked): Walked {
  return { marker, users: before.users + users, keys: before.keys + keys };
}

async function startFarWorld(sizes: Sizes): Promise<World> {
  const world = await startWorld({ ...sizes, owned: 0, owners: ownersOf(sizes), clock: runningClock(NIGHT) });
  farAway(world.sandbox);
  return world;
}

async function coldNight({ sandbox }: World): Promise<Timed> {
  const deployed = await deploy(sandbox);
  const from = performance.now();
  await deployed.invoke('scheduler', { task: 'sweep' });
  const scheduledMs = performance.now() - from;
  const wallMs = scheduledMs + (await deployed.untilAtRest());
  deployed.stop();
  return { wallMs, cpuMs: deployed.cpuMs() };
}

/** With an administrator's rights, as such scripts are run. */
async function peerIn({ sandbox }: World): Promise<Container> {
  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.aws.iam.session('administrator', 'script');
  const env = {
    ...variablesOf('sweeper', surroundingsOf(sandbox)),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const file = folder('peer', await bundlePlainly('test/bench/peer.ts'));
  const container = startContainer({ file, env, clock: sandbox.clock, timeoutSeconds: 3600 });
  await container.ready;
  return container;
}

async function nightWithLimits(sizes: Sizes): Promise<Tally> {
  const { sandbox } = await startWorld({ ...sizes, owned: 0, owners: ownersOf(sizes) });
  sandbox.slack.limits.areKept = true;
  const tally = emptyTally();
  const play = await virtualTime(sandbox);
  const now = sandbox.clock.now();
  await play({
    arrivals: [{ at: now, happens: () => sandbox.functions.scheduler.invoke({ task: 'sweep' }) }],
    until: now + 3 * HOUR,
    ended: ({ calls }) => addTo(tally, calls),
  });
  await refuseMissing({ sandbox }, sizes.due);
  await sandbox.close();
  return tally;
}

/** A night that finds too little asks too little. */
async function refuseMissing({ sandbox }: Pick<World, 'sandbox'>, due: number): Promise<void> {
  const found = await openRotations(sandbox);
  if (found !== due) throw new Error(`the night found ${found} of ${due} users`);
}
