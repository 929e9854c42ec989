// Writes to one owner about all their IAM users for which that has come due: one message, at most once a day.
import { mayNotifyNow, owesReminder, zoneOf } from '../domain/agenda.ts';
import type { IamUser } from '../domain/iam-user.ts';
import type { Card, SentMessage } from '../domain/message.ts';
import { addressOf } from '../domain/owner.ts';
import { isOpen } from '../domain/rotation.ts';
import type { Instant } from '../domain/time.ts';
import { drawingFor } from '../domain/wanted.ts';
import { localDay, nextWorkingMorning } from '../domain/working-hours.ts';
import { LEASE_MS } from './carry-out.ts';
import { OutsideError, TryLater } from './errors.ts';
import type { RemindJob } from './jobs.ts';
import { heard, isAbout, noteAgain, noteReminder } from './note-reminder.ts';
import { noteWith } from './note-with.ts';
import type { OwnerRecord, Ports } from './ports.ts';

const RETRY_SECONDS = 20;

/**
 * 1. what was sent and not noted with everybody is noted, whichever job sent it. 2. who is due. 3. the owner has had
 * today's message: until tomorrow. 4. first contacts within the day's number. 5. note that the owner is written to, then
 * write: if that fails the note is taken back, so a message may come twice after a crash but is never lost. 6. note it
 * with each user.
 */
export async function remindOwner(job: RemindJob, ports: Ports): Promise<void> {
  const now = ports.now();
  const owner = await ports.records.owner(job.ownerId);
  if (owner?.sent && owner.sent.jobId === owner.jobId) {
    await noteAgain(owner, owner.sent, ports);
    if (owner.jobId === job.id) return;
    throw new TryLater(RETRY_SECONDS, 'the message before was not noted with everybody it told of');
  }
  const due = await usersDue(job.ownerId, now, ports);
  const [first] = due;
  if (!first) return;
  if (owner?.jobId === job.id && now < owner.notifiedAt + LEASE_MS)
    throw new TryLater(RETRY_SECONDS, 'a message is on its way');
  const zone = zoneOf(first, ports.policy(first.account));
  const hadTodays =
    owner && owner.jobId !== job.id && localDay(owner.notifiedAt, zone) === localDay(now, zone);
  const chosen = hadTodays ? [] : await withinTheDaysNumber(due, ports);
  for (const user of due.filter((one) => !chosen.includes(one)))
    await noteWith(user, ports, (current) =>
      isAbout(current, user) ? { ...current, quietUntil: nextWorkingMorning(now, zone) } : undefined,
    );
  if (chosen.length > 0) await write(job, owner, chosen, ports);
}

/** The index may lag behind the records; they are read anew, and decide. */
async function usersDue(ownerId: string, now: Instant, ports: Ports): Promise<IamUser[]> {
  const due: IamUser[] = [];
  for (const listed of await ports.users.ownedBy(ownerId)) {
    if (!ports.accounts.includes(listed.account)) continue;
    const user = await ports.users.load(listed);
    const policy = ports.policy(listed.account);
    if (!user || user.claim || addressOf(user.owner) !== ownerId) continue;
    if (owesReminder(user, policy, now) && mayNotifyNow(user, policy, now)) due.push(user);
  }
  return due.sort((a, b) => (a.rotation?.oldKeyCreatedAt ?? 0) - (b.rotation?.oldKeyCreatedAt ?? 0));
}

function isNew({ rotation }: IamUser): boolean {
  return isOpen(rotation) && rotation.contactedAt === undefined;
}

/** The oldest keys first: what is new beyond the day's number waits. */
async function withinTheDaysNumber(due: readonly IamUser[], ports: Ports): Promise<IamUser[]> {
  const fresh = due.filter(isNew);
  const [first] = fresh;
  if (!first) return [...due];
  const { maxNewPerDay } = ports.policy(first.account);
  const taken = await ports.records.takeContacts(localDay(ports.now(), 'UTC'), fresh.length, maxNewPerDay);
  const waiting = fresh.slice(taken);
  return due.filter((user) => !waiting.includes(user));
}

async function write(
  job: RemindJob,
  owner: OwnerRecord | undefined,
  users: readonly IamUser[],
  ports: Ports,
): Promise<void> {
  const now = ports.now();
  const { ownerId } = job;
  const { sent: _, ...before } = owner ?? { ownerId, version: 0 };
  const returnContacts = () => ports.records.returnContacts(localDay(now, 'UTC'), users.filter(isNew).length);
  const noted = await ports.records
    .saveOwner({ ...before, notifiedAt: now, jobId: job.id })
    .catch(async (error) => {
      await returnContacts();
      throw error;
    });
  const told = users.map((user) => heard(user, now));
  let card: Card;
  try {
    // Nothing ever arrived where the note about it was taken back.
    card = await send(told, ownerId, !owner?.notifiedAt, ports);
  } catch (error) {
    await returnContacts();
    return afterFailure(error, { owner, noted, users }, ports);
  }
  ports.log.info('owner.reminded', { personId: ownerId, count: users.length, jobId: job.id });
  await noteReminder(ownersMessage(card, told, ownerId, ports), users, noted, ports);
}

function ownersMessage(
  card: Card,
  [user]: readonly IamUser[],
  id: string,
  { policy, now }: Ports,
): SentMessage {
  const reader = { as: 'owner' as const, id };
  return { ...card, reader, drawing: user ? drawingFor(reader, user, policy(user.account), now()) : '' };
}

function send(users: readonly IamUser[], to: string, isFirst: boolean, { messenger }: Ports): Promise<Card> {
  const [single, another] = users;
  return single && !another ? messenger.send(single, to, isFirst) : messenger.sendDigest(users, to, isFirst);
}

/** A plain "no" from Slack is for the summary, and tried again tomorrow; anything else is tried again soon. */
async function afterFailure(
  error: unknown,
  { owner, noted, users }: { owner: OwnerRecord | undefined; noted: OwnerRecord; users: readonly IamUser[] },
  ports: Ports,
): Promise<void> {
  if (!(error instanceof OutsideError)) throw error;
  await ports.records.saveOwner({ ...noted, notifiedAt: owner?.notifiedAt ?? 0 });
  if (error.outcome !== 'refused') throw error;
  const now = ports.now();
  for (const user of users) {
    const quietUntil = nextWorkingMorning(now, zoneOf(user, ports.policy(user.account)));
    const failure = { since: user.failure?.since ?? now, what: 'message', code: error.code };
    const note = (current: IamUser) => ({ ...current, failure, quietUntil });
    await noteWith(user, ports, (current) => (isAbout(current, user) ? note(current) : undefined));
  }
}
