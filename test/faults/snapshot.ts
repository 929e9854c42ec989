// A whole world put away and set up again, weeks later: playing its beginning once is enough for a thousand endings.
import { DAY } from '../sandbox/clock.ts';
import { type WrittenItem, writtenItems } from '../sandbox/items.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { lastOverwritten } from './overwritten.ts';
import { interfere, type World } from './world.ts';

export interface Snapshot {
  at: number;
  /** All that the servers hold, as JSON. */
  text: string;
}

interface Held {
  users: Sandbox['aws']['iam']['state']['users'];
  keyOwners: Sandbox['aws']['iam']['state']['keyOwners'];
  deletedKeys: Sandbox['aws']['iam']['state']['deletedKeys'];
  trail: Sandbox['aws']['iam']['state']['trail'];
  minted: number;
  secrets: Sandbox['aws']['secrets']['state']['secrets'];
  channels: Sandbox['slack']['workspace']['channels'];
  members: Sandbox['slack']['workspace']['members'];
  token: string;
  counter: number;
  lastTs: string;
  items: WrittenItem[];
  former: WrittenItem | undefined;
}

const WEEK = 7 * DAY;
/** BatchWriteItem takes no more at once. */
const BATCH = 25;

export async function takeSnapshot(world: World): Promise<Snapshot> {
  const { aws, slack, clock } = world.sandbox;
  const { users, keyOwners, deletedKeys, minted } = aws.iam.state;
  // Which call made a change is forgotten with the calls.
  const trail = aws.iam.state.trail.map(({ call: _, ...change }) => change);
  const { secrets } = aws.secrets.state;
  const { channels, members, counter, lastTs } = slack.workspace;
  const held: Held = {
    ...{ users, keyOwners, deletedKeys, trail, minted, secrets, channels, members, counter, lastTs },
    token: slack.workspace.bot.token,
    items: await writtenItems(world.sandbox),
    former: lastOverwritten(world)?.former,
  };
  return { at: clock.now(), text: JSON.stringify(held, packed) };
}

/**
 * Sets the world up as it was, a whole number of weeks later: the same hour of the same day, so that whoever was at
 * work still is, and whatever a container remembers has run out.
 */
export async function setUp(world: World, { at, text }: Snapshot): Promise<void> {
  const { aws, slack, clock } = world.sandbox;
  interfere(world);
  // What a handler has left behind, unheard, belongs to what was played before.
  await Promise.all([aws.wire.idle(), slack.wire.idle()]);
  const by = Math.ceil((clock.now() - at + WEEK) / WEEK) * WEEK;
  clock.advance(at + by - clock.now());
  const held: Held = JSON.parse(later(text, by), unpacked);
  const { state } = aws.iam;
  Object.assign(state, { lag: 0, minted: Math.max(state.minted, held.minted) });
  state.stale.clear();
  replace(state.users, held.users);
  replace(state.keyOwners, held.keyOwners);
  state.deletedKeys = held.deletedKeys;
  state.trail = held.trail;
  replace(aws.secrets.state.secrets, held.secrets);
  replace(slack.workspace.channels, held.channels);
  replace(slack.workspace.members, held.members);
  slack.workspace.bot.token = held.token;
  // No later message may get the time stamp of one that is there.
  slack.workspace.lastTs = held.lastTs;
  slack.workspace.counter = Math.max(slack.workspace.counter, held.counter);
  slack.workspace.modals.clear();
  for (const queue of aws.sqs.state.queues.values()) queue.purge();
  world.sandbox.forget();
  await replaceItems(world, held.items);
  world.given = held.former ? [held.former, ...held.items] : held.items;
}

function replace<K, V>(map: Map<K, V>, by: Map<K, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

async function replaceItems(world: World, wanted: readonly WrittenItem[]): Promise<void> {
  const { dynamo } = world.sandbox.aws;
  const table = world.sandbox.environment.TABLE_NAME ?? '';
  const isWanted = (item: WrittenItem) =>
    wanted.some(({ pk, sk }) => pk?.S === item.pk?.S && sk?.S === item.sk?.S);
  const left = (await writtenItems(world.sandbox)).filter((item) => !isWanted(item));
  const requests = [
    ...left.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
    ...wanted.map((Item) => ({ PutRequest: { Item } })),
  ];
  for (let from = 0; from < requests.length; from += BATCH)
    await dynamo.ask('BatchWriteItem', { RequestItems: { [table]: requests.slice(from, from + BATCH) } });
}

/** Every moment in it, in each of the forms in which moments are written down. */
function later(text: string, by: number): string {
  const seconds = by / 1000;
  return text
    .replace(/(?<![\d.])[12]\d{12}(?!\d)/g, (ms) => String(Number(ms) + by))
    .replace(/\b([12]\d{9})\.(\d{6})\b/g, (_, s, rest) => `${Number(s) + seconds}.${rest}`)
    .replace(/<!date\^(\d{10})\^/g, (_, s) => `<!date^${Number(s) + seconds}^`)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (iso) => new Date(Date.parse(iso) + by).toISOString())
    .replace(/"(\d{4}-\d\d-\d\d)"/g, (_, day) => JSON.stringify(dayOf(Date.parse(day) + by)));
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function packed(_: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] };
  return value instanceof Set ? { $set: [...value] } : value;
}

function unpacked(_: string, value: unknown): unknown {
  const { $map, $set } = (value ?? {}) as { $map?: [unknown, unknown][]; $set?: unknown[] };
  if ($map) return new Map($map);
  return $set ? new Set($set) : value;
}
