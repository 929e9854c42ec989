// What else may happen while a call is held back: somebody presses or types, a job comes, an administrator is in the console.
import { writeJob } from '../../src/adapters/queue/job-schema.ts';
import { MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { alteredPress, buttons, keysOf, setOff } from '../sandbox/play/play.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import type { Fault } from '../sandbox/servers/wire.ts';
import { APP } from './fault-scenes.ts';
import { cardsAbout, type World } from './fault-world.ts';

/**
 * While which calls it happens. Nothing that the bot merely asks can be raced by itself, except by the console: what AWS
 * tells may be over when it is told. Fifty containers take their time: that many come only where a move is claimed and
 * where it acts.
 */
export type Moment = 'changes' | 'acts' | 'asksIam';

export interface Intrusion {
  title: string;
  during: Moment;
  /** What becomes of the call itself; nothing when it goes on. */
  happens(world: World): Promise<Fault | undefined>;
}

type Happening = (world: World) => Promise<unknown>;

const andGoesOn =
  (happens: Happening): Intrusion['happens'] =>
  async (world) => {
    await happens(world);
    return undefined;
  };

const again = (times: number) => async (world: World) => {
  const event = world.events.at(-1);
  await Promise.all(Array.from({ length: times }, () => world.invokesWorker(event)));
};

/** FIFO keeps what people do apart for six minutes; after that, or from the other queue, anything may come at once. */
async function comesAtOnce(world: World): Promise<void> {
  const { queues } = world.sandbox.aws.sqs.state;
  const clicks = [...queues].find(([name]) => name.endsWith('-clicks.fifo'))?.[1];
  await world.invokesWorker(world.eventOf(clicks?.messages.at(-1)?.body ?? ''));
}

const pressesElse = (who: 'ana' | 'sam' | 'dan') => async (world: World) => {
  const { sandbox, people } = world;
  const [card] = cardsAbout(world, people.ana, APP);
  const [button] = (card ? buttons(card) : [])
    .filter((label) => !/time|mine|Check again|History/.test(label))
    .slice(-1);
  if (!card || !button) return;
  const click = sandbox.slack.people.click({ user: people.ana, message: card, button });
  const theirs = alteredPress(sandbox, click, (payload) => {
    payload.user.id = people[who];
  });
  await sandbox.functions.slack.invoke(theirs);
  await comesAtOnce(world);
};

/** At the same moment, on what is before them. */
async function keepsOn(world: World): Promise<void> {
  const { sandbox, people } = world;
  const [card] = cardsAbout(world, people.ana, APP);
  if (!card || !buttons(card).includes('Keep it on')) return;
  await sandbox.functions.slack.invoke(
    sandbox.slack.people.click({ user: people.ana, message: card, button: 'Keep it on' }),
  );
  await comesAtOnce(world);
}

function isUsed(sandbox: World['sandbox'], keyId: string): void {
  const key = keysOf(sandbox, APP).find(({ id }) => id === keyId);
  const region = sandbox.organisation.region;
  if (key) key.lastUsed = { at: sandbox.clock.now(), service: 's3', region };
}

async function assigns(world: World): Promise<void> {
  const { sandbox, people } = world;
  const channel = openDm(sandbox.slack.workspace, people.sam).id;
  const text = `assign ${APP} <@${people.ben}>`;
  await sandbox.functions.slack.invoke(
    sandbox.slack.people.slashCommand({ user: people.sam, channel, text }),
  );
  await comesAtOnce(world);
}

/** What the tick, or a sweep, would put on the queue. */
async function inspects(world: World): Promise<void> {
  const { clock, organisation } = world.sandbox;
  const id = `tick/${APP}@${clock.now()}`;
  await world.invokesWorker(
    world.eventOf(writeJob({ kind: 'inspect', id, account: organisation.account, userName: APP })),
  );
}

const LEASE_IS_OVER = 3 * MINUTE;

const inTheConsole = (
  title: string,
  change: (sandbox: World['sandbox'], keyIds: string[]) => unknown,
): Intrusion => ({
  title: `${title} in the console`,
  during: 'asksIam',
  happens: andGoesOn(async ({ sandbox }) => change(sandbox, keyIds(sandbox))),
});

const keyIds = (sandbox: World['sandbox']): string[] => keysOf(sandbox, APP).map(({ id }) => id);

/** What was judged before the crash is no longer so when the move is taken up again. */
const afterACrash = (
  title: string,
  change: (sandbox: World['sandbox'], keyIds: string[]) => unknown,
): Intrusion => ({
  title: `the container dies, and ${title} in the console`,
  during: 'acts',
  async happens(world) {
    change(world.sandbox, keyIds(world.sandbox));
    world.kill();
    return { kind: 'hang', takesEffect: false, callerIsDead: true };
  },
});

const elsewhere = (title: string, happens: Happening): Intrusion => ({
  title,
  during: 'changes',
  happens: andGoesOn(happens),
});

export const INTRUSIONS = {
  again: elsewhere('the same press is delivered twice', again(1)),
  fifty: { title: 'the same press is delivered fifty times', during: 'acts', happens: andGoesOn(again(49)) },
  press: elsewhere('another button is pressed', pressesElse('ana')),
  adminsPress: elsewhere('an admin presses another button', pressesElse('sam')),
  strangersPress: elsewhere('somebody else presses another button', pressesElse('dan')),
  keepsOn: elsewhere('what was decided is taken back', keepsOn),
  usedAgain: inTheConsole('the old key is used again', (to, [old = '']) => isUsed(to, old)),
  assign: elsewhere('an admin names another owner', assigns),
  inspect: elsewhere('the tick, or a sweep, looks at the user', inspects),
  sweep: elsewhere('a sweep begins, and runs to its end', async ({ sandbox }) => {
    await setOff(sandbox, 'sweep');
    await sandbox.queues.pump();
  }),
  takeover: elsewhere('the lease runs out and somebody else takes over', async (world) => {
    world.sandbox.clock.advance(LEASE_IS_OVER);
    await inspects(world);
  }),
  oldKeyOn: inTheConsole('the old key is turned on', (to, [old = '']) => console_.turnOn(to, APP, old)),
  oldKeyOff: inTheConsole('the old key is turned off', (to, [old = '']) => console_.turnOff(to, APP, old)),
  oldKeyGone: inTheConsole('the old key is deleted', (to, [old = '']) => console_.removeKey(to, APP, old)),
  otherKeyOff: inTheConsole('the other key is turned off', (to, [, other]) => {
    if (other) console_.turnOff(to, APP, other);
  }),
  otherKeyOn: inTheConsole('the other key is turned on', (to, [, other]) => {
    if (other) console_.turnOn(to, APP, other);
  }),
  newKey: inTheConsole('a key is made', (to, ids) => {
    if (ids.length < 2) console_.createKey(to, APP);
  }),
  diesOldKeyOn: afterACrash('the old key is turned on', (to, [old = '']) => console_.turnOn(to, APP, old)),
  diesUsedAgain: afterACrash('the old key is used again', (to, [old = '']) => isUsed(to, old)),
  diesOtherKeyOff: afterACrash('the other key is turned off', (to, [, other]) => {
    if (other) console_.turnOff(to, APP, other);
  }),
  rename: inTheConsole('the user is renamed', (to) => console_.renameUser(to, APP, 'ci-renamed')),
  recreate: inTheConsole('the user is made anew', (to) => console_.recreateUser(to, APP)),
  tag: inTheConsole('another owner is named', (to) =>
    console_.tag(to, APP, { 'keyrotate:owner': 'ben@example.com' }),
  ),
} as const satisfies Record<string, Intrusion>;
