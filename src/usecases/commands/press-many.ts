// One press, and one confirmation that names them, for many IAM users: each is done as if its own button had been pressed.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ifFailed, NewerSchema, OutsideError, TryLater } from '../errors.ts';
import type { ClickJob, Command, CommandJob, Drawn } from '../jobs.ts';
import { applyMove } from '../moves/apply-move.ts';
import type { Messenger, Ports } from '../ports.ts';
import type { PressedMany } from './answers.ts';
import { sendCard } from './show-card.ts';

/** A key is only made while there is time to store its secret. */
const ONE_TAKES_MS = 40_000;

type Many = Extract<Command, { name: 'pressMany' }>;

/**
 * Who may, whether it is still so, and what speaks against it is asked for each. What an earlier delivery has done, or asked
 * about, is told by the record, and left as it is. One that cannot be asked about stops none of the others: what was begun
 * for it is finished by the next tick. Where each stands then is shown to whoever pressed, and to nobody else: the list that
 * they pressed on is the message on record, and opens the card of each as it is by now.
 */
export async function pressMany(job: CommandJob, { move, users }: Many, ports: Ports): Promise<void> {
  const pressed: PressedMany = { move, done: 0, failed: 0, asked: 0, open: [], refused: [] };
  for (const [nth, one] of users.entries()) {
    const click = clickFor(one, nth, { move, job });
    const before = await loaded(one, ports);
    const wasTried = before !== undefined && outcomeOf(before, click, job) !== undefined;
    if (!wasTried && ports.timeLeft() < ONE_TAKES_MS) throw new TryLater(1, 'more of them are to be done');
    const refusal = wasTried ? undefined : await press(click, ports);
    const user = await loaded(one, ports);
    if (refusal || !user) pressed.refused.push({ ...idOf(one), refusal: refusal ?? { kind: 'nothingOpen' } });
    else count(pressed, user, outcomeOf(user, click, job));
    if (user && isNewlyStranded(user, click)) await showCard(user, job, ports);
  }
  await ports.messenger.answerPressedMany(job, pressed);
}

function loaded(id: IamUserId, { accounts, users }: Ports): Promise<IamUser | undefined> {
  return accounts.includes(id.account) ? users.load(id) : Promise.resolve(undefined);
}

type Outcome = 'done' | 'failed' | 'asked';

/** By the record alone. undefined: nothing came of it yet, or it was refused before anything was begun. */
function outcomeOf(
  { rotation, question }: IamUser,
  { id, move }: ClickJob,
  { askedAt }: CommandJob,
): Outcome | undefined {
  const entry = rotation?.history.findLast(({ jobId }) => jobId === id);
  if (entry) return entry.reason === 'asked' ? 'asked' : entry.outcome;
  return question?.move === move && question.askedAt >= askedAt ? 'asked' : undefined;
}

/** Why one failed is told apart, by the one who began it. */
function count(pressed: PressedMany, user: IamUser, outcome: Outcome | undefined): void {
  pressed.open.push(user);
  if (outcome) pressed[outcome] += 1;
}

/** What was shown is told by the drawing alone: a list is on no record, as Home is. */
function clickFor(
  { drawing, ...user }: Drawn,
  nth: number,
  { move, job }: { move: Many['move']; job: CommandJob },
): ClickJob {
  const { id, personId } = job;
  const place = { channel: '', home: {}, ...(drawing !== undefined && { drawing }) };
  return { kind: 'click', id: `${id}/${nth}`, ...idOf(user), move, insist: false, personId, place };
}

function idOf({ account, userName }: IamUserId): IamUserId {
  return { account, userName };
}

/** undefined: it was done or begun, or a doubt stands on its card. */
async function press(click: ClickJob, ports: Ports): Promise<Refusal | undefined> {
  let refusal: Refusal | undefined;
  // What is told of an earlier press goes to whoever made that.
  const refuse: Messenger['refuse'] = async (asker, why) => {
    if (asker.place.home) refusal = why;
    else await ports.messenger.refuse(asker, why);
  };
  await applyMove(click, { ...ports, messenger: { ...ports.messenger, refuse } }).catch((error) => {
    const isKnown =
      error instanceof OutsideError || error instanceof TryLater || error instanceof NewerSchema;
    if (!isKnown) throw error;
    ports.log.warn('many.oneFailed', { ...idOf(click), jobId: click.id, error });
    refusal = { kind: 'lookFailed', code: 'code' in error ? error.code : error.name };
  });
  return refusal;
}

/** A key without its secret must be shown until somebody removes it, and this user has no message of its own yet. */
function isNewlyStranded({ stranded, rotation, messages }: IamUser, { id }: ClickJob): boolean {
  const isOurs = rotation?.history.some(({ jobId, outcome }) => jobId === id && outcome === 'failed');
  return isOurs === true && stranded.length > 0 && !messages.some(({ reader }) => reader.as === 'owner');
}

async function showCard(user: IamUser, { personId }: CommandJob, ports: Ports): Promise<void> {
  await ifFailed(sendCard(user, { slackId: personId, as: 'owner' }, ports), (error) => {
    ports.log.warn('many.cardNotSent', { ...idOf(user), error });
    return user;
  });
}
