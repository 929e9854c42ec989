// Pays what a save left owing: the closed rotation's copy, the answer, the card. What fails stays owed; the tick tries again.
import { type IamUser, without } from '../domain/iam-user.ts';
import { isClosed } from '../domain/rotation.ts';
import { ChangedMeanwhile, OutsideError } from './errors.ts';
import type { Ports } from './ports.ts';

export async function settle(user: IamUser, ports: Ports): Promise<void> {
  if (user.owed.length === 0) return;
  try {
    await ports.users.save(await showCard(await answer(await fileClosed(user, ports), ports), ports));
  } catch (error) {
    // A message that could not be recorded is inert: clicks are checked against the recorded card.
    if (!(error instanceof OutsideError || error instanceof ChangedMeanwhile)) throw error;
    const { account, userName } = user;
    ports.log.warn('settle.postponed', { account, userName, error });
    if (error instanceof OutsideError && error.outcome === 'refused') await giveUp(user, error, ports);
  }
}

/** Asking again will not help, and must not crowd out others: it goes into the summary, and waits for the next reminder. */
async function giveUp(user: IamUser, { code }: OutsideError, ports: Ports): Promise<void> {
  const since = user.failure?.since ?? ports.now();
  const owed = user.owed.filter((debt) => debt === 'file');
  const failure = { since, what: 'message', code };
  await ports.users.save({ ...without(user, 'answer'), owed, failure, notifiedAt: ports.now() });
}

async function fileClosed(user: IamUser, ports: Ports): Promise<IamUser> {
  if (!user.owed.includes('file')) return user;
  if (user.rotation && isClosed(user.rotation)) await ports.users.file(user, user.rotation);
  return { ...user, owed: user.owed.filter((debt) => debt !== 'file') };
}

async function answer(user: IamUser, ports: Ports): Promise<IamUser> {
  const { account, userName, answer: due, card } = user;
  if (!due) return user;
  const place = { channel: card?.channel ?? '' };
  try {
    await ports.messenger.refuse({ kind: 'click', account, userName, personId: due.to, place }, due.refusal);
  } catch (error) {
    if (!(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
    ports.log.warn('answer.notTold', { account, userName, personId: due.to, error });
  }
  return { ...without(user, 'answer'), owed: user.owed.filter((debt) => debt !== 'answer') };
}

async function showCard(user: IamUser, ports: Ports): Promise<IamUser> {
  const { owner, card } = user;
  const told = { ...(user.failure?.what === 'message' ? without(user, 'failure') : user), owed: [] };
  if (ports.policy(user.account).mode === 'preview') return told;
  const mustNotify = user.owed.includes('notify') || (card === undefined && user.owed.includes('redraw'));
  if (!mustNotify) {
    if (!card || (await ports.messenger.redraw(user, card)) === 'redrawn') return told;
  }
  if (owner.kind === 'nobody') return card ? without(told, 'card') : told;
  const sent = await ports.messenger.send(user, owner.slackId);
  ports.log.info('card.sent', { account: user.account, userName: user.userName });
  if (card) await removeQuietly(user, ports);
  return { ...told, card: sent, notifiedAt: ports.now() };
}

/** The old card is inert once the new one is recorded, so failing to remove it harms nobody. */
async function removeQuietly(user: IamUser, ports: Ports): Promise<void> {
  if (!user.card) return;
  try {
    await ports.messenger.remove(user.card);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    ports.log.warn('card.notRemoved', { account: user.account, userName: user.userName, error });
  }
}
