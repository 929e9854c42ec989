// Two things at once: whatever else may happen is made to happen at each call of a move, while that call is held back.
import { writeJob } from '../../src/adapters/queue/job-schema.ts';
import { MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/console.ts';
import { alteredPress, buttons, keysOf } from '../sandbox/play.ts';
import { broken, takeStock } from './invariants.ts';
import { APP, type Scene } from './scenes.ts';
import { type CallMade, deedsOf, keysOfBystander, type Rehearsed, sweeps } from './seams.ts';
import { setUp } from './snapshot.ts';
import { isBots } from './strike.ts';
import { anHour, cardsAbout, interfere, type World } from './world.ts';

export interface Intrusion {
  title: string;
  happens(world: World): Promise<void>;
}

/** The moves that change AWS, and a sweep: the others cannot hurt anybody. */
const RACED = new Set([
  'createKey',
  'discardNewKey',
  'deactivate',
  'reactivate',
  'delete',
  'retire',
  'clearSlot',
  'a sweep in the middle of a rotation',
]);

export const isRaced = ({ title }: Scene): boolean => RACED.has(title);

const again = (times: number) => async (world: World) => {
  const event = world.events.at(-1);
  await Promise.all(Array.from({ length: times }, () => world.invokesWorker(event)));
};

/** FIFO keeps presses apart for six minutes; after that, or from the other queue, anything may come at once. */
const pressesElse = (who: 'ana' | 'sam') => async (world: World) => {
  const { sandbox, people } = world;
  const [card] = cardsAbout(world, people.ana, APP);
  const [button] = (card ? buttons(card) : [])
    .filter((label) => !/time|mine|Check again/.test(label))
    .slice(-1);
  if (!card || !button) return;
  const click = sandbox.slack.people.click({ user: people.ana, message: card, button });
  const theirs = alteredPress(sandbox, click, (payload) => {
    payload.user.id = people[who];
  });
  await sandbox.functions.slack.invoke(theirs);
  const clicks = [...sandbox.aws.sqs.state.queues].find(([name]) => name.endsWith('-clicks.fifo'))?.[1];
  await world.invokesWorker(world.eventOf(clicks?.messages.at(-1)?.body ?? ''));
};

/** What the tick, or a sweep, would put on the queue. */
const jobComes = (kind: 'wake' | 'inspect') => async (world: World) => {
  const { clock, organisation } = world.sandbox;
  const id = `${kind}/${APP}@${clock.now()}`;
  await world.invokesWorker(
    world.eventOf(writeJob({ kind, id, account: organisation.account, userName: APP })),
  );
};

const inTheConsole = (change: (world: World, keyIds: string[]) => unknown) => async (world: World) => {
  change(
    world,
    keysOf(world.sandbox, APP).map(({ id }) => id),
  );
};

const LEASE_IS_OVER = 3 * MINUTE;

export const INTRUSIONS: readonly Intrusion[] = [
  { title: 'the same press is delivered twice', happens: again(1) },
  { title: 'the same press is delivered fifty times', happens: again(49) },
  { title: 'another button is pressed', happens: pressesElse('ana') },
  { title: 'an admin presses another button', happens: pressesElse('sam') },
  { title: 'the tick wakes the user', happens: jobComes('wake') },
  { title: 'a sweep looks at the user', happens: jobComes('inspect') },
  {
    title: 'a sweep begins, and runs to its end',
    async happens({ sandbox }) {
      await sandbox.functions.scheduler.invoke({ task: 'sweep' });
      await sandbox.queues.pump();
    },
  },
  {
    title: 'the lease runs out and somebody else takes over',
    async happens(world) {
      world.sandbox.clock.advance(LEASE_IS_OVER);
      await jobComes('wake')(world);
    },
  },
  {
    title: 'the old key is turned on in the console',
    happens: inTheConsole(({ sandbox }, [old = '']) => console_.turnOn(sandbox, APP, old)),
  },
  {
    title: 'the old key is deleted in the console',
    happens: inTheConsole(({ sandbox }, [old = '']) => console_.removeKey(sandbox, APP, old)),
  },
  {
    title: 'the other key is turned off in the console',
    happens: inTheConsole(({ sandbox }, [, other]) => other && console_.turnOff(sandbox, APP, other)),
  },
  {
    title: 'a key is made in the console',
    happens: inTheConsole(({ sandbox }, ids) => ids.length < 2 && console_.createKey(sandbox, APP)),
  },
];

/**
 * Nothing that the bot merely asks can be raced by itself, except by the console: what AWS tells may be over when it is
 * told. Fifty containers take their time: that many come only where a move is claimed and where it acts.
 */
export function racedAt({ title }: Intrusion, calls: readonly CallMade[]): number[] {
  return calls.flatMap(({ index, call, changes }) => {
    const isAct = changes && /iam:|PutItem \(1\)/.test(call);
    const isRaced = title.includes('console') ? call.startsWith('iam:') : changes;
    return (title.includes('fifty') ? isAct : isRaced) ? [index] : [];
  });
}

/** What is wrong after something happened while the call number `index` was held back. */
export async function race(
  world: World,
  { scene, snapshot }: Rehearsed,
  { happens }: Intrusion,
  index: number,
): Promise<string[]> {
  await setUp(world, snapshot);
  const before = await takeStock(world);
  const others = keysOfBystander(world);
  let count = 0;
  interfere(world, async (call) => {
    if (!isBots(call)) return undefined;
    count += 1;
    if (count - 1 === index) await happens(world);
    return undefined;
  });
  await scene.act(world);
  interfere(world);
  await anHour(world);
  await sweeps(world);
  // Another button may be one for a new key, or one that insists.
  const { creates } = deedsOf(scene, 1);
  const wrong = await broken(world, before, { creates: creates + 1, insisted: true, doubles: false });
  return keysOfBystander(world) === others ? wrong : [...wrong, '4. somebody else’s keys were changed'];
}
