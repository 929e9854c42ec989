// One press, and one confirmation that names them, for many IAM users: each is done as if its own button had been pressed.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { TryLater } from '../errors.ts';
import type { ClickJob, Command, CommandJob, Drawn } from '../jobs.ts';
import { applyMove } from '../moves/apply-move.ts';
import type { Ports } from '../ports.ts';
import type { PressedMany } from './answers.ts';
import { sendCard } from './show-card.ts';

/** A key is only made while there is time to store its secret. */
const ONE_TAKES_MS = 40_000;

type Many = Extract<Command, { name: 'pressMany' }>;

/**
 * Those that an earlier delivery has done are known by the job, and left. Who may, whether it is still so, and what speaks
 * against it is asked for each. Where each stands then is shown to whoever pressed, and to nobody else: the list that they
 * pressed on is the message on record, and opens the card of each as it is by now.
 */
export async function pressMany(job: CommandJob, { move, users }: Many, ports: Ports): Promise<void> {
  const pressed: PressedMany = { move, done: 0, asked: 0, open: [], refused: [] };
  for (const [nth, one] of users.entries()) {
    if (ports.timeLeft() < ONE_TAKES_MS) throw new TryLater(1, 'more of them are to be done');
    const click = clickFor(one, nth, { move, job });
    const refusal = await press(click, ports);
    const user = await ports.users.load(one);
    if (refusal || !user) pressed.refused.push({ ...idOf(one), refusal: refusal ?? { kind: 'nothingOpen' } });
    else pressed.open.push(user);
    // A key without its secret must be shown to them until somebody removes it.
    if (user && user.stranded.length > 0) await sendCard(user, { slackId: job.personId, as: 'owner' }, ports);
    if (user && wasDone(user, click)) pressed.done += 1;
    if (user && user.question?.move === move) pressed.asked += 1;
  }
  await ports.messenger.answerPressedMany(job, pressed);
}

/** What was shown is told by the drawing alone: a list is on no record, as Home is. */
function clickFor(
  { drawing, ...user }: Drawn,
  nth: number,
  { move, job }: { move: Many['move']; job: CommandJob },
): ClickJob {
  const place = { channel: '', home: {}, ...(drawing !== undefined && { drawing }) };
  return {
    kind: 'click',
    id: `${job.id}/${nth}`,
    ...idOf(user),
    move,
    insist: false,
    personId: job.personId,
    place,
  };
}

function idOf({ account, userName }: IamUserId): IamUserId {
  return { account, userName };
}

/** undefined: it was done, or a doubt stands on its card. */
async function press(click: ClickJob, ports: Ports): Promise<Refusal | undefined> {
  let refusal: Refusal | undefined;
  const refuse = async (_: unknown, why: Refusal) => {
    refusal = why;
  };
  await applyMove(click, { ...ports, messenger: { ...ports.messenger, refuse } });
  return refusal;
}

function wasDone({ rotation }: IamUser, { id }: ClickJob): boolean {
  return rotation?.history.some(({ jobId, outcome }) => jobId === id && outcome === 'done') ?? false;
}
