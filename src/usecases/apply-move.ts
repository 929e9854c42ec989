// A press of a button, from the queue to the card: load · allowed? · claim · act · save · tell.
import { type IamUser, owing, without } from '../domain/iam-user.ts';
import { judge } from '../domain/legality.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Actor } from '../domain/rotation.ts';
import { carryOut, LEASE_MS } from './carry-out.ts';
import { OutsideError } from './errors.ts';
import { finishStandingClaim } from './finish-claim.ts';
import type { ClickJob } from './jobs.ts';
import { lookAnew } from './look.ts';
import type { Ports } from './ports.ts';
import { settle } from './settle.ts';
import { actorFor } from './who.ts';

/**
 * 1. load, with a consistent read; a job already done is only told again.
 * 2. whatever move was left standing is finished first.
 * 3. allowed? the person, the card, the keys as they are now, the table, the doubts.
 * 4. claim, act, save (carryOut). 5. tell.
 * Every press ends in an effect, or in one private sentence to the person who pressed.
 */
export async function applyMove(job: ClickJob, ports: Ports): Promise<void> {
  const loaded = ports.accounts.includes(job.account) ? await ports.users.load(job) : undefined;
  if (!loaded) return refuse(job, { kind: 'nothingOpen' }, ports);
  if (wasDone(loaded, job)) return settle(loaded, ports);
  const user = await finishStandingClaim(loaded, ports);
  if (user.claim?.jobId === job.id || wasDone(user, job)) return settle(user, ports);
  if (user.claim) {
    const { move, leaseUntil } = user.claim;
    return tell(user, job, { kind: 'settling', move, until: leaseUntil }, ports);
  }
  const who = await actorFor(job.personId, user, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  if (user.card === undefined || user.card.ts !== job.place.ts) {
    return tell(owing(user, 'redraw'), job, { kind: 'outdatedCard' }, ports);
  }
  await decide(user, who.actor, job, ports);
}

async function decide(user: IamUser, actor: Actor, job: ClickJob, ports: Ports): Promise<void> {
  const seen = await lookOrRefuse(user, ports);
  if ('kind' in seen) return tell(user, job, seen, ports);
  const verdict = judge(seen, job, ports.policy(user.account), ports.now());
  if (verdict.verdict === 'refused') return tell(owing(seen, 'redraw'), job, verdict.refusal, ports);
  if (verdict.verdict === 'ask') {
    const question = { move: job.move, doubts: verdict.doubts, askedAt: ports.now() };
    const asked = await ports.users.save(owing({ ...seen, question }, 'redraw'));
    return settle(asked, ports);
  }
  if (onlyChecks(seen, job)) return settle(owing(without(seen, 'question'), 'redraw'), ports);
  const claimed = await ports.users.save(claim(seen, actor, job, ports.now()));
  await settle(await carryOut(claimed, false, ports), ports);
}

/** While a question stands, its move without "anyway" is the button "Check again": it must not do what it checks. */
function onlyChecks({ question }: IamUser, job: ClickJob): boolean {
  return question?.move === job.move && !job.insist;
}

function claim(user: IamUser, actor: Actor, job: ClickJob, now: number): IamUser {
  return {
    ...user,
    claim: {
      jobId: job.id,
      move: job.move,
      actor,
      at: now,
      leaseUntil: now + LEASE_MS,
      knownKeyIds: user.keys.map((key) => key.id),
    },
  };
}

/** What AWS says now. When it says nothing the person hears so at once: nothing has been done, and they can press again. */
async function lookOrRefuse(user: IamUser, ports: Ports): Promise<IamUser | Refusal> {
  try {
    return await lookAnew(user, ports.keys(user.account), ports.now());
  } catch (error) {
    if (error instanceof OutsideError) return { kind: 'lookFailed', code: error.code };
    throw error;
  }
}

async function tell(user: IamUser, job: ClickJob, refusal: Refusal, ports: Ports): Promise<void> {
  await refuse(job, refusal, ports);
  await settle(user, ports);
}

/** Somebody who cannot be told, because Slack knows them no more, must not hold up the owner's own presses. */
async function refuse(job: ClickJob, refusal: Refusal, ports: Ports): Promise<void> {
  const { account, userName, move, id: jobId } = job;
  const facts = { account, userName, move, jobId, refusal: refusal.kind };
  ports.log.info('move.refused', facts);
  try {
    await ports.messenger.refuse(job, refusal);
  } catch (error) {
    if (!(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
    ports.log.warn('move.refusalNotTold', { ...facts, error });
  }
}

/** A redelivered job whose move was saved, or whose attempt was recorded as failed. */
function wasDone(user: IamUser, job: ClickJob): boolean {
  return user.rotation?.history.some((entry) => entry.jobId === job.id) ?? false;
}
