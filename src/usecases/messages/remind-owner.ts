// Writes to one owner about all their IAM users for which that has come due: one message, at most once a day.
import { mayNotifyNow, owesReminder } from '../../domain/agenda.ts';
import { type IamUser, nameOf } from '../../domain/iam-user.ts';
import type { Card, SentMessage } from '../../domain/message.ts';
import { addressOf, zoneOf } from '../../domain/owner.ts';
import { newPerDay } from '../../domain/policy.ts';
import { askedForAs, isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { drawingFor } from '../../domain/wanted.ts';
import { localDay, nextWorkingMorning } from '../../domain/working-hours.ts';
import { OutsideError, TryLater } from '../errors.ts';
import type { RemindJob } from '../jobs.ts';
import { LEASE_MS } from '../moves/carry-out.ts';
import type { OwnerRecord, Ports } from '../ports.ts';
import { standsBackFor } from '../shared/stands-back.ts';
import { heard, isAbout, noteAgain, noteReminder } from './note-reminder.ts';
import { noteWith } from './note-with.ts';

const RETRY_SECONDS = 20;

/**
 * 1. what was sent and not noted with everybody is noted, whichever job sent it. 2. who is due. 3. the owner has had
 * today's message, or another deployment writes to them: until tomorrow. 4. first contacts within the day's number. 5. note that the owner is written to, then
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
  const hadTodays = owner?.jobId !== job.id && hadMessageToday(owner, zone, now);
  const mustWait = hadTodays || (await standsBackFor(ports.surroundings)) !== undefined;
  // Before anything is noted that would have to be taken back.
  if (!mustWait) ports.messenger.readyToSend();
  const chosen = mustWait ? [] : await withinTheDaysNumber(due, ports);
  for (const user of due.filter((one) => !chosen.includes(one)))
    await noteWith(user, ports, (current) =>
      isAbout(current, user) ? { ...current, quietUntil: nextWorkingMorning(now, zone) } : undefined,
    );
  if (chosen.length > 0) await write(job, owner, await withTheRest(chosen, job.ownerId, ports), ports);
}

/**
 * A list takes the place of the one before: whoever has no other message is in it, whether or not anything has come due
 * about them. One card takes no list's place.
 */
async function withTheRest(
  chosen: readonly IamUser[],
  ownerId: string,
  ports: Ports,
): Promise<readonly IamUser[]> {
  const [, another] = chosen;
  if (!another) return chosen;
  const isChosen = (user: IamUser) => chosen.some((one) => nameOf(one) === nameOf(user));
  const rest = (await ownedNow(ownerId, ports)).filter(
    (user) => !isChosen(user) && isOnlyInList(user, ports),
  );
  return [...chosen, ...rest];
}

function isOnlyInList({ account, rotation, messages, exempt }: IamUser, { policy }: Ports): boolean {
  const wasTold = isOpen(rotation) && rotation.contactedAt !== undefined && exempt?.kind !== 'until';
  return wasTold && policy(account).mode === 'live' && !messages.some(({ reader }) => reader.as === 'owner');
}

export function hadMessageToday(owner: OwnerRecord | undefined, zone: string, now: Instant): boolean {
  return owner !== undefined && localDay(owner.notifiedAt, zone) === localDay(now, zone);
}

/** The index may lag behind the records; they are read anew, and decide. */
async function usersDue(ownerId: string, now: Instant, ports: Ports): Promise<IamUser[]> {
  const due = (await ownedNow(ownerId, ports)).filter((user) => {
    const policy = ports.policy(user.account);
    return owesReminder(user, policy, now) && mayNotifyNow(user, policy, now);
  });
  return due.sort((a, b) => keyCreatedAt(a) - keyCreatedAt(b));
}

async function ownedNow(ownerId: string, ports: Ports): Promise<IamUser[]> {
  const listed = (await ports.users.ownedBy(ownerId)).filter(({ account }) =>
    ports.accounts.includes(account),
  );
  const users = await Promise.all(listed.map((id) => ports.users.load(id)));
  return users.filter((user) => user && !user.claim && addressOf(user.owner) === ownerId) as IamUser[];
}

/** What somebody asked for waits behind nobody, and is not counted. */
function isNew({ rotation }: IamUser): boolean {
  return isOpen(rotation) && rotation.contactedAt === undefined && askedForAs(rotation) === undefined;
}

/**
 * The oldest keys of the whole organisation come first: what is new beyond the day's number waits, and whoever's morning
 * comes first does not use it up.
 */
async function withinTheDaysNumber(due: readonly IamUser[], ports: Ports): Promise<IamUser[]> {
  const [first] = due.filter(isNew);
  if (!first) return [...due];
  const day = localDay(ports.now(), 'UTC');
  const most = newPerDay(ports.policy(first.account), await activeKeys(ports));
  const youngest = await ports.records.youngestToday(day, () => findYoungest(most, ports));
  const fresh = due.filter((user) => isNew(user) && keyCreatedAt(user) <= youngest);
  const taken = await ports.records.takeContacts(day, fresh.length, most);
  const allowed = fresh.slice(0, taken);
  return due.filter((user) => !isNew(user) || allowed.includes(user));
}

/** Of all accounts, by their last sweeps. */
async function activeKeys({ accounts, records }: Ports): Promise<number> {
  const figures = await Promise.all(accounts.map((account) => records.latestSweep(account)));
  return figures.reduce((sum, one) => sum + (one?.activeKeys ?? 0), 0);
}

/** Of the so many oldest that wait for their first message, the last one's; when fewer wait, no key is too young. Whom Slack refuses blocks no place. */
async function findYoungest(most: number, ports: Ports): Promise<Instant> {
  const waiting: Instant[] = [];
  for (const account of ports.accounts) {
    const policy = ports.policy(account);
    for await (const user of ports.users.listed(account))
      if (isNew(user) && user.failure?.what !== 'message' && owesReminder(user, policy, ports.now()))
        waiting.push(keyCreatedAt(user));
  }
  return waiting.sort((a, b) => a - b)[most - 1] ?? ports.now();
}

function keyCreatedAt({ rotation }: IamUser): Instant {
  return rotation?.oldKeyCreatedAt ?? 0;
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
  ports.log.warn('owner.notReminded', { personId: noted.ownerId, count: users.length, error });
  const now = ports.now();
  for (const user of users) {
    const quietUntil = nextWorkingMorning(now, zoneOf(user, ports.policy(user.account)));
    const failure = { since: user.failure?.since ?? now, what: 'message', code: error.code };
    const note = (current: IamUser) => ({ ...current, failure, quietUntil });
    await noteWith(user, ports, (current) => (isAbout(current, user) ? note(current) : undefined));
  }
}
