// A night like most: many rotations are open, their owners have been told, and nothing is new.
import { DAY, HOUR } from '../../sandbox/clock.ts';
import { drain, run } from '../../sandbox/play/play.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sizes } from '../arguments.ts';
import { type Tally, tallyOf } from '../calls.ts';
import { addCopies, type Copy } from '../copies.ts';
import { progress } from '../progress.ts';
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
  await addCopies(sandbox, likeThem(world, played, open));
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

/** The owner of each has had one message about all of theirs. */
function likeThem({ owners }: World, played: number, open: number): Copy[] {
  const ownerOf = (nth: number) => owners[nth % owners.length] ?? owners[0];
  return Array.from({ length: open - played }, (_, nth) => {
    const owner = ownerOf(nth % played);
    if (!owner) throw new Error('there is nobody to own them');
    return { userName: `open-${nth}`, owner, like: { userName: `app-${nth % played}`, owner } };
  });
}
