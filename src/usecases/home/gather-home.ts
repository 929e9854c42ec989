// Gathers what somebody's Home shows. Who asks for more than their own is looked up now: what was pressed is a hint.
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ONE_TAKES_MS } from '../commands/owned-users.ts';
import { rotationsOf } from '../commands/show-history.ts';
import { usersOnList } from '../commands/summary-list.ts';
import { ifFailed } from '../errors.ts';
import type { Asker, HomeLook } from '../jobs.ts';
import { gatherSummary } from '../night/summarize.ts';
import type { Ports } from '../ports.ts';
import { adminOnly } from '../shared/authorize.ts';
import { findOwner } from '../shared/find-owner.ts';
import { readLiveUser } from '../shared/live-user.ts';
import { loadIfReadable } from '../shared/load-if-readable.ts';
import type { FoundUser, HomePage, Organisation, Said } from './home-page.ts';
import { ownKeys } from './own-keys.ts';
import { TREND_SPAN, weekly } from './trend.ts';

/** Throws OutsideError. */
export async function gatherHome(
  asker: Asker,
  look: HomeLook | undefined,
  said: readonly Said[],
  ports: Ports,
): Promise<HomePage> {
  const refusal = look && (await adminOnly(asker.personId, ports));
  if (look && !refusal) return lookedAt(look, ports);
  return own(asker, refusal ? [{ kind: 'refused', asker, refusal }] : said, ports);
}

async function own(asker: Asker, said: readonly Said[], ports: Ports): Promise<HomePage> {
  const { personId } = asker;
  // Only what is shown depends on it.
  const isAdmin = await ifFailed(ports.directory.isAdmin(personId), () => false);
  // Beside each other, for each may take long.
  const [seen, organisation] = await Promise.all([
    seenBy(personId, ports),
    isAdmin && gatherOrganisation(ports),
  ]);
  const at = ports.now();
  if ('barred' in seen) return { kind: 'barred', at, refusal: seen.barred };
  return { kind: 'own', at, ...seen, said, ...(organisation && { organisation }) };
}

async function seenBy(slackId: string, ports: Ports) {
  const person = await ports.directory.person(slackId);
  const barred: Refusal = { kind: 'personBarred', why: person?.barred ?? 'unknown' };
  return person && !person.barred ? { keys: await ownKeys(person, ports) } : { barred };
}

async function gatherOrganisation(ports: Ports): Promise<Organisation> {
  const { accounts, records, now } = ports;
  const figures = await Promise.all(
    accounts.map((account) => records.sweepsFrom(account, now() - TREND_SPAN)),
  );
  const isLate = () => ports.timeLeft() < ONE_TAKES_MS;
  return { summary: await gatherSummary(ports, isLate), trend: weekly(figures.flat(), now()) };
}

async function lookedAt(look: HomeLook, ports: Ports): Promise<HomePage> {
  const at = ports.now();
  if (look.kind === 'search') return find(look.text, ports);
  if (look.kind === 'user') return describe(look.of, ports);
  if (look.kind === 'list')
    return { kind: 'list', at, list: look.list, users: await usersOnList(look.list, ports) };
  const { slackId } = look;
  return { kind: 'person', at, slackId, ...(await seenBy(slackId, ports)) };
}

/** More than anybody reads through: whoever looks for one of them types more of its name. */
const MOST_FOUND = 20;

/** The one that is called exactly so comes first; where it is the only one, it is described at once. */
async function find(text: string, ports: Ports): Promise<HomePage> {
  const found: IamUserId[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    await ifFailed(namesIn(account, text, found, ports), (error) => {
      ports.log.warn('home.accountUnanswered', { account, error });
      unanswered.push(account);
    });
  }
  const [only, another] = found;
  if (only && !another && unanswered.length === 0) return describe(only, ports);
  const rank = ({ userName }: IamUserId) => (userName.toLowerCase() === text.toLowerCase() ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b) || a.userName.localeCompare(b.userName));
  const users = await Promise.all(found.slice(0, MOST_FOUND).map((id) => withRecord(id, ports)));
  return { kind: 'found', at: ports.now(), text, users, more: found.length - users.length, unanswered };
}

async function namesIn(account: string, text: string, found: IamUserId[], { keys }: Ports): Promise<void> {
  const wanted = text.toLowerCase();
  if (wanted === '') return;
  for await (const { userName } of keys(account).all())
    if (userName.toLowerCase().includes(wanted)) found.push({ account, userName });
}

async function withRecord(id: IamUserId, ports: Ports): Promise<FoundUser> {
  const user = await loadIfReadable(id, ports);
  return { ...id, ...(user && { user }) };
}

async function describe(id: IamUserId, ports: Ports): Promise<HomePage> {
  const at = ports.now();
  const { account, userName } = id;
  if (!ports.accounts.includes(account))
    return { kind: 'found', at, text: userName, users: [], more: 0, unanswered: [] };
  const user = await loadIfReadable(id, ports);
  const live = await readLiveUser(id, ports.keys(account));
  const owner = user?.owner ?? (live && (await findOwner({ userName, tags: live.tags }, undefined, ports)));
  return {
    ...{ kind: 'user', at, account, userName, keys: live?.keys },
    owner: owner ?? { kind: 'nobody', why: 'none', named: [] },
    ...(user && { user }),
    history: { account, userName, rotations: user ? await rotationsOf(user, ports) : [] },
  };
}
