// Pays what a save left owing: the closed rotation's copy, the answer, the admins, the cards. What fails stays owed; the
// tick tries again. What notifies the owner is not paid here: that is one message a day for all their users.
import { type Card, type IamUser, owing, without } from '../domain/iam-user.ts';
import { isClosed } from '../domain/rotation.ts';
import { ChangedMeanwhile, OutsideError } from './errors.ts';
import type { Ports } from './ports.ts';

export async function settle(user: IamUser, ports: Ports): Promise<void> {
  await settled(user, ports);
}

/** Returns the user as it is on record afterwards. */
export async function settled(user: IamUser, ports: Ports): Promise<IamUser> {
  if (user.owed.every((debt) => debt === 'notify')) return user;
  try {
    const filed = await fileClosed(user, ports);
    const told = await announce(await answer(filed, ports), ports);
    return await ports.users.save(await redraw(told, ports));
  } catch (error) {
    // A message that could not be recorded is inert: clicks are checked against the recorded card.
    if (!(error instanceof OutsideError || error instanceof ChangedMeanwhile)) throw error;
    const { account, userName } = user;
    ports.log.warn('settle.postponed', { account, userName, error });
    return error instanceof OutsideError && error.outcome === 'refused' ? giveUp(user, error, ports) : user;
  }
}

/** Asking again will not help, and must not crowd out others: it goes into the summary, and waits for the next reminder. */
function giveUp(user: IamUser, { code }: OutsideError, ports: Ports): Promise<IamUser> {
  const since = user.failure?.since ?? ports.now();
  const owed = user.owed.filter((debt) => debt === 'file' || debt === 'notify');
  const failure = { since, what: 'message', code };
  // What the admins were to be told waits for the next look.
  return ports.users.save({ ...without(user, 'answer'), owed, failure });
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

/** One message each. The last of them is the one whose buttons count. */
async function announce(user: IamUser, ports: Ports): Promise<IamUser> {
  let told = user;
  for (const news of user.news) {
    const posted = await ports.messenger.announce(user, news);
    // Only the newest can be pressed: an older one would offer what is refused.
    await removeQuietly(told.notice, user, ports);
    ports.log.info('admins.told', { account: user.account, userName: user.userName, code: news.kind });
    told = { ...told, notice: { ...posted, news } };
  }
  return { ...told, news: [], owed: told.owed.filter((debt) => debt !== 'announce') };
}

async function redraw(user: IamUser, ports: Ports): Promise<IamUser> {
  const { card, adminCard, notice, owner } = user;
  const told = user.failure?.what === 'message' ? without(user, 'failure') : user;
  const paid: IamUser = {
    ...without(told, 'formerCard'),
    owed: user.owed.filter((debt) => debt === 'notify'),
  };
  if (!user.owed.includes('redraw') || ports.policy(user.account).mode === 'preview') return paid;
  await removeQuietly(user.formerCard, user, ports);
  if (notice) await quietly(ports.messenger.redrawNotice(user, notice), user, ports);
  if (adminCard) await quietly(ports.messenger.redrawForAdmin(user, adminCard), user, ports);
  if (!card) return paid;
  const isThere = (await ports.messenger.redraw(user, card)) === 'redrawn';
  // Nobody owns it now: what the last owner holds says so, and nothing can be pressed there any more.
  if (owner.kind === 'nobody') return without(paid, 'card');
  return isThere ? paid : owing(without(paid, 'card'), 'notify');
}

/** What admins see besides is a help: failing to change it must not hold up the owner's card. */
async function quietly(work: Promise<unknown>, user: IamUser, ports: Ports): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    ports.log.warn('notice.notRedrawn', { account: user.account, userName: user.userName, error });
  }
}

/** The old card is inert once the new one is recorded, so failing to remove it harms nobody. */
export async function removeQuietly(card: Card | undefined, user: IamUser, ports: Ports): Promise<void> {
  if (!card) return;
  try {
    await ports.messenger.remove(card);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    ports.log.warn('card.notRemoved', { account: user.account, userName: user.userName, error });
  }
}
