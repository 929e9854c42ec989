// `/keyrotate how`, and the menu on the card: how the new key is put in place, for whoever may press there.
import { isOff, isOpen, replacementOf } from '../../domain/rotation.ts';
import type { Command, CommandJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { findForOwner } from './find-target.ts';

export async function showHow(
  job: CommandJob,
  { target, tool }: Extract<Command, { name: 'how' }>,
  ports: Ports,
): Promise<void> {
  const found = await findForOwner(job, target, ports);
  if (!found) return;
  const { user } = found;
  const { rotation, userName } = user;
  // Off, the old key cannot fetch it any more.
  const isMadeHere = isOpen(rotation) && !isOff(rotation) && replacementOf(rotation)?.kind === 'created';
  if (!isMadeHere) return refuse(job, { kind: 'noNewKey', userName }, ports);
  return ports.messenger.answerHow(job, user, tool);
}
