// Tells the admins, in their channel, what is open for them: a message for each matter, or one list where many are alike.
import { type IamUser, type IamUserId, nameOf, without } from '../../domain/iam-user.ts';
import { type Matter, mattersToTell } from '../../domain/matters.ts';
import {
  type Card,
  isList,
  MATTER_KINDS,
  type MatterKind,
  type MatterReader,
  type SentMessage,
} from '../../domain/message.ts';
import { ownerMark } from '../../domain/owner.ts';
import type { Instant } from '../../domain/time.ts';
import { drawingFor, withMessage } from '../../domain/wanted.ts';
import { ifRefused } from '../errors.ts';
import { channelRefused } from '../health/watch-health.ts';
import type { RedrawListJob, TellAdminsJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { loadIfReadable } from '../shared/load-if-readable.ts';
import {
  bringUpToDate,
  recordMessage,
  redrawListJob,
  removeQuietly,
  withRefusedMessage,
} from './bring-up-to-date.ts';
import { noteWith } from './note-with.ts';

/** So many alike are told one by one, each with its buttons; more make a list. */
const MOST_APART = 2;
/** More wait for the next message: a job must end well before its time is up. */
const MOST_IN_A_LIST = 500;

interface Open {
  user: IamUser;
  matter: Matter;
}

/** 1. everybody about whom something is to be told, the oldest key first. 2. tell it, kind by kind. 3. note it with each. */
export async function tellAdmins(job: TellAdminsJob, ports: Ports): Promise<void> {
  const open = await openMatters(job, ports);
  const messages = MATTER_KINDS.flatMap((kind) => {
    const alike = open.filter(({ matter }) => matter.kind === kind);
    return alike.length > MOST_APART ? [alike] : alike.map((one) => [one]);
  });
  await each(messages, ([one, ...others]) => {
    if (!one) return Promise.resolve();
    return others.length > 0 ? tellTogether([one, ...others], ports) : tellAlone(one, ports);
  });
}

/** That one fails holds up no other. Whatever failed is told by the job when it comes again. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all) await work(one).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** A plain "no" will not change by asking again at once: it goes on record, and into the summary. undefined then. */
async function posted(
  posting: Promise<Card>,
  together: readonly Open[],
  ports: Ports,
): Promise<Card | undefined> {
  return ifRefused(posting, async (error) => {
    ports.log.error('admins.notTold', { count: together.length, error });
    await channelRefused(error, ports);
    await each(together, async ({ user }) => {
      await noteWith(user, ports, (current) => withRefusedMessage(current, error, ports.now(), 'notice'));
    });
    return undefined;
  });
}

/** The index may lag behind the records; they are read anew, and decide. */
async function openMatters({ users }: TellAdminsJob, ports: Ports): Promise<Open[]> {
  const now = ports.now();
  const ids = new Map<string, IamUserId>(users.map((id) => [nameOf(id), id]));
  for await (const { account, userName } of ports.users.dueBy(now)) {
    // Those of an account that may no longer be touched stay due for ever, and must not crowd out the others.
    if (ports.accounts.includes(account)) ids.set(nameOf({ account, userName }), { account, userName });
    if (ids.size === MOST_IN_A_LIST) break;
  }
  const open: Open[] = [];
  for (const id of ids.values()) {
    if (!ports.accounts.includes(id.account)) continue;
    const user = await loadIfReadable(id, ports);
    if (!user || user.claim) continue;
    for (const matter of mattersToTell(user, ports.policy(id.account), now)) open.push({ user, matter });
  }
  return open.sort((a, b) => keyCreatedAt(a) - keyCreatedAt(b));
}

function keyCreatedAt({ user: { rotation } }: Open): Instant {
  return rotation?.oldKeyCreatedAt ?? 0;
}

async function tellAlone({ user, matter }: Open, ports: Ports): Promise<void> {
  const reader = readerOf(matter, ports.now());
  const card = await posted(ports.messenger.tellMatter(user, reader), [{ user, matter }], ports);
  if (!card) return;
  const { account, userName } = user;
  ports.log.info('admins.told', { account, userName, code: matter.kind });
  const record = () => noteTold(user, card, reader, ports);
  const noted = await recordMessage({ ...card, reader, drawing: '' }, user, ports, record);
  if (noted) await bringUpToDate(noted, ports);
}

async function tellTogether(alike: readonly [Open, ...Open[]], ports: Ports): Promise<void> {
  const { kind } = alike[0].matter;
  const users = alike.map(({ user }) => user);
  const card = await posted(ports.messenger.tellMatters(kind, users), alike, ports);
  if (!card) return;
  ports.log.info('admins.told', { code: kind, count: users.length });
  const ids = users.map(({ account, userName, owner }) => ({ account, userName, mark: ownerMark(owner) }));
  const list = { ...card, matter: kind, users: ids, at: ports.now() };
  await ports.records.saveList(list).catch(async (error) => {
    // Nobody would ever correct it.
    await removeQuietly(card, alike[0].user, ports);
    throw error;
  });
  await redrawOlder(kind, users, ports);
  let isWhole = true;
  await each(alike, async ({ user, matter }) => {
    const reader = { ...readerOf(matter, ports.now()), isList: true as const };
    const noting = noteTold(user, card, reader, ports);
    const noted = await noting.catch(() => undefined);
    isWhole &&= noted !== undefined;
    if (noted) await bringUpToDate(noted, ports);
    else await noting;
  }).finally(async () => {
    // Of whom it is not noted, nothing in it would be corrected: they are told anew, and it is drawn without them.
    if (!isWhole) await ports.jobs.put([redrawListJob(card, alike[0].user)]);
  });
}

/** Once for all who stand in it, and not once for each: it waits until this job is done. */
async function redrawOlder(kind: MatterKind, users: readonly IamUser[], ports: Ports): Promise<void> {
  const jobs = new Map<string, RedrawListJob>();
  for (const user of users)
    for (const message of user.messages.filter(isListOf(kind)))
      jobs.set(message.ts, redrawListJob(message, user));
  if (jobs.size > 0) await ports.jobs.put([...jobs.values()]);
}

function isListOf(kind: MatterKind) {
  return (message: SentMessage): boolean =>
    isList(message) && message.reader.as === 'admins' && message.reader.matter === kind;
}

function readerOf({ kind, level }: Matter, at: Instant): MatterReader {
  return { as: 'admins', matter: kind, level, at };
}

/** undefined: what was told is not so any more. What changed while it was told is drawn anew. */
function noteTold(
  user: IamUser,
  card: Card,
  reader: MatterReader,
  ports: Ports,
): Promise<IamUser | undefined> {
  const policy = ports.policy(user.account);
  const drawing = drawingFor(reader, user, policy, ports.now());
  return noteWith(user, ports, (current) => {
    const isSo = mattersToTell(current, policy, ports.now()).some(({ kind }) => kind === reader.matter);
    const told = current.failure?.what === 'notice' ? without(current, 'failure') : current;
    // The lists before are drawn without it already.
    const messages = told.messages.filter((message) => !reader.isList || !isListOf(reader.matter)(message));
    return isSo ? withMessage({ ...told, messages }, { ...card, reader, drawing }) : undefined;
  });
}

/** Draws a list with how each of its users stands now; one whose matters are all settled says so, once and for all. */
export async function redrawList({ channel, ts }: RedrawListJob, ports: Ports): Promise<void> {
  const list = await ports.records.list(ts);
  if (!list) return;
  const loaded = await Promise.all(list.users.map((id) => loadIfReadable(id, ports)));
  const users = loaded.filter((user) => user !== undefined);
  await ports.messenger.redrawMatters(list.matter, users, { channel, ts });
}
