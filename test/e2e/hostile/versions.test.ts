// A rotation that an earlier version began and a later one went on with, and jobs of all ages: nothing is lost on the way.
import { describe, expect, it } from 'vitest';
import { writeJob } from '../../../src/adapters/queue/job-schema.ts';
import { cardOf } from '../../../src/domain/wanted.ts';
import { queuedJob } from '../../queued-job.ts';
import { DAY, HOUR, MINUTE } from '../../sandbox/clock.ts';
import { bundleHandlers, bundleVersion, type Edits } from '../../sandbox/deployment/bundle.ts';
import type { FunctionName } from '../../sandbox/deployment/serverless-file.ts';
import { putItem } from '../../sandbox/play/items.ts';
import { deliver, drain, keysOf, passTime, run } from '../../sandbox/play/play.ts';
import { CREATE, DELETE, OFF, REPLACED, sharedWorld, stage } from '../dangers/telling.ts';
import { inVault, itemsOf, presses, queue, someoneDue, stored, useNow } from '../mortal-world.ts';
import { pressOf } from './presses.ts';

const world = sharedWorld();

// biome-ignore lint/suspicious/noExplicitAny: the table's own items, whatever version wrote them
type Item = any;

async function itemOf(userName: string): Promise<Item> {
  return (await itemsOf(world, userName)).find(({ sk }) => sk === 'CURRENT');
}

const deadLetters = () =>
  (['clicks-dead', 'upkeep-dead'] as const).flatMap((name) => queue(world.sandbox, name).messages);

/** As another version would have written it. */
async function rewritten(userName: string, change: (item: Item) => void): Promise<void> {
  const item = await itemOf(userName);
  change(item);
  await putItem(world.sandbox, item);
}

/** The fields that came later, all of them optional, are not there yet. */
function withoutLaterFields(item: Item): void {
  for (const name of ['changedAt', 'quietUntil', 'secretOpenedOn', 'formerName', 'usedAt', 'failure'])
    delete item[name];
  for (const name of ['contactedAt', 'extendedTo', 'escalatedAt']) delete item.rotation[name];
  for (const entry of item.rotation.history)
    for (const name of ['from', 'note', 'until', 'keyId']) delete entry[name];
  delete item.owner.timeZone;
}

/** Facts of which this version knows nothing, wherever something outlives a move. */
function withLaterFields(item: Item): void {
  Object.assign(item, { delegates: ['U0BEA'] });
  Object.assign(item.rotation.replacement, { region: 'eu-west-1' });
  Object.assign(item.rotation.history[0], { ticket: 'SEC-1' });
}

async function press(userName: string, move: 'createKey' | 'confirmMigration'): Promise<void> {
  const { user } = await stored(world, userName);
  const card = cardOf(user) ?? { channel: '', ts: '' };
  await deliver(world.sandbox, pressOf(world.sandbox, world.ana, { user, card }, move));
}

/** A later version: it writes facts of which this one knows nothing, wherever something outlives a move. */
const LATER: Edits = {
  'src/adapters/store/item.ts': ['schema: SCHEMA }', "delegates: ['U0BEA'], schema: SCHEMA }"],
  'src/usecases/moves/carry-out.ts': [
    '    jobId: claim.jobId,\n    what',
    "    ticket: 'SEC-1',\n    jobId: claim.jobId,\n    what",
  ],
  'src/adapters/queue/job-schema.ts': ['{ v: VERSION, ', "{ v: VERSION, trace: 'T-1', "],
  'src/adapters/slack/queued-request.ts': ['{ v: VERSION, ', "{ v: VERSION, trace: 'T-1', "],
};

const GOOD = { kind: 'inspect', id: 'tick/poison', account: '111122223333', userName: 'ci' } as const;

async function deploy(handlers: ReturnType<typeof bundleHandlers>): Promise<void> {
  for (const [name, { code }] of Object.entries(await handlers))
    world.sandbox.functions[name as FunctionName].update(code);
}

describe('a rotation', () => {
  it('goes on through an upgrade in its middle, a roll-back, and the upgrade once more', async () => {
    const later = bundleVersion(LATER);
    const userName = await someoneDue(world);
    const isUpgraded = async () => (await itemOf(userName)).delegates !== undefined;

    await deploy(later);
    await presses(world, userName, CREATE);
    expect(await isUpgraded()).toBe(true);
    const [, made] = keysOf(world.sandbox, userName);
    useNow(world, userName, made?.id);
    // Pressed in the later version, and carried out by this one.
    await press(userName, 'confirmMigration');
    await deploy(bundleHandlers());
    await drain(world.sandbox);
    await presses(world, userName, OFF);
    await passTime(world.sandbox, 8 * DAY);
    await deploy(later);
    await presses(world, userName, DELETE);
    await deploy(bundleHandlers());

    expect(keysOf(world.sandbox, userName).map(({ id }) => id)).toEqual([made?.id]);
    expect(inVault(world.sandbox, userName, made?.id ?? '')).toBe(made?.secret);
    expect(await isUpgraded()).toBe(true);
    const [, closed] = await itemsOf(world, userName);
    const { history } = (closed as Item).rotation;
    expect(history.map(({ what, ticket }: Item) => [what, ticket])).toEqual([
      ['open', undefined],
      ['createKey', 'SEC-1'],
      ['confirmMigration', undefined],
      ['deactivate', undefined],
      ['delete', 'SEC-1'],
    ]);
  });

  it('begun by an earlier version is ended by this one, before and after a later one had it', async () => {
    const userName = await someoneDue(world);
    await rewritten(userName, withoutLaterFields);
    await presses(world, userName, CREATE);
    await rewritten(userName, withoutLaterFields);
    const [, made] = keysOf(world.sandbox, userName);
    useNow(world, userName, made?.id);
    await rewritten(userName, withLaterFields);
    await presses(world, userName, REPLACED);
    await presses(world, userName, OFF);
    await passTime(world.sandbox, 8 * DAY);
    await presses(world, userName, DELETE);

    expect(keysOf(world.sandbox, userName).map(({ id }) => id)).toEqual([made?.id]);
    expect(inVault(world.sandbox, userName, made?.id ?? '')).toBe(made?.secret);
    expect(await itemOf(userName)).toMatchObject({
      delegates: ['U0BEA'],
      rotation: { stage: 'deleted', replacement: { keyId: made?.id, region: 'eu-west-1' } },
    });
    const [, closed] = await itemsOf(world, userName);
    const { history } = (closed as Item).rotation;
    expect(history.map(({ what }: Item) => what)).toEqual([
      'open',
      'createKey',
      'confirmMigration',
      'deactivate',
      'delete',
    ]);
    expect(history[0].ticket).toBe('SEC-1');
  });

  it('of a later schema waits untouched for its version, and holds up nobody else', async () => {
    const userName = await someoneDue(world);
    const other = await someoneDue(world);
    await rewritten(userName, (item) => Object.assign(item, { schema: 2 }));
    const before = await itemOf(userName);
    // Pressed on what the card showed before.
    const { user } = await stored(world, other);
    const card = before.card;
    const about = { ...user, userName };
    await deliver(world.sandbox, pressOf(world.sandbox, world.ana, { user: about, card }, 'createKey'));
    await press(other, 'createKey');
    await world.sandbox.queues.pump();
    await world.sandbox.functions.scheduler.invoke({ task: 'tick' });
    await world.sandbox.queues.pump();

    expect(await itemOf(userName)).toEqual(before);
    expect(keysOf(world.sandbox, userName)).toHaveLength(1);
    expect(keysOf(world.sandbox, other)).toHaveLength(2);
    const failed = world.sandbox.functions.worker.logs.filter((line) => line.includes('NewerSchema'));
    expect(failed.join()).toContain('it has schema 2, and this version knows 1; deploy the later version');

    // Its version is back after two days and nights: the press has waited in the queue, alone.
    for (let hours = 0; hours < 48; hours += 1) {
      await passTime(world.sandbox, HOUR);
      if (hours % 24 === 0) await run(world.sandbox, 'sweep');
    }
    expect(deadLetters()).toEqual([]);
    const waiting = (['clicks', 'upkeep'] as const).flatMap((name) => queue(world.sandbox, name).messages);
    expect(
      waiting
        .filter(({ body }) => body.includes(userName))
        .map(({ body }) => queuedJob(body, world.sandbox).kind),
    ).toEqual(['click']);
    await rewritten(userName, (item) => Object.assign(item, { schema: 1 }));
    await passTime(world.sandbox, HOUR);
    expect(keysOf(world.sandbox, userName)).toHaveLength(2);
  });
});

describe('a message', () => {
  const send = (which: 'clicks' | 'upkeep', userName: string, body: string) =>
    queue(world.sandbox, which).send({
      ...{ body, groupId: `user/${world.sandbox.organisation.account}/${userName}` },
      ...{ deduplicationId: crypto.randomUUID(), senderId: 'somebody' },
    });
  const poison = [
    ...['', '{', 'null', '[]', '"text"', '\u0000', '{"v":1}', 'x'.repeat(200_000)],
    ...[
      ...[{ v: 2 }, { v: 0 }, { v: '1' }, { v: undefined }, { kind: 'click' }, { kind: 'sweep' }],
      ...[{ id: 7 }, { account: 'prod' }, { userName: '../x' }, { userName: null }, { kind: '__proto__' }],
    ].map((bent) => JSON.stringify({ ...JSON.parse(writeJob(GOOD)), ...bent })),
  ];

  it('that is unreadable, foreign, outdated or from the future goes to the dead letters, and the job behind it is done', async () => {
    const userName = await someoneDue(world);
    const { settings } = queue(world.sandbox, 'upkeep');
    // Eighty tries, as the queue has it, would tell no more.
    const asDeployed = settings.redrive && { ...settings.redrive };
    if (settings.redrive) settings.redrive.maxReceiveCount = 3;
    for (const body of poison) send('upkeep', userName, body);
    const { account } = world.sandbox.organisation;
    send('upkeep', userName, writeJob({ ...GOOD, account, userName }));
    const from = world.sandbox.clock.now();
    await world.sandbox.queues.pump();

    Object.assign(settings.redrive ?? {}, asDeployed);
    expect(world.sandbox.clock.now()).toBe(from);
    expect(queue(world.sandbox, 'upkeep').messages).toEqual([]);
    expect(queue(world.sandbox, 'upkeep-dead').messages.map(({ body }) => body)).toEqual(poison);
    expect(world.sandbox.functions.worker.logs.filter((line) => line.includes(GOOD.id)).join()).toContain(
      'job.done',
    );
    queue(world.sandbox, 'upkeep-dead').purge();
  });

  it('that is no request of Slack’s is consumed on the clicks queue, and the press behind it is carried out', async () => {
    const userName = await someoneDue(world);
    for (const body of poison) send('clicks', userName, body);
    await press(userName, 'createKey');
    await world.sandbox.queues.pump();

    expect(keysOf(world.sandbox, userName)).toHaveLength(2);
    expect(deadLetters()).toEqual([]);
    // And the clockwork goes on.
    world.sandbox.clock.advance(6 * MINUTE);
    await run(world.sandbox, 'tick');
    expect(await stage(world, userName)).toBe('issued');
  });

  it('in a shape of a later version waits among the dead letters, and is done when it is sent back to that version', async () => {
    const later = bundleVersion({
      'src/adapters/slack/queued-request.ts': ['VERSION = 2', 'VERSION = 3'],
    });
    const userName = await someoneDue(world);
    world.sandbox.functions.slack.update((await later).slack.code);
    await press(userName, 'createKey');
    await drain(world.sandbox);
    const [dead] = queue(world.sandbox, 'clicks-dead').messages;
    expect([deadLetters().length, keysOf(world.sandbox, userName).length]).toEqual([1, 1]);

    await deploy(later);
    queue(world.sandbox, 'clicks-dead').purge();
    send('clicks', userName, dead?.body ?? '');
    await drain(world.sandbox);
    await deploy(bundleHandlers());
    expect(keysOf(world.sandbox, userName)).toHaveLength(2);
  });
});
