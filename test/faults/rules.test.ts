// The rules can be broken: each breach is committed by hand, in the name of the worker, and must be found.
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { allItems } from '../sandbox/play/items.ts';
import { keysOf } from '../sandbox/play/play.ts';
import { SIGNING_SECRET } from '../sandbox/sandbox.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import { APP, BYSTANDER, SCENES } from './fault-scenes.ts';
import {
  adminPosts,
  cardsAbout,
  otherAccounts,
  presses,
  records,
  startWorld,
  type World,
} from './fault-world.ts';
import { type Before, broken, type Deeds, takeStock } from './invariants.ts';
import { type Backup, setUp, takeBackup } from './world-backup.ts';

let world: World;
let issued: Backup;
let before: Before;
let worker: IAMClient;

beforeAll(async () => {
  world = await startWorld();
  // Where the new key has just been made: this is where the scene about confirming begins.
  await SCENES.find(({ title }) => title === 'confirmMigration')?.begin(world);
  issued = await takeBackup(world);
});
beforeEach(async () => {
  await setUp(world, issued);
  before = await takeStock(world);
  const { aws, clock, organisation } = world.sandbox;
  worker = new IAMClient({
    region: organisation.region,
    endpoint: aws.wire.url,
    credentials: aws.iam.session('worker', 'breach'),
    systemClockOffset: clock.now() - Date.now(),
  });
});
afterAll(() => world.end());

const keyIds = (userName = APP) => keysOf(world.sandbox, userName).map(({ id }) => id);
const secrets = () =>
  [...world.sandbox.aws.secrets.state.secrets.values()].filter(({ name }) => name.includes(APP));
const found = async (deeds: Partial<Deeds> = {}) => {
  const wrong = await broken(world, before, { creates: 0, insisted: false, doubles: false, ...deeds });
  return [...new Set(wrong.map((words) => Number.parseInt(words, 10)))].sort((a, b) => a - b);
};

/** Through the front door, where what leaves the functions is watched. */
async function edited(change: (item: Record<string, unknown>) => object): Promise<void> {
  const all = await allItems(world.sandbox);
  const item = all.find(({ pk, sk }) => String(pk).endsWith(`#${APP}`) && sk === 'CURRENT');
  const Item = { ...item, ...change(item ?? {}) };
  await world.table.send(new PutCommand({ TableName: world.sandbox.environment.TABLE_NAME, Item }));
}

/** One more entry in the history, for the rest like the last one. */
const toldOf = (more: object) =>
  edited(({ rotation }) => {
    const told = rotation as { history: object[] };
    return { rotation: { ...told, history: [...told.history, { ...told.history.at(-1), ...more }] } };
  });

describe('in a world where nothing was done', () => {
  it('no rule is broken', async () => {
    expect(await found()).toEqual([]);
  });

  it('rules 1 and 6 find that the secret of a new key is gone', async () => {
    for (const { versions } of secrets()) versions.clear();
    expect(await found()).toEqual([1, 6]);
  });

  it('rules 2, 4 and 7 find that the last working key was turned off', async () => {
    for (const AccessKeyId of keyIds())
      await worker.send(new UpdateAccessKeyCommand({ UserName: APP, AccessKeyId, Status: 'Inactive' }));
    expect(await found()).toEqual([2, 4, 7, 8]);
  });

  it('rules 3, 4 and 7 find that a key was deleted', async () => {
    const [AccessKeyId] = keyIds();
    await worker.send(new DeleteAccessKeyCommand({ UserName: APP, AccessKeyId }));
    expect(await found()).toEqual([3, 4, 7, 8]);
  });

  it('rule 4 finds that somebody else’s key was touched', async () => {
    const [AccessKeyId] = keyIds(BYSTANDER);
    await worker.send(new UpdateAccessKeyCommand({ UserName: BYSTANDER, AccessKeyId, Status: 'Inactive' }));
    expect(await found()).toContain(4);
  });

  it('rule 4 finds that a key of another account was touched, and that a secret was put there', async () => {
    const [other] = otherAccounts(world);
    if (!other) throw new Error('there is no other account');
    const [key] = keysOf(other, BYSTANDER);
    other.aws.iam.console.setKeyStatus(BYSTANDER, key?.id ?? '', 'Inactive');
    expect(await found()).toEqual([4]);
    other.aws.iam.console.setKeyStatus(BYSTANDER, key?.id ?? '', 'Active');
    expect(await found()).toEqual([]);
    const [stored] = secrets();
    if (stored) other.aws.secrets.state.secrets.set(stored.name, stored);
    expect(await found()).toEqual([4]);
  });

  it('rules 1, 5 and 7 find that a key was made that nobody wished for', async () => {
    const [spare = ''] = keyIds(BYSTANDER);
    world.sandbox.aws.iam.console.deleteKey(BYSTANDER, spare);
    await worker.send(new CreateAccessKeyCommand({ UserName: BYSTANDER }));
    expect(await found()).toEqual([1, 5, 7]);
  });

  it('rule 7 finds that the history tells of what never happened', async () => {
    await toldOf({ what: 'deactivate', jobId: 'click/of-nobody' });
    expect(await found()).toEqual([7, 10]);
  });

  it('rule 7 finds an id that AWS never gave', async () => {
    const awsRequestIds = ['request-of-nobody'];
    await toldOf({ what: 'confirmMigration', jobId: 'click/next', awsRequestIds });
    expect(await found()).toEqual([7, 10]);
  });

  it.each(['owner', 'admin'])('rule 7 finds that somebody else acted as the %s', async (as) => {
    const by = { kind: 'person', slackId: world.people.gus, as };
    await toldOf({ what: 'keepBoth', jobId: 'click/of-a-guest', by });
    expect(await found()).toEqual([7, 10]);
  });

  it('rule 7 finds that something was carried out that nobody had decided', async () => {
    const decidedAt = new Date(world.sandbox.clock.now()).toISOString();
    await toldOf({ what: 'reopen', jobId: 'tick/decided', decidedAt });
    expect(await found()).toEqual([7, 10]);
  });

  it('rule 8 finds a card that says something else, and a second one', async () => {
    const [card] = cardsAbout(world, world.people.ana, APP);
    const { messages = [] } = world.sandbox.slack.workspace.channels.get(card?.channel ?? '') ?? {};
    if (card) messages.push({ ...card, ts: '1900000000.000100' });
    expect(await found()).toEqual([8]);
    expect(await found({ doubles: true })).toEqual([]);
    if (card) Object.assign(card, { text: APP, blocks: card.blocks.slice(-1) });
    expect(await found({ doubles: true })).toEqual([8]);
  });

  it('rule 8 finds a card that can be pressed by whoever does not own the key', async () => {
    const { people, sandbox } = world;
    const [card] = cardsAbout(world, people.ana, APP);
    for (const reader of [people.ben, people.sam]) {
      await setUp(world, issued);
      before = await takeStock(world);
      const { id, messages } = openDm(sandbox.slack.workspace, reader);
      if (card) messages.push({ ...card, channel: id, ts: '1900000000.000100' });
      expect(await found()).toEqual([8]);
    }
  });

  it('rule 8 finds that a button says what the card should say', async () => {
    const [card] = cardsAbout(world, world.people.ana, APP);
    const [head] = card?.blocks ?? [];
    if (head?.type === 'header') head.text.text = `Replace the access key of ${APP} today`;
    const row = card?.blocks.find(({ type }) => type === 'actions');
    const [button] = row?.type === 'actions' ? row.elements : [];
    if (button?.type === 'button') button.text.text = '…NEW1 replaces …OLD1';
    expect(await found()).toEqual([8]);
  });

  it('rule 9 finds a sighting of what never was, and an exemption that nobody gave', async () => {
    await toldOf({ what: 'userGone', jobId: 'sweep@never' });
    expect(await found()).toContain(9);
    await edited(() => ({ exempt: { kind: 'unclear', text: 'for ever' } }));
    expect(await found()).toContain(9);
  });

  it('rule 10 finds what is still owed, and what was given up', async () => {
    const drawn = (drawing: string) =>
      edited(({ messages }) => ({ messages: (messages as object[]).map((one) => ({ ...one, drawing })) }));
    const [{ drawing = '' } = {}] = (await records(world)).flatMap(({ messages }) => messages);
    await drawn('of-another-step');
    expect(await found()).toEqual([10]);
    await drawn(drawing);
    const [dead] = [...world.sandbox.aws.sqs.state.queues].filter(([name]) =>
      name.endsWith('-clicks-dead.fifo'),
    );
    dead?.[1].send({ body: '{}', groupId: 'g', deduplicationId: 'd', senderId: 'worker' });
    expect(await found()).toEqual([10]);
  });

  it('rule 11 finds a secret in the table, in a message, and in an answer', async () => {
    const { secret = '' } = keysOf(world.sandbox, APP)[0] ?? {};
    await edited(() => noteOf(secret));
    expect(await found()).toEqual([11]);
    before = await takeStock(world);
    await saidBySlack(secret);
    expect(await found()).toEqual([11]);
    before = await takeStock(world);
    world.replies.push({ statusCode: 200, body: JSON.stringify({ text: secret }) });
    expect(await found()).toEqual([11]);
  });

  it('rule 11 finds a secret in base64, whatever stands beside it', async () => {
    const { secret = '' } = keysOf(world.sandbox, APP)[0] ?? {};
    for (const beside of ['', 'a', 'ab', 'abc']) {
      before = await takeStock(world);
      await edited(() => noteOf(Buffer.from(`${beside}${secret}${beside}`).toString('base64')));
      expect(await found()).toEqual([11]);
    }
  });

  it('rule 11 finds the secrets of Slack', async () => {
    for (const secret of [world.sandbox.slack.workspace.bot.token, SIGNING_SECRET]) {
      before = await takeStock(world);
      await edited(() => noteOf(secret));
      expect(await found()).toEqual([11]);
    }
  });

  it('rule 12 finds a second message to the same person on the same day, and none on the next', async () => {
    const { people, sandbox } = world;
    const { id } = openDm(sandbox.slack.workspace, people.ana);
    await saidBySlack('One of your keys is old', id);
    expect(await found()).toEqual([]);
    sandbox.clock.advance(DAY);
    await saidBySlack('One of your keys is old', id);
    expect(await found()).toEqual([]);
    await saidBySlack('One of your keys is old', id);
    expect(await found()).toEqual([12]);
    expect(await found({ doubles: true })).toEqual([]);
  });

  it('rule 13 finds that nobody has anything to press', async () => {
    const [card] = cardsAbout(world, world.people.ana, APP);
    if (card) card.deleted = true;
    await edited(() => ({ messages: [] }));
    expect(await found()).toEqual([13]);
  });

  it('rule 13 finds that no tick will ever look at it', async () => {
    await edited(() => ({ dueIn: undefined, nextAt: undefined }));
    expect(await found()).toEqual([13]);
  });

  it('rule 13 finds a request for time of which the message is gone, or that is decided already', async () => {
    const { ana } = world.people;
    const [card] = cardsAbout(world, ana, APP);
    const inTwoMonths = new Date(world.sandbox.clock.now() + 60 * DAY).toISOString().slice(0, 10);
    await presses(world, ana, card, 'I need more time', {
      'Until when?': inTwoMonths,
      'Why?': 'The vendor is slow',
    });
    expect(await found()).toEqual([]);
    const [post] = adminPosts(world);
    if (post) post.deleted = true;
    expect(await found()).toEqual([13]);
    if (post) delete post.deleted;
    await edited(({ rotation }) => {
      const { request: _, ...rest } = rotation as { request: object };
      return { rotation: rest };
    });
    expect(await found()).toEqual([10, 13]);
  });
});

const noteOf = (text: string) => ({ usedAt: { text, at: new Date().toISOString(), by: 'U0' } });

async function saidBySlack(text: string, channel = world.sandbox.organisation.adminChannel): Promise<void> {
  const { slack } = world.sandbox;
  await fetch(`${slack.wire.url}/api/chat.postMessage`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${slack.workspace.bot.token}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ channel, text }).toString(),
  });
}
