// What one person sees of the workspace, and what the console of AWS shows, as plain data for the page.
import { readFileSync } from 'node:fs';
import { SANDBOX_REGION } from '../deployment/cloudformation.ts';
import { openDm, visibleMessages } from '../servers/slack/conversations.ts';
import type { Channel, Home, Message, Modal } from '../servers/slack/workspace.ts';
import type { Desk } from './desk.ts';
import { type Hint, hintFor } from './first-walk.ts';
import { SCENE_NAMES, SCENES, type SceneName } from './scenes.ts';
import { TROUBLE_LABELS, TROUBLE_NAMES, type TroubleName } from './trouble.ts';

export interface Conversation {
  id: string;
  name: string;
  kind: 'dm' | 'channel' | 'private';
  messages: ShownMessage[];
  /** How many messages came since this person last looked. */
  unread: number;
}

export interface ShownMessage extends Message {
  /** What Slack says of the last press on it, until it is drawn anew. */
  warning?: string;
}

export interface Person {
  id: string;
  name: string;
  /** What stands behind an @. */
  handle: string;
  isAdmin: boolean;
  /** What they are in the story. */
  role: string;
  tz: string;
  unread: number;
}

export interface AwsUser {
  name: string;
  /** Its tags or its name say that it is the person who is looking. */
  isMine: boolean;
  tags: Record<string, string>;
  keys: {
    id: string;
    status: 'Active' | 'Inactive';
    createdAt: number;
    lastUsed: { at: number; service: string } | undefined;
    /** Its secret lies in the vault, and its own user can fetch it. */
    isStored: boolean;
  }[];
}

export interface StoredSecret {
  name: string;
  readers: string[];
  versions: { id: string; labels: string[]; createdAt: number }[];
  /** When it will be gone, where its deletion is scheduled. */
  goneAt: number | undefined;
}

export interface ShownQueue {
  name: string;
  /** What lies in it was given up. */
  isForDead: boolean;
  jobs: number;
  /** The oldest ones, as they were sent. */
  shown: { id: string; sentAt: number; tries: number; body: string }[];
}

export interface ShownAlarm {
  name: string;
  /** What is wrong when it rings. */
  description: string;
  isRinging: boolean;
  /** The figures that make it ring; none while it is silent. */
  reasons: string[];
  /** What the runbook says to do, in Markdown; empty while it is silent. */
  toDo: string;
}

export interface LoggedCall {
  id: number;
  at: number;
  direction: 'to keyrotate' | 'to AWS' | 'to Slack';
  title: string;
  status: number | undefined;
  /** What AWS calls it by. */
  requestId: string | undefined;
}

export interface Screen {
  now: number;
  team: string;
  bot: { id: string; name: string };
  person: Person;
  people: Person[];
  /** The private channels that this person is in. */
  privateChannels: { id: string; name: string }[];
  /** What an id in a message is called. */
  names: Record<string, string>;
  conversations: Conversation[];
  /** Who is in each channel and direct conversation. */
  members: Record<string, string[]>;
  /** What stands in this person's Home; undefined before they opened it. */
  home: Home | undefined;
  /** The form this person has before them. */
  modal: { id: string; hash: string; view: Modal } | undefined;
  account: string;
  region: string;
  users: AwsUser[];
  secrets: StoredSecret[];
  queues: ShownQueue[];
  /** Those that ring first. */
  alarms: ShownAlarm[];
  /** The latest ones, the oldest first. */
  calls: LoggedCall[];
  troubles: { name: TroubleName; label: string; on: boolean }[];
  scene: SceneName;
  scenes: { name: SceneName; title: string; person: string; conversation: string; isInHome: boolean }[];
  hint: Hint | undefined;
}

const ROLES: Record<string, string> = { sam: 'security team', gus: 'guest' };

export async function screenFor(desk: Desk, personId: string): Promise<Screen> {
  const { sandbox } = desk;
  const { workspace } = sandbox.slack;
  const { organisation } = sandbox;
  const living = Object.entries(organisation.people).filter(([, id]) => !workspace.members.get(id)?.deleted);
  const people = living.map(([first, id]): Person => {
    const { real_name: name = first, name: handle = first, tz = 'Etc/UTC' } = workspace.members.get(id) ?? {};
    const unread = conversationsOf(desk, id).reduce((sum, conversation) => sum + conversation.unread, 0);
    return { id, name, handle, tz, role: ROLES[first] ?? 'owner', isAdmin: first === 'sam', unread };
  });
  const person = people.find(({ id }) => id === personId) ?? people[0];
  if (!person) throw new Error('nobody is left in the workspace');
  const shown = [...workspace.modals.values()].findLast(({ user }) => user === person.id);
  return {
    now: sandbox.clock.now(),
    team: workspace.team.name,
    bot: { id: workspace.bot.userId, name: workspace.bot.name },
    person,
    people,
    names: Object.fromEntries([
      ...[...workspace.members.values()].map(({ id, real_name }) => [id, real_name]),
      ...[...workspace.channels.values()].map(({ id, name }) => [id, name]),
      ...[...workspace.usergroups.values()].map(({ id, handle }) => [id, handle]),
    ]),
    privateChannels: [...workspace.channels.values()]
      .filter(({ is_private, im, members }) => is_private && !im && members.includes(person.id))
      .map(({ id, name }) => ({ id, name })),
    conversations: conversationsOf(desk, person.id),
    members: Object.fromEntries(
      [...workspace.channels.values()].map(({ id, members }) => [
        id,
        people.map((one) => one.id).filter((one) => members.includes(one)),
      ]),
    ),
    home: workspace.homes.get(person.id)?.view,
    modal: shown && { id: shown.id, hash: shown.hash, view: shown.view },
    account: organisation.account,
    region: SANDBOX_REGION,
    users: usersOf(desk, person.id),
    secrets: secretsOf(desk),
    queues: queuesOf(desk),
    alarms: alarmsOf(desk),
    calls: callsThatFit(desk, ''),
    troubles: TROUBLE_NAMES.map((name) => ({
      name,
      label: TROUBLE_LABELS[name],
      on: desk.troubles.on(name),
    })),
    scene: desk.scene,
    scenes: SCENE_NAMES.map((name) => {
      const { title, as, in: where } = SCENES[name];
      const who = organisation.people[as];
      const conversation = where === 'admins' ? organisation.adminChannel : openDm(workspace, who).id;
      return { name, title, person: who, conversation, isInHome: where === 'home' };
    }),
    hint: SCENES[desk.scene].isOfFirstWalk && (await hintFor(sandbox, person.id)),
  };
}

/** Nobody scrolls further back. */
const MOST_CALLS = 400;

/** The latest, the oldest first: all of them, those with this in their title, or that to which AWS gave this id. */
export function callsThatFit({ log }: Desk, find: string): LoggedCall[] {
  const sought = find.trim().toLowerCase();
  return log.entries
    .filter(({ title, requestId }) => [title, requestId].some((one) => one?.toLowerCase().includes(sought)))
    .slice(-MOST_CALLS)
    .map(({ id, at, direction, title, status, requestId }) => ({
      ...{ id, at, direction, title, status, requestId },
    }));
}

function conversationsOf(desk: Desk, person: string): Conversation[] {
  const { workspace } = desk.sandbox.slack;
  const dm = openDm(workspace, person);
  const channels = [...workspace.channels.values()].filter(
    ({ im, members, is_archived }) => !im && !is_archived && members.includes(person),
  );
  return [dm, ...channels].map((channel) => conversation(desk, channel, person));
}

function conversation(desk: Desk, channel: Channel, person: string): Conversation {
  const { sandbox, seen } = desk;
  const messages = visibleMessages(sandbox.slack.workspace, channel.id, person).map((message) => {
    const warning = warningAt(desk, message, person);
    return { ...message, ...(warning !== undefined && { warning }) };
  });
  const upTo = seen.get(`${person} ${channel.id}`) ?? '';
  return {
    id: channel.id,
    name: channel.im ? sandbox.slack.workspace.bot.name : channel.name,
    kind: channel.im ? 'dm' : channel.is_private ? 'private' : 'channel',
    messages,
    unread: messages.filter(({ ts, user }) => ts > upTo && user !== person).length,
  };
}

/** What waited may meanwhile have been done, or given up. */
function warningAt(
  { sandbox, warnings }: Desk,
  { channel, ts, blocks }: Message,
  person: string,
): string | undefined {
  const { said, waits, drawn } = warnings.get(`${person} ${channel} ${ts}`) ?? {};
  if (drawn !== JSON.stringify(blocks)) return undefined;
  const isIn = (end: string) =>
    [...sandbox.aws.sqs.state.queues.values()].some(
      ({ settings, messages }) => settings.name.endsWith(end) && messages.length > 0,
    );
  if (!waits || isIn('-clicks.fifo')) return said;
  return isIn('-clicks-dead.fifo')
    ? 'keyrotate gave this up. It lies among the dead letters (see Queues).'
    : undefined;
}

function usersOf({ sandbox }: Desk, person: string): AwsUser[] {
  const { iam, secrets } = sandbox.aws;
  const mail = sandbox.slack.workspace.members.get(person)?.email ?? '';
  const names = (text: string) => text.includes(person) || text.toLowerCase().includes(mail);
  const stored = new Set(
    [...secrets.state.secrets.values()].flatMap(({ versions }) =>
      [...versions.values()].map(({ value }) => JSON.parse(value).AccessKeyId as string | undefined),
    ),
  );
  return [...iam.state.users.values()]
    .map(({ userName, tags, keys }) => ({
      name: userName,
      isMine: [userName, ...Object.values(tags)].some(names),
      tags,
      keys: keys.map(({ id, status, createdAt, lastUsed }) => ({
        ...{ id, status, createdAt, isStored: stored.has(id) },
        lastUsed: lastUsed && { at: lastUsed.at, service: lastUsed.service },
      })),
    }))
    .sort((a, b) => Number(b.isMine) - Number(a.isMine) || a.name.localeCompare(b.name));
}

function secretsOf({ sandbox }: Desk): StoredSecret[] {
  const { secrets, iam } = sandbox.aws;
  const names = new Map<string, string>();
  for (const { userId, userName } of iam.state.users.values()) names.set(userId, `IAM user ${userName}`);
  for (const { roleId, roleName } of iam.state.roles.values()) names.set(roleId, `role ${roleName}`);
  return [...secrets.state.secrets.values()].map((secret) => ({
    name: secret.name,
    readers: readersIn(secret.policy, names),
    versions: [...secret.versions].map(([id, { stages, createdAt }]) => ({
      ...{ id, createdAt },
      labels: [...stages],
    })),
    goneAt: secret.deletedAt === undefined ? undefined : secret.recoverableUntil,
  }));
}

/** Nobody reads more of them. */
const MOST_JOBS = 20;

function queuesOf({ sandbox }: Desk): ShownQueue[] {
  const queues = [...sandbox.aws.sqs.state.queues.values()];
  const forDead = new Set(queues.map(({ settings }) => settings.redrive?.deadLetterQueueName));
  // What schedules set off in vain comes from no queue.
  const isForDead = (name: string) => forDead.has(name) || name.endsWith('-dead');
  return queues
    .map(({ settings: { name }, messages }) => ({
      ...{ name, isForDead: isForDead(name), jobs: messages.length },
      shown: messages.slice(0, MOST_JOBS).map(({ id, sentAt, receiveCount, body }) => ({
        ...{ id, sentAt, tries: receiveCount, body },
      })),
    }))
    .sort((a, b) => Number(a.isForDead) - Number(b.isForDead));
}

const RUNBOOK = readFileSync(new URL('../../../docs/RUNBOOK.md', import.meta.url), 'utf8');

function runbookEntry(alarm: string): string {
  const [, after = ''] = RUNBOOK.split(`\n### ${alarm}\n`);
  return after.split(/^##/m)[0]?.trim() ?? '';
}

function alarmsOf({ sandbox, watch }: Desk): ShownAlarm[] {
  return watch.telling
    .map(({ name, AlarmDescription = '' }) => {
      const isRinging = watch.alarms.state(name) === 'ALARM';
      const reasons = isRinging ? watch.alarms.reasons(name, sandbox.clock.now() + 1) : [];
      const description = AlarmDescription.replace(' (docs/RUNBOOK.md)', '');
      return { name, description, isRinging, reasons, toDo: isRinging ? runbookEntry(name) : '' };
    })
    .sort((a, b) => Number(b.isRinging) - Number(a.isRinging));
}

/** Everybody whom the policy names in a statement that allows. */
function readersIn(policy: unknown, names: Map<string, string>): string[] {
  const { Statement = [] } = (policy ?? {}) as { Statement?: { Effect: string }[] };
  const allowed = JSON.stringify(Statement.filter(({ Effect }) => Effect === 'Allow'));
  return [...names].filter(([id]) => allowed.includes(id)).map(([, name]) => name);
}
