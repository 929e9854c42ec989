// A sandbox whose worker can die, with a fresh IAM user for every story and Ana to answer for it.
import { writeJob } from '../../src/adapters/queue/job-schema.ts';
import { groupOf } from '../../src/adapters/queue/message-ids.ts';
import { readUser } from '../../src/adapters/store/live-users.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import { type Mortal, startMortal } from '../sandbox/mortal.ts';
import { deleteItem, type Item, itemsAt } from '../sandbox/play/items.ts';
import { secretPath } from '../sandbox/play/outcome.ts';
import { card, drain, keysOf, press, run } from '../sandbox/play/play.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import type { Call, Fault } from '../sandbox/servers/wire.ts';

export interface World extends Mortal {
  ana: string;
  /** Nobody's business here: its keys must never change. */
  bystander: string;
  /** The IAM users of the story being told, and of those told before. */
  current: string[];
  past: string[];
  /** How many names have been given out. */
  names: number;
}

/** What the table holds about one IAM user. */
export interface Stored {
  user: IamUser;
  /** How many closed rotations have been filed. */
  filed: number;
}

export async function startWorld(options: SandboxOptions = {}): Promise<World> {
  const mortal = await startMortal(options);
  const world: World = {
    ...mortal,
    ana: mortal.sandbox.organisation.people.ana,
    bystander: 'bystander',
    current: [],
    past: [],
    names: 0,
  };
  addOwned(world, world.bystander, [200, 100], 'ben@example.com');
  return world;
}

/** Ends the story: its users leave, with everything about them, and no dead container may bring them back. */
export async function forgetAll(world: World): Promise<void> {
  const { sandbox } = world;
  for (const userName of world.current) {
    for (const item of await itemsOf(world, userName)) await deleteItem(sandbox, item);
    if (sandbox.aws.iam.state.users.has(userName)) sandbox.aws.iam.console.deleteUser(userName);
  }
  for (const channel of sandbox.slack.workspace.channels.values()) channel.messages = [];
  for (const { purge } of sandbox.aws.sqs.state.queues.values()) purge();
  sandbox.aws.iam.state.lag = 0;
  world.past.push(...world.current.splice(0));
  guard(world, undefined);
}

/** Interferes, and never answers a call about a user of the past: only a dead container's retry makes one. */
export function guard(
  { sandbox, past }: World,
  ask: ((call: Call) => Fault | undefined | Promise<Fault | undefined>) | undefined,
): void {
  const check = (call: Call) => {
    const text = JSON.stringify(call.input);
    if (past.some((userName) => text.includes(userName)))
      return { kind: 'hang', takesEffect: false, callerIsDead: true } as const;
    return ask?.(call);
  };
  sandbox.aws.wire.interfere(check);
  sandbox.slack.wire.interfere(check);
}

/** An IAM user, of Ana's unless said otherwise, whose keys, of these ages in days, have been quiet for a month. */
export function addOwned(
  { sandbox }: World,
  userName: string,
  ages: number[],
  owner = 'ana@example.com',
): void {
  const { aws, clock, organisation } = sandbox;
  aws.iam.addUser(userName, {
    createdAt: clock.now() - 400 * DAY,
    tags: { 'keyrotate:owner': owner },
  });
  for (const age of ages) {
    const lastUsed = { at: clock.now() - 30 * DAY, service: 's3', region: organisation.region };
    aws.iam.addKey(userName, { createdAt: clock.now() - age * DAY, lastUsed });
  }
}

/** All of one length, so that none is found within another. */
export function newName(world: World): string {
  world.names += 1;
  const userName = `app-${String(world.names).padStart(3, '0')}`;
  world.current.push(userName);
  return userName;
}

/** A new IAM user whose key is nearing its age, and its card with Ana. */
export async function someoneDue(world: World, ages = [83]): Promise<string> {
  const userName = newName(world);
  await hasHeardNothing(world);
  // Within five minutes SQS would take the reminder for the one of the story before.
  world.sandbox.clock.advance(6 * MINUTE);
  onAMorning(world.sandbox);
  addOwned(world, userName, ages);
  await inspect(world, userName);
  await run(world.sandbox, 'tick');
  return userName;
}

/** Nobody is written to twice a day, nor for the first time without end: for a new story that was another day. */
async function hasHeardNothing({ sandbox, ana }: World): Promise<void> {
  for (const pk of [`OWNER#${ana}`, 'CONTACTS'])
    for (const item of await itemsAt(sandbox, pk)) await deleteItem(sandbox, item);
}

/** Goes on to a morning when Ana is at work and no weekend is near: nobody is written to, or turns off keys, at others. */
function onAMorning({ clock }: Sandbox): void {
  const hoursAt = () =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Madrid',
      ...{ weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
    }).format(clock.now());
  while (!/^(Mon|Tue|Wed), (09|10|11)/.test(hoursAt())) clock.advance(HOUR);
}

/** What the sweep asks for about one IAM user. */
export async function inspect({ sandbox }: World, userName: string): Promise<void> {
  const { account } = sandbox.organisation;
  const id = `sweep@${sandbox.clock.now()}/${userName}`;
  const job = { kind: 'inspect', id, account, userName } as const;
  queue(sandbox, 'upkeep').send({
    body: writeJob(job),
    groupId: groupOf(job),
    deduplicationId: id,
    senderId: 'scheduler',
  });
  await drain(sandbox);
}

export function queue(sandbox: Sandbox, which: 'clicks' | 'clicks-dead' | 'upkeep' | 'upkeep-dead') {
  const found = [...sandbox.aws.sqs.state.queues].find(([name]) => name.endsWith(`-${which}.fifo`));
  if (!found) throw new Error(`no queue ${which}`);
  return found[1];
}

export async function presses({ sandbox, ana }: World, userName: string, button: string): Promise<void> {
  await press(sandbox, ana, card(sandbox, ana, userName), button);
}

/** An application has used the key a moment ago. */
export function useNow(
  { sandbox }: World,
  userName: string,
  keyId: string | undefined,
  service = 's3',
): void {
  const key = keysOf(sandbox, userName).find(({ id }) => id === keyId);
  if (key) key.lastUsed = { at: sandbox.clock.now(), service, region: sandbox.organisation.region };
}

export async function stored(world: World, userName: string): Promise<Stored> {
  const items = await itemsOf(world, userName);
  const current = items.find(({ sk }) => sk === 'CURRENT');
  if (!current) throw new Error(`the table knows no ${userName}`);
  return { user: readUser(current), filed: items.length - 1 };
}

export function itemsOf({ sandbox }: World, userName: string): Promise<Item[]> {
  return itemsAt(sandbox, `USER#${sandbox.organisation.account}#${userName}`);
}

/** Everything in IAM that is about this user, as text to compare. */
export function keysIn(sandbox: Sandbox, userName: string): string {
  return keysOf(sandbox, userName)
    .map(({ id, status }) => `${id} ${status}`)
    .sort()
    .join(', ');
}

/** The secret of a key, if the vault has it under the key's own label. */
export function inVault(sandbox: Sandbox, userName: string, keyId: string): string | undefined {
  const secret = sandbox.aws.secrets.state.secrets.get(secretPath(sandbox, userName));
  const version = [...(secret?.versions.values() ?? [])].find(({ stages }) => stages.has(keyId));
  return version && JSON.parse(version.value).SecretAccessKey;
}

/** Every key this user was ever given, those deleted since among them. */
export function everMinted({ aws }: Sandbox, userName: string): string[] {
  return [...aws.iam.state.keyOwners].filter(([, owner]) => owner === userName).map(([id]) => id);
}
