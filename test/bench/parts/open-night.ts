// A night like most: many rotations are open, their owners have been told, and nothing is new.
import { DAY, HOUR } from '../../sandbox/clock.ts';
import { seedIam } from '../../sandbox/organisation.ts';
import { drain, run } from '../../sandbox/play/play.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sizes } from '../arguments.ts';
import { type Tally, tallyOf } from '../calls.ts';
import { progress } from '../progress.ts';
import { everyItem, identityOf, putItems, saidOf } from '../table-items.ts';
import { MORNING, startWorld, type World } from '../world.ts';

/** Of one owner: two of them are brought that far by the functions themselves, and the others are on record like those. */
const OF_ONE_OWNER = 20;
const PLAYED = 2;

/** What the sweep of such a night calls. */
export async function openNight({ users, open }: Pick<Sizes, 'users' | 'open'>): Promise<Tally> {
  const owners = Math.max(1, Math.round(open / OF_ONE_OWNER));
  const played = Math.min(open, owners * PLAYED);
  progress(`sweep: ${open} rotations are opened, ${played} of them played`);
  const world = await startWorld({ users: users - (open - played), due: played, owners });
  const { sandbox } = world;
  await run(sandbox, 'sweep');
  sandbox.clock.advance(MORNING.getTime() - sandbox.clock.now() + HOUR);
  await run(sandbox, 'tick');
  await addLikeThem(world, played, open);
  sandbox.clock.advance(DAY - (sandbox.clock.now() % DAY) + 3 * HOUR);
  progress('sweep: the night with them');
  const tally = await sweepOf(sandbox);
  await sandbox.close();
  return tally;
}

async function sweepOf(sandbox: Sandbox): Promise<Tally> {
  sandbox.forget();
  await sandbox.functions.scheduler.invoke({ task: 'sweep' });
  await drain(sandbox);
  const tally = tallyOf(sandbox);
  const told = Object.keys(tally.byAction).filter((name) => name.startsWith('slack:chat.'));
  if (told.length > 0) throw new Error(`nothing was to be told, and yet there was ${told.join()}`);
  return tally;
}

async function addLikeThem({ sandbox, owners }: World, played: number, open: number): Promise<void> {
  const items = await everyItem(sandbox);
  const names = Array.from({ length: open - played }, (_, nth) => `open-${nth}`);
  const templates = Array.from({ length: played }, (_, nth) => identityOf(sandbox, `app-${nth}`));
  const like = (nth: number) => templates[nth % played];
  const { users } = sandbox.aws.iam.state;
  const age = (sandbox.clock.now() - (users.get('app-0')?.keys[0]?.createdAt ?? 0)) / DAY;
  const seeded = names.map((name, nth) => ({
    name,
    tags: users.get(like(nth)?.userName ?? '')?.tags ?? {},
    keys: [{ age }],
  }));
  seedIam(sandbox.aws.iam, sandbox.clock, seeded, sandbox.organisation.region);
  const copies = names.flatMap((name, nth) => {
    const template = like(nth);
    const { lastUsed } = users.get(template?.userName ?? '')?.keys[0] ?? {};
    const key = users.get(name)?.keys[0];
    if (key && lastUsed) key.lastUsed = lastUsed;
    return template ? saidOf(items, template, identityOf(sandbox, name)) : [];
  });
  if (owners.length * PLAYED > played) throw new Error('owners with one message each show nothing');
  await putItems(sandbox, copies);
}
