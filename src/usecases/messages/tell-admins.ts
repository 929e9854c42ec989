// Tells the admins, in their channel, what is open for them: a message for each matter, or one list where many are alike.
import { type IamUser, type IamUserId, nameOf, without } from '../../domain/iam-user.ts';
import { type Matter, mattersToTell } from '../../domain/matters.ts';
import { type Card, MATTER_KINDS, type MatterKind, type MatterReader } from '../../domain/message.ts';
import { ownerMark } from '../../domain/owner.ts';
import type { Instant } from '../../domain/time.ts';
import { drawingFor, withMessage } from '../../domain/wanted.ts';
import { OutsideError } from '../errors.ts';
import type { RedrawListJob, TellAdminsJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { bringUpToDate, recordMessage, redrawListJob, withRefusedMessage } from './bring-up-to-date.ts';
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
  for (const kind of MATTER_KINDS) {
    const alike = open.filter(({ matter }) => matter.kind === kind);
    const inMessages = alike.length > MOST_APART ? [alike] : alike.map((one) => [one]);
    for (const together of inMessages) await tell(kind, together, ports);
  }
}

async function tell(kind: MatterKind, together: readonly Open[], ports: Ports): Promise<void> {
  const [one, another] = together;
  try {
    if (one && !another) await tellAlone(one.user, one.matter, ports);
    else await tellTogether(kind, together, ports);
  } catch (error) {
    await afterFailure(error, together, ports);
  }
}

/** A plain "no" will not change by asking again at once: it goes on record, and into the summary. */
async function afterFailure(error: unknown, together: readonly Open[], ports: Ports): Promise<void> {
  if (!(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
  ports.log.error('admins.notTold', { count: together.length, error });
  for (const { user } of together)
    await noteWith(user, ports, (current) => withRefusedMessage(current, error, ports.now(), 'notice'));
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
    const user = await ports.users.load(id);
    if (!user || user.claim) continue;
    for (const matter of mattersToTell(user, ports.policy(id.account), now)) open.push({ user, matter });
  }
  return open.sort((a, b) => keyCreatedAt(a) - keyCreatedAt(b));
}

function keyCreatedAt({ user: { rotation } }: Open): Instant {
  return rotation?.oldKeyCreatedAt ?? 0;
}

async function tellAlone(user: IamUser, matter: Matter, ports: Ports): Promise<void> {
  const reader = readerOf(matter, ports.now());
  const card = await ports.messenger.tellMatter(user, reader);
  const { account, userName } = user;
  ports.log.info('admins.told', { account, userName, code: matter.kind });
  const record = () => noteTold(user, matter.kind, card, reader, ports);
  const noted = await recordMessage({ ...card, reader, drawing: '' }, user, ports, record);
  if (noted) await bringUpToDate(noted, ports);
}

async function tellTogether(kind: MatterKind, alike: readonly Open[], ports: Ports): Promise<void> {
  const users = alike.map(({ user }) => user);
  const card = await ports.messenger.tellMatters(kind, users);
  ports.log.info('admins.told', { code: kind, count: users.length });
  const ids = users.map(({ account, userName, owner }) => ({ account, userName, mark: ownerMark(owner) }));
  await ports.records.saveList({ ...card, matter: kind, users: ids, at: ports.now() });
  let gone: IamUser | undefined;
  for (const { user, matter } of alike) {
    const reader = { ...readerOf(matter, ports.now()), isList: true as const };
    const noted = await noteTold(user, kind, card, reader, ports);
    if (noted) await bringUpToDate(noted, ports);
    else gone = user;
  }
  // Whoever is not in it any more can have nothing about it corrected.
  if (gone) await ports.jobs.put('upkeep', [redrawListJob(card, gone)]);
}

function readerOf({ kind, level }: Matter, at: Instant): MatterReader {
  return { as: 'admins', matter: kind, level, at };
}

/** undefined: what was told is not so any more. What changed while it was told is drawn anew. */
function noteTold(
  user: IamUser,
  kind: MatterKind,
  card: Card,
  reader: MatterReader,
  ports: Ports,
): Promise<IamUser | undefined> {
  const policy = ports.policy(user.account);
  const drawing = drawingFor(reader, user, policy, ports.now());
  return noteWith(user, ports, (current) => {
    const isSo = mattersToTell(current, policy, ports.now()).some((one) => one.kind === kind);
    const told = current.failure?.what === 'notice' ? without(current, 'failure') : current;
    return isSo ? withMessage(told, { ...card, reader, drawing }) : undefined;
  });
}

/** Draws a list with how each of its users stands now; one whose matters are all settled says so, once and for all. */
export async function redrawList({ channel, ts }: RedrawListJob, ports: Ports): Promise<void> {
  const list = await ports.records.list(ts);
  if (!list) return;
  const loaded = await Promise.all(list.users.map((id) => ports.users.load(id)));
  const users = loaded.filter((user) => user !== undefined);
  await ports.messenger.redrawMatters(list.matter, users, { channel, ts });
}
