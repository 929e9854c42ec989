// Sends the card of one IAM user to whoever asks for it: its owner, in place of the one they had, or an admin.
import { type IamUser, withCard, without } from '../domain/iam-user.ts';
import { addressOf } from '../domain/owner.ts';
import { isOpen } from '../domain/rotation.ts';
import { findOut } from './find-out.ts';
import { finishStandingClaim } from './finish-claim.ts';
import type { ShowJob } from './jobs.ts';
import { lookOrRefuse } from './look.ts';
import type { Ports } from './ports.ts';
import { refuse } from './refuse.ts';
import { recordCard, removeQuietly, settled } from './settle.ts';
import { actorFor } from './who.ts';

export async function showCard(job: ShowJob, ports: Ports): Promise<void> {
  const loaded = ports.accounts.includes(job.account) ? await ports.users.load(job) : undefined;
  if (!loaded) return refuse(job, { kind: 'nothingOpen' }, ports);
  const who = await actorFor(job.personId, loaded, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  if (ports.policy(job.account).mode === 'preview') return refuse(job, { kind: 'previewOnly' }, ports);
  const user = await finishStandingClaim(loaded, ports);
  const seen = user.claim ? user : await lookOrRefuse(user, ports);
  if ('kind' in seen) {
    await findOut(seen, job, ports);
    return refuse(job, seen, ports);
  }
  if (!isOpen(seen.rotation)) return refuse(job, { kind: 'nothingOpen' }, ports);
  await sendCard(seen, who.actor, ports);
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
  const at = ports.now();
  const told: IamUser = {
    ...user,
    owed: user.owed.filter((debt) => debt !== 'notify' && debt !== 'redraw'),
    notifiedAt: at,
    rotation: { contactedAt: at, ...rotation },
  };
  const card = await ports.messenger.send(told, to);
  const recorded = await recordCard(card, user, ports, () => ports.users.save(withCard(told, card)));
  return settled(recorded ?? user, ports);
}

async function sendToAdmin(user: IamUser, slackId: string, ports: Ports): Promise<IamUser> {
  const adminCard = await ports.messenger.sendToAdmin(user, slackId);
  const saved = await recordCard(adminCard, user, ports, () =>
    ports.users.save({ ...without(user, 'adminCard'), adminCard }),
  );
  await removeQuietly(user.adminCard, user, ports);
  return saved ?? user;
}
