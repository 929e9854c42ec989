// `/keyrotate show <account>/<user>`: an admin gets the card, to act for whoever does not.
import { isOpen } from '../../domain/rotation.ts';
import type { CommandJob, Target } from '../jobs.ts';
import { bringUpToDate } from '../messages/bring-up-to-date.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { findTarget } from './find-target.ts';
import { sendCard } from './show-card.ts';

/** The caller has made sure that an admin asks. */
export async function showAsked(job: CommandJob, target: Target, ports: Ports): Promise<void> {
  const user = await findTarget(job, target, ports);
  if (!user) return;
  if (ports.policy(user.account).mode === 'preview') return refuse(job, { kind: 'previewOnly' }, ports);
  if (!isOpen(user.rotation)) return refuse(job, { kind: 'nothingOpen' }, ports);
  const shown = await sendCard(await ports.users.save(user), { slackId: job.personId, as: 'admin' }, ports);
  await bringUpToDate(shown, ports);
  await ports.messenger.answerShown(job, shown);
}
