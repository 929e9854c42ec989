// Pays what a save left owing: the closed rotation's copy, the answer, the admins, the cards. What fails stays owed; the
// tick tries again. What notifies the owner is not paid here: that is one message a day for all their users.
import { type Card, type IamUser, owing, without } from '../domain/iam-user.ts';
import { isClosed } from '../domain/rotation.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { ChangedMeanwhile, OutsideError } from './errors.ts';
import { noteWith } from './note-with.ts';
import type { Ports } from './ports.ts';
import { refuse } from './refuse.ts';

/** After Slack refused a message. */
const TELL_AGAIN_IN = 60 * MINUTE;

export async function settle(user: IamUser, ports: Ports): Promise<void> {
  await settled(user, ports);
}

/**
 * Each debt by itself: that one cannot be paid holds up no other. Returns the user as it is on record afterwards.
 */
export async function settled(user: IamUser, ports: Ports): Promise<IamUser> {
  if (user.owed.every((debt) => debt === 'notify')) return user;
  const { account, userName } = user;
  const failures: OutsideError[] = [];
  let current = user;
  for (const pay of [fileClosed, answer, announce, redraw, removeFormer]) {
    try {
      current = await pay(current, ports);
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      ports.log.warn('settle.postponed', { account, userName, error });
      failures.push(error);
    }
  }
  const refused = failures.find(({ outcome }) => outcome === 'refused');
  const next = refused ? withFailure(current, refused, ports.now()) : current;
  return next === user ? user : save(next, user, ports);
}

/**
 * A message that could not be recorded is inert: clicks are checked against the recorded card. Whoever wrote meanwhile
 * has drawn the card as well, and nobody knows which of the two came last.
 */
async function save(next: IamUser, user: IamUser, ports: Ports): Promise<IamUser> {
  try {
    return await ports.users.save(next);
  } catch (error) {
    if (!(error instanceof OutsideError || error instanceof ChangedMeanwhile)) throw error;
    const { account, userName } = user;
    ports.log.warn('settle.postponed', { account, userName, error });
    await takeBackNotice(next, user, ports);
    if (error instanceof ChangedMeanwhile) await noteWith(user, ports, (current) => owing(current, 'redraw'));
    return user;
  }
}

/** What admins were told, and is told again since it could not be recorded: its buttons would be refused. */
async function takeBackNotice({ notice }: IamUser, user: IamUser, ports: Ports): Promise<void> {
  if (!notice || notice.ts === user.notice?.ts) return;
  try {
    if (isOnRecord(await ports.users.load(user), notice)) return;
  } catch (error) {
    // Nobody can tell, and a message too many is better than none.
    if (error instanceof OutsideError) return;
    throw error;
  }
  await removeQuietly(notice, user, ports);
}

/** Asking again at once will not help, and must not crowd out others: it goes into the summary, and waits. */
function withFailure(user: IamUser, { code }: OutsideError, now: Instant): IamUser {
  const since = user.failure?.since ?? now;
  return { ...user, failure: { since, what: 'message', code, retryAt: now + TELL_AGAIN_IN } };
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
  await refuse({ kind: 'click', account, userName, personId: due.to, place }, due.refusal, ports);
  return { ...without(user, 'answer'), owed: user.owed.filter((debt) => debt !== 'answer') };
}

/** One message each. The last of them is the one whose buttons count. */
async function announce(user: IamUser, ports: Ports): Promise<IamUser> {
  if (!user.owed.includes('announce')) return user;
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
  if (!user.owed.includes('redraw')) return user;
  const paid: IamUser = { ...user, owed: user.owed.filter((debt) => debt !== 'redraw') };
  if (ports.policy(user.account).mode === 'preview') return paid;
  if (notice) await quietly(ports.messenger.redrawNotice(user, notice), user, ports);
  if (adminCard) await quietly(ports.messenger.redrawForAdmin(user, adminCard), user, ports);
  if (!card) return paid;
  const isThere = (await ports.messenger.redraw(user, card)) === 'redrawn';
  const told = user.failure?.what === 'message' ? without(paid, 'failure') : paid;
  // Nobody owns it now: what the last owner holds says so, and nothing can be pressed there any more.
  if (owner.kind === 'nobody') return without(told, 'card');
  return isThere ? told : owing(without(told, 'card'), 'notify');
}

/** It is inert, so a plain "no" harms nobody; but for as long as it is there it says what was. */
async function removeFormer(user: IamUser, ports: Ports): Promise<IamUser> {
  const { account, userName, formerCard, owed } = user;
  if (!owed.includes('remove')) return user;
  try {
    if (formerCard) await ports.messenger.remove(formerCard);
  } catch (error) {
    if (!(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
    ports.log.warn('card.notRemoved', { account, userName, error });
  }
  return { ...without(user, 'formerCard'), owed: owed.filter((debt) => debt !== 'remove') };
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

/** Records a card that was sent. One that could not be recorded would stay beside the next one: it is taken back. */
export async function recordCard(
  card: Card,
  user: IamUser,
  ports: Ports,
  record: () => Promise<IamUser | undefined>,
): Promise<IamUser | undefined> {
  const recorded = await record().catch(async (error) => {
    // Only the answer may have been lost.
    const current = await ports.users.load(user);
    if (isOnRecord(current, card)) return current;
    await removeQuietly(card, user, ports);
    throw error;
  });
  if (!recorded) await removeQuietly(card, user, ports);
  return recorded;
}

export function isOnRecord(user: IamUser | undefined, { channel, ts }: Card): boolean {
  return [user?.card, user?.adminCard, user?.notice].some((one) => one?.channel === channel && one.ts === ts);
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
