// A whole sandbox put away and set up again, weeks later: its containers are warm, and nothing they remember still counts.
import { WEEK } from './clock.ts';
import { type WrittenItem, writtenItems } from './play/items.ts';
import type { Sandbox } from './sandbox.ts';

export interface Backup {
  at: number;
  /** All that the servers hold, as JSON. */
  text: string;
  /** By account. Sessions go on under them: so each stays, and is told what it was. */
  roles: Map<string, Roles>;
}

type Account = Sandbox['aws']['accounts'] extends Map<string, infer A> ? A : never;
type Role = Sandbox['aws']['iam']['state']['roles'] extends Map<string, infer R> ? R : never;

type Roles = Map<string, { role: Role; was: Role }>;

interface HeldAccount {
  users: Sandbox['aws']['iam']['state']['users'];
  keyOwners: Sandbox['aws']['iam']['state']['keyOwners'];
  deletedKeys: Sandbox['aws']['iam']['state']['deletedKeys'];
  trail: Sandbox['aws']['iam']['state']['trail'];
  minted: number;
  secrets: Sandbox['aws']['secrets']['state']['secrets'];
}

interface Held<More> extends HeldAccount {
  /** Other accounts. Not in what an earlier version kept. */
  others?: Map<string, HeldAccount>;
  channels: Sandbox['slack']['workspace']['channels'];
  members: Sandbox['slack']['workspace']['members'];
  usergroups: Sandbox['slack']['workspace']['usergroups'];
  bot: Sandbox['slack']['workspace']['bot'];
  /** Not in what an earlier version kept. */
  homes?: Sandbox['slack']['workspace']['homes'];
  counter: number;
  lastTs: string;
  items: WrittenItem[];
  more: More;
}

/** BatchWriteItem takes no more at once. */
const BATCH = 25;

/** `more`: whatever else is wanted back, as JSON, with its moments moved on like all others. */
export async function takeBackup(sandbox: Sandbox, more?: unknown): Promise<Backup> {
  const { aws, slack, clock } = sandbox;
  const [own, ...others] = [...aws.accounts].map(([id, account]) => [id, heldOf(account)] as const);
  if (!own) throw new Error('the sandbox has no account');
  const { channels, members, usergroups, bot, homes, counter, lastTs } = slack.workspace;
  const held: Held<unknown> = {
    ...own[1],
    others: new Map(others),
    ...{ channels, members, usergroups, bot, homes, counter, lastTs },
    items: await writtenItems(sandbox),
    more,
  };
  return { at: clock.now(), text: JSON.stringify(held, packed), roles: rolesOf(sandbox) };
}

function heldOf({ iam, secrets }: Account): HeldAccount {
  const { users, keyOwners, deletedKeys, minted } = iam.state;
  // Which call made a change is forgotten with the calls.
  const trail = iam.state.trail.map(({ call: _, ...change }) => change);
  return { users, keyOwners, deletedKeys, trail, minted, secrets: secrets.state.secrets };
}

export function rolesOf({ aws }: Sandbox): Backup['roles'] {
  const roles = ({ iam }: Account): Roles =>
    new Map([...iam.state.roles].map(([name, role]) => [name, { role, was: { ...role } }]));
  return new Map([...aws.accounts].map(([id, account]) => [id, roles(account)]));
}

/**
 * Sets the sandbox up as it was, a whole number of weeks later: the same hour of the same day, so that whoever was at work
 * still is, and whatever a container remembers has run out. `by`: how much later; the next such time where it is not given.
 */
export async function setUp<More>(
  sandbox: Sandbox,
  { at, text, roles }: Backup,
  by = Math.ceil((sandbox.clock.now() - at + WEEK) / WEEK) * WEEK,
): Promise<{ items: WrittenItem[]; more: More }> {
  const { aws, slack, clock } = sandbox;
  aws.wire.interfere(undefined);
  slack.wire.interfere(undefined);
  // What a handler has left behind, unheard, belongs to what was played before.
  await Promise.all([aws.wire.idle(), slack.wire.idle()]);
  clock.advance(at + by - clock.now());
  const held: Held<More> = JSON.parse(later(text, at, by), unpacked);
  const others: [string, HeldAccount][] = [...aws.accounts.keys()].flatMap((id, nth) => {
    const account = nth === 0 ? held : held.others?.get(id);
    return account ? [[id, account]] : [];
  });
  for (const [id, account] of others) setUpAccount(aws.accounts.get(id), account, roles.get(id));
  const { workspace } = slack;
  replace(workspace.channels, held.channels);
  replace(workspace.members, held.members);
  replace(workspace.usergroups, held.usergroups);
  Object.assign(workspace.bot, held.bot);
  replace(workspace.homes, held.homes ?? new Map());
  // No later message may get the time stamp of one that is there.
  workspace.lastTs = held.lastTs;
  workspace.counter = Math.max(workspace.counter, held.counter);
  for (const open of [workspace.modals, workspace.responseUrls, workspace.triggers]) open.clear();
  for (const queue of aws.sqs.state.queues.values()) queue.purge();
  sandbox.forget();
  await replaceItems(sandbox, held.items);
  return { items: held.items, more: held.more };
}

function setUpAccount(account: Account | undefined, held: HeldAccount, roles: Roles = new Map()): void {
  if (!account) return;
  const { state } = account.iam;
  Object.assign(state, { lag: 0, minted: Math.max(state.minted, held.minted) });
  delete state.reportOverride;
  state.stale.clear();
  replace(state.users, held.users);
  replace(state.keyOwners, held.keyOwners);
  replace(state.roles, new Map([...roles].map(([name, { role, was }]) => [name, Object.assign(role, was)])));
  state.deletedKeys = held.deletedKeys;
  state.trail = held.trail;
  replace(account.secrets.state.secrets, held.secrets);
}

function replace<K, V>(map: Map<K, V>, by: Map<K, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

async function replaceItems(sandbox: Sandbox, wanted: readonly WrittenItem[]): Promise<void> {
  const { dynamo } = sandbox.aws;
  const table = sandbox.environment.TABLE_NAME ?? '';
  const isWanted = (item: WrittenItem) =>
    wanted.some(({ pk, sk }) => pk?.S === item.pk?.S && sk?.S === item.sk?.S);
  const left = (await writtenItems(sandbox)).filter((item) => !isWanted(item));
  const requests = [
    ...left.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
    ...wanted.map((Item) => ({ PutRequest: { Item } })),
  ];
  for (let from = 0; from < requests.length; from += BATCH)
    await dynamo.ask('BatchWriteItem', { RequestItems: { [table]: requests.slice(from, from + BATCH) } });
}

/** No moment in it is further from when it was put away. */
const MOST_APART = 50 * 52 * WEEK;

/** Every moment in it, in each of the forms in which moments are written down, in whatever century. */
function later(text: string, at: number, by: number): string {
  const seconds = by / 1000;
  const isMoment = (ms: number) => Math.abs(ms - at) < MOST_APART;
  return text
    .replace(/(?<![\d.])\d{13}(?!\d)/g, (ms) => (isMoment(Number(ms)) ? String(Number(ms) + by) : ms))
    .replace(/\b(\d{10})\.(\d{6})\b/g, (ts, s, rest) =>
      isMoment(Number(s) * 1000) ? `${Number(s) + seconds}.${rest}` : ts,
    )
    .replace(/<!date\^(\d{10})\^/g, (_, s) => `<!date^${Number(s) + seconds}^`)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (iso) => new Date(Date.parse(iso) + by).toISOString())
    .replace(/(?<=["# ])\d{4}-\d\d-\d\d(?=["#])/g, (day) => dayOf(Date.parse(day) + by));
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
