// What somebody waits for who types, and owns hundreds of IAM users.
import { runningClock } from '../../sandbox/clock.ts';
import { run } from '../../sandbox/play/play.ts';
import { inbox } from '../../sandbox/servers/slack/conversations.ts';
import type { Sizes } from '../arguments.ts';
import { mostCalled, type Tally, tallyOf } from '../calls.ts';
import { line, type Measured, median } from '../figures.ts';
import { progress } from '../progress.ts';
import { type Deployed, deploy } from '../real-time.ts';
import { farAway, NIGHT, startWorld, type World } from '../world.ts';
import { ownersOf } from './sweep.ts';

const MB = 1_000_000;
/** Two for each of the twenty that a list holds, and a few for who asks. */
const LIST_CALLS = 2 * 20 + 10;
const WHICH_WITHIN_MS = 1000;
const WHICH_CALLS = 3;

interface Answered {
  ms: number;
  tally: Tally;
}

export async function rotate(sizes: Sizes): Promise<Measured<'rotate'>> {
  const { ms, tally } = await typed('rotate', sizes);
  const owner = ownerIn(sizes);
  return {
    figures: { calls: tally.asked, ms },
    lines: [
      line(`calls of IAM, table and vault until ${owner} is asked which`, tally.asked, { most: WHICH_CALLS }),
      line('time until then, containers warm, median', ms, { unit: 'ms', most: WHICH_WITHIN_MS }),
      line('with the queue and Slack', tally.calls),
      line('read', tally.readBytes / MB, { unit: 'MB' }),
    ],
  };
}

export async function list(sizes: Sizes): Promise<Measured<'list'>> {
  const { ms, tally } = await typed('list', sizes);
  const owner = ownerIn(sizes);
  return {
    figures: { calls: tally.asked },
    lines: [
      line(`calls of IAM, table and vault until ${owner} has the list`, tally.asked, { most: LIST_CALLS }),
      line('time until then, containers warm, median', ms, { unit: 'ms' }),
      line('with the queue and Slack', tally.calls),
      line('read', tally.readBytes / MB, { unit: 'MB' }),
    ],
  };
}

const ownerIn = ({ users, owned }: Sizes) => `an owner of ${owned} of ${users}`;

/** The night before, the account was swept. */
async function typed(text: 'rotate' | 'list', sizes: Sizes): Promise<Answered> {
  const { users, owned, due, runs } = sizes;
  progress(`${text}: ${users} users, ${owned} of one owner`);
  const clock = runningClock(NIGHT);
  const world = await startWorld({
    users: users - owned,
    owned,
    due: Math.min(due, users - owned),
    owners: ownersOf(sizes),
    clock,
  });
  await run(world.sandbox, 'sweep');
  farAway(world.sandbox);
  const deployed = await deploy(world.sandbox);
  // Starts the containers.
  await answered(world, deployed, 'how');
  const all: Answered[] = [];
  for (let nth = 0; nth < runs; nth += 1) all.push(await answered(world, deployed, text));
  deployed.stop();
  await world.sandbox.close();
  const [first] = all;
  if (!first) throw new Error('nothing was typed');
  progress(`${text}: most called: ${mostCalled(first.tally)}`);
  return { ms: median(all.map(({ ms }) => ms)), tally: first.tally };
}

async function answered({ sandbox, one }: World, deployed: Deployed, text: string): Promise<Answered> {
  const { people, workspace } = sandbox.slack;
  const channel = sandbox.organisation.adminChannel;
  sandbox.forget();
  const before = inbox(workspace, one.id).length;
  const from = performance.now();
  await deployed.invoke('slack', people.slashCommand({ user: one.id, channel, text }));
  const slackMs = performance.now() - from;
  const ms = slackMs + (await deployed.untilAtRest());
  const isAnswered = inbox(workspace, one.id).length > before;
  const responses = sandbox.slack.wire.calls.filter(({ action }) => action === 'response_url').length;
  if (!isAnswered && responses === 0) throw new Error(`/keyrotate ${text} was not answered`);
  return { ms, tally: tallyOf(sandbox) };
}
