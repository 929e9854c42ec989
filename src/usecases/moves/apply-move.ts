// A press of a button, from the queue to the card: load · allowed? · claim · act · save · tell.
import type { Doubt } from '../../domain/evidence.ts';
import { type IamUser, type Input, without } from '../../domain/iam-user.ts';
import { judge, keyMeant, moveMeant, needsAdmin, type Press } from '../../domain/legality.ts';
import type { SentMessage } from '../../domain/message.ts';
import { isFormMove } from '../../domain/moves/rows.ts';
import { situationOf } from '../../domain/moves/situation.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { PersonActing } from '../../domain/rotation.ts';
import { drawnAnew, isStillSo, messageAt } from '../../domain/wanted.ts';
import type { ClickJob } from '../jobs.ts';
import { bringUpToDate } from '../messages/bring-up-to-date.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { actorFor } from '../shared/authorize.ts';
import { findOut, readOrRefuse } from '../shared/live-user.ts';
import { carryOut, claimed } from './carry-out.ts';
import { finishStandingClaim } from './finish-claim.ts';

/**
 * 1. load, with a consistent read; a job already done is only told again.
 * 2. whatever move was left standing is finished first.
 * 3. allowed? the person, the card, the keys as they are now, the table, the doubts.
 * 4. claim, act, save (carryOut). 5. tell.
 * Every press ends in an effect, or in one private sentence to the person who pressed.
 */
export async function applyMove(job: ClickJob, ports: Ports): Promise<void> {
  const loaded = ports.accounts.includes(job.account) ? await ports.users.load(job) : undefined;
  if (!loaded) return refuseMove(job, { kind: 'nothingOpen' }, ports);
  if (wasDone(loaded, job)) return bringUpToDate(loaded, ports);
  const user = await finishStandingClaim(loaded, ports);
  if (user.claim?.jobId === job.id || wasDone(user, job)) return bringUpToDate(user, ports);
  if (user.claim) {
    const { move, leaseUntil } = user.claim;
    return tell(user, job, { kind: 'settling', move, until: leaseUntil }, ports);
  }
  const who = await actorFor(job.personId, user, ports, needsAdmin(user, job.move));
  if ('refusal' in who) return refuseMove(job, who.refusal, ports);
  // In preview no card is on record: admins look at what an owner would get.
  const isPreview = ports.policy(user.account).mode === 'preview';
  const message = isPreview ? undefined : pressedOn(user, who.actor, job);
  if (!message)
    return tell(
      user,
      job,
      isPreview ? { kind: 'previewOnly', move: job.move } : { kind: 'outdatedCard' },
      ports,
    );
  await decide(user, message, who.actor, job, ports);
}

/** Home is on no record, and no answer is: there the drawing alone tells what was shown. */
function pressedOn(
  user: IamUser,
  { slackId }: PersonActing,
  { place, inAnswer }: ClickJob,
): SentMessage | undefined {
  const { home, ts, drawing } = place;
  if (!home && !inAnswer) return messageAt(user, ts);
  return drawing === undefined
    ? undefined
    : { channel: '', ts: '', reader: { as: 'owner', id: slackId }, drawing };
}

/**
 * A message keeps its time stamp through every redraw, and somebody may still look at what it said before. What was
 * pressed must be what was shown, and the key in the other slot the same as then.
 */
function isOutdated(user: IamUser, message: SentMessage, { place }: ClickJob, ports: Ports): boolean {
  const { drawing } = place;
  // A button that an earlier version drew names no drawing.
  return drawing !== undefined && !isStillSo(drawing, message, user, ports.policy(user.account), ports.now());
}

async function decide(
  user: IamUser,
  message: SentMessage,
  actor: PersonActing,
  job: ClickJob,
  ports: Ports,
): Promise<void> {
  const seen = await readOrRefuse(user, ports);
  if ('kind' in seen) {
    await findOut(seen, job, ports);
    return tell(user, job, seen, ports);
  }
  const situated = (one: IamUser) => situationOf(one, ports.policy(one.account), ports.now());
  const situation = situated(seen);
  const { insist } = job;
  const input = inputOf(job, seen);
  const pressed: Press = { move: job.move, insist, as: actor.as, ...(input && { input }) };
  const press = { ...pressed, move: moveMeant(situation, pressed) };
  const verdict = judge(situation, press);
  const keyId = keyMeant(situation, press.move)?.id;
  const isOld = isOutdated(user, message, job, ports) || keyMeant(situated(user), press.move)?.id !== keyId;
  // The person pressed what is no longer true: the message is redrawn.
  const shown = isOld ? drawnAnew(seen, message.ts) : seen;
  if (verdict.verdict === 'refused') return tell(shown, job, verdict.refusal, ports);
  if (isOld) return tell(shown, job, { kind: 'outdatedCard' }, ports);
  if (withdraws(seen, press)) return bringUpToDate(without(seen, 'question'), ports);
  const asked = verdict.verdict === 'ask' ? withQuestion(seen, press, verdict.doubts, ports) : seen;
  if (verdict.verdict === 'ask' && !wasTold(job, verdict.doubts))
    return bringUpToDate(await ports.users.save(asked), ports);
  if (onlyChecks(seen, press)) return bringUpToDate(without(seen, 'question'), ports);
  const standing = claimed(asked, {
    ...{ move: press.move, actor, jobId: job.id, at: ports.now() },
    ...(keyId && { keyId }),
    ...(input && { input }),
  });
  const moved = await carryOut(await ports.users.save(standing), false, ports);
  await bringUpToDate(moved, ports);
  // They may have no card on which to see it.
  if (job.inAnswer && isDone(moved, job)) await ports.messenger.answerMoved(job, moved);
}

function withQuestion(user: IamUser, { move, input }: Press, doubts: Doubt[], { now }: Ports): IamUser {
  return { ...user, question: { move, doubts, askedAt: now(), ...(input && { input }) } };
}

/** Forms speak of this doubt, and of no other. */
function wasTold({ isTold }: ClickJob, doubts: readonly Doubt[]): boolean {
  return isTold === true && doubts.every(({ kind }) => kind === 'newKeyNeverUsed');
}

/** "Anyway" opens no form: it means what was written before. */
function inputOf({ input, insist, move }: ClickJob, { question }: IamUser): Input | undefined {
  return input ?? (insist && question?.move === move ? question.input : undefined);
}

/**
 * While a question stands, its move without "anyway" is the button "Check again": it must not do what it checks. Whoever
 * fills in the form once more says it once more.
 */
function onlyChecks({ question }: IamUser, press: Press): boolean {
  return question?.move === press.move && !press.insist && !isFormMove(press.move);
}

/** What is asked twice whatever the evidence has nothing to check: there the button is "Keep it". */
function withdraws(user: IamUser, press: Press): boolean {
  const isPlainlyAsked = user.question?.doubts.every(({ kind }) => kind === 'removesForGood') ?? false;
  return onlyChecks(user, press) && isPlainlyAsked;
}

async function tell(user: IamUser, job: ClickJob, refusal: Refusal, ports: Ports): Promise<void> {
  await refuseMove(job, refusal, ports);
  await bringUpToDate(user, ports);
}

async function refuseMove(job: ClickJob, refusal: Refusal, ports: Ports): Promise<void> {
  const { account, userName, move, id: jobId } = job;
  const why = 'code' in refusal ? { code: refusal.code } : {};
  ports.log.info('move.refused', { account, userName, move, jobId, refusal: refusal.kind, ...why });
  await refuse(job, refusal, ports);
}

function isDone({ rotation }: IamUser, { id }: ClickJob): boolean {
  return rotation?.history.some(({ jobId, outcome }) => jobId === id && outcome === 'done') ?? false;
}

/** A redelivered job whose move was saved, or whose attempt was recorded as failed. */
function wasDone(user: IamUser, job: ClickJob): boolean {
  return user.rotation?.history.some((entry) => entry.jobId === job.id) ?? false;
}
