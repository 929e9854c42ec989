// An admin asks for somebody to be reminded who does not answer: in the next message that they may have, which tells of all
// that they have to do.
import { mayBeNudged } from '../../domain/agenda.ts';
import { type IamUser, without } from '../../domain/iam-user.ts';
import { isSince } from '../../domain/overtaken.ts';
import { addressOf, type Owner, zoneOf } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { isWorkingTime, nextWorkingMorning, nextWorkingTime } from '../../domain/working-hours.ts';
import type { CommandJob, Row } from '../jobs.ts';
import { noteWith } from '../messages/note-with.ts';
import { refuse } from '../messages/refuse.ts';
import { hadMessageToday } from '../messages/remind-owner.ts';
import type { Ports } from '../ports.ts';
import { standsBackFor } from '../shared/stands-back.ts';
import type { Nudged, PassedOver } from './answers.ts';
import { passedOver, usersInRow, whyNot } from './row-users.ts';

/** The caller has made sure that an admin asks. */
export async function nudgeOwner(job: CommandJob, row: Row, ports: Ports): Promise<void> {
  if (ports.policy(row.of.account).mode === 'preview') return refuse(job, { kind: 'previewOnly' }, ports);
  const first = await standsBackFor(ports.surroundings);
  if (first) return refuse(job, { kind: 'standsBack', deployment: first.name }, ports);
  const passed: PassedOver[] = [];
  let owner: Owner | undefined;
  for (const { id, user } of await usersInRow(job, row, ports)) {
    const why = wasNudged(user, job)
      ? undefined
      : (whyNot(user, row, job, ports) ?? whyNotNow(user, job, ports));
    if (why) passed.push(passedOver(id, why));
    else owner ??= user?.owner;
  }
  const ownerId = owner && addressOf(owner);
  const nudged =
    owner && ownerId !== undefined ? await nudge(job, owner, ownerId, ports) : { users: 0, hadTodays: false };
  await ports.messenger.answerNudged(job, { ...nudged, passedOver: passed });
}

function whyNotNow(user: IamUser | undefined, job: CommandJob, ports: Ports): PassedOver['why'] | undefined {
  if (!user || isNudgeable(user, job, ports)) return undefined;
  if (hasHeardSince(user, job)) return 'heard';
  return isOpen(user.rotation) && user.rotation.contactedAt === undefined ? 'neverAsked' : 'nothingNow';
}

function isNudgeable(user: IamUser, job: CommandJob, ports: Ports): boolean {
  if (user.claim || hasHeardSince(user, job)) return false;
  return mayBeNudged(user, ports.policy(user.account), ports.now());
}

function hasHeardSince({ notifiedAt, nudged }: IamUser, { askedAt }: CommandJob): boolean {
  return isSince(notifiedAt, askedAt) || isSince(nudged?.at, askedAt);
}

/** A job that came again because its answer was lost. */
function wasNudged(user: IamUser | undefined, { id }: CommandJob): boolean {
  return user?.nudged?.jobId === id;
}

/** 1. note it with each of their IAM users about which there is something to do. 2. ask for the message, if they may have it now. */
async function nudge(
  job: CommandJob,
  owner: Owner,
  ownerId: string,
  ports: Ports,
): Promise<Omit<Nudged, 'passedOver'>> {
  const now = ports.now();
  const users = (await ownedBy(ownerId, ports)).filter(
    (user) => wasNudged(user, job) || isNudgeable(user, job, ports),
  );
  const zone = zoneOf({ owner }, ports.policy(users[0]?.account ?? ''));
  const wasSent = users.some(
    (user) => wasNudged(user, job) && (user.notifiedAt ?? 0) >= (user.nudged?.at ?? 0),
  );
  const hadTodays = !wasSent && hadMessageToday(await ports.records.owner(ownerId), zone, now);
  const earliest = hadTodays ? nextWorkingMorning(now, zone) : now;
  let count = 0;
  for (const user of users) {
    const noted = wasNudged(user, job) || (await noteNudge(user, { job, ownerId, earliest }, ports));
    if (noted) count += 1;
  }
  ports.log.info('owner.nudged', { personId: ownerId, count, jobId: job.id });
  const isNow = wasSent || (!hadTodays && isWorkingTime(now, zone));
  if (isNow) await ports.jobs.put([{ kind: 'remind', id: `remind/${ownerId}@${job.id}`, ownerId }]);
  return { owner, users: count, hadTodays, ...(!isNow && { at: nextWorkingTime(earliest, zone) }) };
}

async function ownedBy(ownerId: string, ports: Ports): Promise<IamUser[]> {
  const listed = (await ports.users.ownedBy(ownerId)).filter(({ account }) =>
    ports.accounts.includes(account),
  );
  const users = await Promise.all(listed.map((id) => ports.users.load(id)));
  return users.filter((user) => user !== undefined && addressOf(user.owner) === ownerId) as IamUser[];
}

/** They have not had today's message, or hear of it tomorrow: what kept it back before does not count any more. */
async function noteNudge(
  user: IamUser,
  { job, ownerId, earliest }: { job: CommandJob; ownerId: string; earliest: Instant },
  ports: Ports,
): Promise<boolean> {
  const now = ports.now();
  const noted = await noteWith(user, ports, (current) => {
    if (addressOf(current.owner) !== ownerId || !isNudgeable(current, job, ports)) return undefined;
    const nudged = { ...without(current, 'quietUntil'), nudged: { at: now, jobId: job.id } };
    return earliest > now ? { ...nudged, quietUntil: earliest } : nudged;
  });
  return noted !== undefined;
}
