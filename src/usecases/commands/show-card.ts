// Sends the card of one IAM user to whoever asks for it: its owner, in place of the one they had, or an admin.
import type { IamUser } from '../../domain/iam-user.ts';
import type { Card, Reader } from '../../domain/message.ts';
import { addressOf } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import { drawingFor, withMessage } from '../../domain/wanted.ts';
import type { CommandJob, ShowJob, Target } from '../jobs.ts';
import { bringUpToDate, broughtUpToDate, recordMessage } from '../messages/bring-up-to-date.ts';
import { heard } from '../messages/note-reminder.ts';
import { refuse } from '../messages/refuse.ts';
import { finishStandingClaim } from '../moves/finish-claim.ts';
import type { Ports } from '../ports.ts';
import { actorFor } from '../shared/authorize.ts';
import { findOut, readOrRefuse } from '../shared/live-user.ts';
import { findTarget } from './find-target.ts';

export async function showCard(job: ShowJob, ports: Ports): Promise<void> {
  const loaded = ports.accounts.includes(job.account) ? await ports.users.load(job) : undefined;
  if (!loaded) return refuse(job, { kind: 'nothingOpen' }, ports);
  const who = await actorFor(job.personId, loaded, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  const isPreview = ports.policy(job.account).mode === 'preview';
  if (isPreview && who.actor.as === 'owner') return refuse(job, { kind: 'previewOnly' }, ports);
  const user = await finishStandingClaim(loaded, ports);
  const seen = user.claim ? user : await readOrRefuse(user, ports);
  if ('kind' in seen) {
    await findOut(seen, job, ports);
    return refuse(job, seen, ports);
  }
  if (!isOpen(seen.rotation)) return refuse(job, { kind: 'nothingOpen' }, ports);
  const shown = isPreview ? seen : await sendCard(seen, who.actor, ports);
  const card = isPreview ? await ports.messenger.sendPreview(seen, job.personId) : newestCard(shown);
  // Whoever pressed elsewhere, in the admin channel, say, would not see it come.
  if (card?.channel !== job.place.channel) await ports.messenger.answerShown(job, shown);
}

function newestCard({ messages }: IamUser): Card | undefined {
  return messages.findLast(({ reader }) => reader.as !== 'admins');
}

/** `/keyrotate show`: an admin gets the card, to act for whoever does not. The caller has made sure that an admin asks. */
export async function showAsked(job: CommandJob, target: Target, ports: Ports): Promise<void> {
  const user = await findTarget(job, target, ports);
  if (!user) return;
  if (!isOpen(user.rotation)) return refuse(job, { kind: 'nothingOpen' }, ports);
  if (ports.policy(user.account).mode === 'preview') {
    await ports.messenger.sendPreview(user, job.personId);
    return ports.messenger.answerShown(job, user);
  }
  const shown = await sendCard(await ports.users.save(user), { slackId: job.personId, as: 'admin' }, ports);
  await bringUpToDate(shown, ports);
  await ports.messenger.answerShown(job, shown);
}

/** They asked, so it is no reminder; but whoever has the card has been told. */
export async function sendCard(
  user: IamUser,
  actor: { slackId: string; as: 'owner' | 'admin' },
  ports: Ports,
): Promise<IamUser> {
  return actor.as === 'owner' ? sendToOwner(user, ports) : sendToAdmin(user, actor.slackId, ports);
}

async function sendToOwner(user: IamUser, ports: Ports): Promise<IamUser> {
  const { rotation } = user;
  const to = addressOf(user.owner);
  if (to === undefined || !isOpen(rotation)) return user;
  const told = heard(user, ports.now());
  const card = await ports.messenger.send(told, to);
  return recorded(told, { as: 'owner', id: to }, card, ports);
}

async function sendToAdmin(user: IamUser, id: string, ports: Ports): Promise<IamUser> {
  return recorded(user, { as: 'admin', id }, await ports.messenger.sendToAdmin(user, id), ports);
}

/** The one before is removed: only the newest counts. */
async function recorded(user: IamUser, reader: Reader, card: Card, ports: Ports): Promise<IamUser> {
  const drawing = drawingFor(reader, user, ports.policy(user.account), ports.now());
  const message = { ...card, reader, drawing };
  const saved = await recordMessage(message, user, ports, () => ports.users.save(withMessage(user, message)));
  return broughtUpToDate(saved ?? user, ports);
}
