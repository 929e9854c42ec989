// `/keyrotate how`, and the menu on the card: how the new key is put in place, for whoever may press there.
import { isOff, isOpen, replacementOf } from '../../domain/rotation.ts';
import type { Command, CommandJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { actorFor, memberOnly } from '../shared/authorize.ts';
import { findTarget } from './find-target.ts';

export async function showHow(
  job: CommandJob,
  { target, tool }: Extract<Command, { name: 'how' }>,
  ports: Ports,
): Promise<void> {
  const barred = await memberOnly(job.personId, ports);
  if (barred) return refuse(job, barred, ports);
  const user = await findTarget(job, target, ports);
  if (!user) return;
  const who = await actorFor(job.personId, user, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  const { rotation, userName } = user;
  // Off, the old key cannot fetch it any more.
  const isMadeHere = isOpen(rotation) && !isOff(rotation) && replacementOf(rotation)?.kind === 'created';
  if (!isMadeHere) return refuse(job, { kind: 'noNewKey', userName }, ports);
  return ports.messenger.answerHow(job, user, tool);
}
