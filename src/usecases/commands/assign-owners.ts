// An admin has seen who is to own which IAM users, and has it done, each as `assign` does.
import { type IamUser, type IamUserId, nameOf } from '../../domain/iam-user.ts';
import { isList } from '../../domain/message.ts';
import { ownerDecidedSince } from '../../domain/overtaken.ts';
import type { Link, Owner } from '../../domain/owner.ts';
import { DAY, SECOND } from '../../domain/time.ts';
import { ifFailed, TryLater } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import { bringUpToDate, redrawListJob } from '../messages/bring-up-to-date.ts';
import { noteWith } from '../messages/note-with.ts';
import { refuse } from '../messages/refuse.ts';
import { finishStandingClaim } from '../moves/finish-claim.ts';
import type { OwnersPlan, Ports } from '../ports.ts';
import type { OwnersAssigned, PassedOver } from './answers.ts';
import { assigned, ownerFor } from './assign-owner.ts';
import { ownerless } from './ownerless.ts';
import { passedOver } from './row-users.ts';

/** Of these the lists in the admin channel are drawn once. */
const TOGETHER = 25;
const THEY_TAKE_MS = 20 * SECOND;

/** The caller has made sure that an admin asks. */
export async function assignOwners(job: CommandJob, planId: string, ports: Ports): Promise<void> {
  const plan = await ports.records.plan(planId);
  if (!plan || job.askedAt - plan.at > DAY) return refuse(job, { kind: 'outdatedPlan' }, ports);
  // What was decided since the plan was shown outweighs it, whenever it is pressed.
  const asShown = { ...job, askedAt: Math.min(plan.at, job.askedAt) };
  const outcome: OwnersAssigned = { parts: [], passedOver: [] };
  const done = new Set<string>();
  for (const part of plan.parts) {
    const outcomes = await assignPart(part, asShown, ports);
    const passed = outcomes.flatMap(([id, why]) => (why ? [passedOver(id, why)] : []));
    const given = outcomes.flatMap(([id, why]) => (why ? [] : [nameOf(id)]));
    outcome.passedOver.push(...passed);
    if (given.length > 0) outcome.parts.push({ to: part.to, users: given.length });
    for (const name of given) done.add(name);
  }
  ports.log.info('owners.assigned', { personId: job.personId, count: done.size, jobId: job.id });
  await ports.messenger.answerOwners(job, await ownerless({}, ports, done), outcome);
}

/** Beside each IAM user, why it was left; undefined: it is done, now or by an earlier delivery. */
type Outcomes = [IamUserId, PassedOver['why'] | undefined][];

async function assignPart(
  { to, users }: OwnersPlan['parts'][number],
  job: CommandJob,
  ports: Ports,
): Promise<Outcomes> {
  const owner = await ownerFor(to, ports);
  if ('refusal' in owner) return users.map((id) => [id, 'cannotOwn']);
  const outcomes: Outcomes = [];
  for (let from = 0; from < users.length; from += TOGETHER) {
    if (ports.timeLeft() < THEY_TAKE_MS) throw new TryLater(1, 'more owners are to be assigned');
    outcomes.push(...(await assignSome(users.slice(from, from + TOGETHER), { to, owner }, job, ports)));
  }
  return outcomes;
}

async function assignSome(
  ids: readonly IamUserId[],
  successor: { to: Link['to']; owner: Owner },
  job: CommandJob,
  ports: Ports,
): Promise<Outcomes> {
  const outcomes: Outcomes = [];
  const noted: IamUser[] = [];
  for (const id of ids) {
    const one = await assignOne(id, successor, job, ports);
    outcomes.push([id, typeof one === 'string' ? one : undefined]);
    if (typeof one === 'object') noted.push(one);
  }
  await bringAllUpToDate(noted, ports);
  return outcomes;
}

/** The user as it is on record then, or why not. undefined: an earlier delivery has done it. */
async function assignOne(
  id: IamUserId,
  successor: { to: Link['to']; owner: Owner },
  job: CommandJob,
  ports: Ports,
): Promise<IamUser | PassedOver['why'] | undefined> {
  const loaded = ports.accounts.includes(id.account) ? await ports.users.load(id) : undefined;
  if (!loaded) return 'gone';
  if (loaded.ownerDecided?.jobId === job.id) return undefined;
  const why = whyLeft(loaded, job) ?? (await whyGone(loaded, ports));
  if (why) return why;
  const user = await finishStandingClaim(loaded, ports);
  let since: PassedOver['why'] | undefined;
  const noted = await noteWith(user, ports, (current) => {
    since = whyLeft(current, job);
    return since ? undefined : assigned(current, successor, job, ports.now());
  });
  return noted ?? since ?? 'gone';
}

function whyLeft(user: IamUser, { askedAt }: CommandJob): PassedOver['why'] | undefined {
  if (user.owner.kind !== 'nobody') return 'another';
  return ownerDecidedSince(user, askedAt) ? 'decided' : undefined;
}

/** Of a user that is not there any more, or is another one by now, the next sweep finds out. */
async function whyGone(
  { account, userName, userId }: IamUser,
  ports: Ports,
): Promise<'gone' | 'unseen' | undefined> {
  const looking = ports.keys(account).describeUser(userName);
  return ifFailed(
    looking.then((facts) => (facts?.userId === userId ? undefined : ('gone' as const))),
    (error) => {
      ports.log.warn('owners.userUnanswered', { account, userName, error });
      return 'unseen' as const;
    },
  );
}

/** Once for all in a list, and not once for each. It is queued before it is noted, so that a crash loses no drawing. */
async function bringAllUpToDate(users: readonly IamUser[], ports: Ports): Promise<void> {
  const lists = new Map(
    users.flatMap((user) => user.messages.filter(isList).map((list) => [list.ts, redrawListJob(list, user)])),
  );
  if (lists.size > 0) await ports.jobs.put([...lists.values()]);
  const put: Ports['jobs']['put'] = (jobs) => {
    const others = jobs.filter((one) => one.kind !== 'redrawList' || !lists.has(one.ts));
    return others.length > 0 ? ports.jobs.put(others) : Promise.resolve();
  };
  for (const user of users) await bringUpToDate(user, { ...ports, jobs: { ...ports.jobs, put } });
}
