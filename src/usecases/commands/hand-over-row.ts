// An admin names another owner for all IAM users of a row in the admin channel, each as `assign` does.
import type { IamUser } from '../../domain/iam-user.ts';
import { ownerDecidedSince } from '../../domain/overtaken.ts';
import { addressOf, type Link, type Owner } from '../../domain/owner.ts';
import { SECOND } from '../../domain/time.ts';
import { TryLater } from '../errors.ts';
import type { CommandJob, Row } from '../jobs.ts';
import { bringUpToDate } from '../messages/bring-up-to-date.ts';
import { noteWith } from '../messages/note-with.ts';
import { refuse } from '../messages/refuse.ts';
import { finishStandingClaim } from '../moves/finish-claim.ts';
import type { Ports } from '../ports.ts';
import type { PassedOver } from './answers.ts';
import { assigned, ownerFor } from './assign-owner.ts';
import { passedOver, usersInRow, whyNot } from './row-users.ts';

interface Successor {
  to: Link['to'];
  owner: Owner;
}

/** One takes a few calls to Slack; the rest of a long row is for the next delivery, which finds these done. */
const ONE_TAKES_MS = 10 * SECOND;

/** The caller has made sure that an admin asks. */
export async function handOverRow(
  job: CommandJob,
  { row, to }: { row: Row; to: Link['to'] },
  ports: Ports,
): Promise<void> {
  const owner = await ownerFor(to, ports);
  if ('refusal' in owner) return refuse(job, owner.refusal, ports);
  const passed: PassedOver[] = [];
  let done = 0;
  for (const { id, user } of await usersInRow(job, row, ports)) {
    const why = isHandedOver(user, { to, owner }, job)
      ? undefined
      : await handOver(user, row, { to, owner }, job, ports);
    if (why) passed.push(passedOver(id, why));
    else done += 1;
  }
  const code = row.matter;
  ports.log.info('row.handedOver', { personId: job.personId, code, count: done, jobId: job.id });
  await ports.messenger.answerHandedOver(job, { to, users: done, passedOver: passed });
}

/** By this job when it was delivered before, or by the same admin a moment ago. */
function isHandedOver(user: IamUser | undefined, { owner }: Successor, { personId }: CommandJob): boolean {
  return user?.link?.by === personId && addressOf(user.owner) === addressOf(owner);
}

/** undefined: it is done. */
async function handOver(
  loaded: IamUser | undefined,
  row: Row,
  successor: Successor,
  job: CommandJob,
  ports: Ports,
): Promise<PassedOver['why'] | undefined> {
  const whyLeft = (user: IamUser | undefined) =>
    whyNot(user, row, job, ports) ?? (user && ownerDecidedSince(user, job.askedAt) ? 'decided' : undefined);
  const why = whyLeft(loaded);
  if (!loaded || why) return why;
  if (ports.timeLeft() < ONE_TAKES_MS) throw new TryLater(1, 'the rest of the row is to be handed over');
  const user = await finishStandingClaim(loaded, ports);
  const noted = await noteWith(user, ports, (current) =>
    whyLeft(current) ? undefined : assigned(current, successor, job, ports.now()),
  );
  if (!noted) return 'another';
  await bringUpToDate(noted, ports);
  return undefined;
}
