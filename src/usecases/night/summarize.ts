// Gathers what admins read, from the table and the figures of the last sweeps.
import { ageInDays } from '../../domain/access-key.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { isOverdue } from '../../domain/policy.ts';
import { isOpen, type OpenRotation, requestIn } from '../../domain/rotation.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { ifFailed, ifRefused } from '../errors.ts';
import { channelRefused } from '../health/watch-health.ts';
import type { SummarizeJob } from '../jobs.ts';
import type { KeySecret, Ports } from '../ports.ts';
import { refusedSince } from '../shared/refused-since.ts';
import { secretsOfGone } from '../shared/secrets-of-gone.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { type Summary, type SummaryItem, shareOf } from './gathered-summary.ts';
import { summaryListsOf } from './summary-lists.ts';

/** A sweep older than this says nothing about today. */
const SWEEP_IS_FRESH = 36 * 60 * 60 * 1000;
/** The first summary looks back this far. */
const FIRST_PERIOD = 7 * DAY;

/** Posts the summary to the admin channel, once per job. One that is refused there counts as not come, and is started again. */
export async function postSummary(job: SummarizeJob, ports: Ports): Promise<void> {
  const last = await ports.records.latestSummary();
  if (last?.jobId === job.id) return;
  const summary = await gatherSummary(ports);
  const isPosted = await ifRefused(
    ports.messenger.postSummary(summary).then(() => true),
    async (error) => {
      ports.log.error('summary.refused', { error });
      await channelRefused(error, ports);
      return false;
    },
  );
  if (isPosted) await ports.records.saveSummary({ jobId: job.id, at: summary.at, share: shareOf(summary) });
}

/** Accounts that are read at once. One that does not answer holds up its own place, and none of the others. */
const AT_ONCE = 8;
/** ms: until the rest is told, and what was told is noted. */
const TELLING_TAKES = 15_000;

/** `isLate`: no more is to be read, since somebody waits. What is left out is named. */
export async function gatherSummary(
  ports: Ports,
  isLate = () => ports.timeLeft() < TELLING_TAKES,
): Promise<Summary> {
  const at = ports.now();
  const last = await ports.records.latestSummary();
  const summary: Summary = {
    at,
    ...(last && { since: last.at, shareBefore: last.share }),
    activeKeys: 0,
    withinAge: 0,
    stages: { due: 0, postponed: 0, issued: 0, confirmed: 0, deactivated: 0, retired: 0 },
    nothingWorks: [],
    overdueKeys: [],
    overdue: [],
    noOwner: [],
    ownerLeft: [],
    notMine: [],
    ownerChanged: [],
    timeAsked: [],
    postponed: [],
    exempt: [],
    bothNeeded: [],
    unanswered: [],
    unasked: [],
    failing: [],
    stranded: [],
    secretsOfGone: [],
    preview: [],
    finished: 0,
    accounts: {
      configured: ports.accounts.length,
      ...{ swept: 0, notSwept: [] },
      inPreview: ports.accounts.filter((account) => ports.policy(account).mode === 'preview').length,
    },
    notLookedAt: [],
    rootKeys: [],
    unreadable: [],
  };
  await sideBySide(ports.accounts, AT_ONCE, async (account) => {
    const isWhole = await addAccount(summary, account, ports, isLate);
    if (!isWhole) summary.leftOut = [...(summary.leftOut ?? []), account];
  });
  // Each list goes by accounts, in whatever order they came.
  const place = new Map(ports.accounts.map((account, nth) => [account, nth]));
  const nth = ({ account }: { account: string }) => place.get(account) ?? 0;
  for (const list of byAccount(summary)) list.sort((a, b) => nth(a) - nth(b));
  for (const list of agedLists(summary)) list.sort((a, b) => b.ageDays - a.ageDays);
  return summary;
}

/** Returns whether all of it was read. The secrets come last: they cost little, and take longest. */
async function addAccount(
  summary: Summary,
  account: string,
  ports: Ports,
  isLate: () => boolean,
): Promise<boolean> {
  const { at, since = at - FIRST_PERIOD } = summary;
  if (isLate()) return false;
  const isShut = await addFigures(summary, account, ports);
  for await (const user of ports.users.listed(account)) {
    if (isLate()) return false;
    addUser(summary, user, ports, at);
  }
  const closed = await ports.users.countClosed(account, since, at);
  summary.finished += closed;
  return isShut || (!isLate() && addSecrets(summary, account, ports, isLate));
}

/** The oldest key hurts most, whatever its matter: each list begins with it, since not all of it may be shown. */
function agedLists(summary: Summary): SummaryItem[][] {
  const { overdueKeys, postponed, timeAsked, failing, preview } = summary;
  return [overdueKeys, postponed, timeAsked, failing, preview, ...PLAIN.map((list) => summary[list])];
}

/** Every list of what is of some account. */
function byAccount(summary: Summary): { account: string }[][] {
  const lists = Object.values(summary).filter((value) => Array.isArray(value));
  return [...lists, summary.accounts.notSwept].filter(([first]) => typeof first === 'object');
}

/** Returns whether AWS has refused to have the account looked at: then nothing is asked of it. */
async function addFigures(summary: Summary, account: string, { records, now }: Ports): Promise<boolean> {
  const figures = await records.latestSweep(account);
  const refused = await refusedSince(account, figures, records);
  if (refused || !figures || now() - figures.sweptAt > SWEEP_IS_FRESH) {
    summary.accounts.notSwept.push({ account, ...(refused && { refused }) });
    return refused !== undefined;
  }
  const looks = await records.refusedLooks(account);
  summary.notLookedAt.push(...looks.filter(({ at }) => at >= figures.sweptAt));
  summary.accounts.swept += 1;
  summary.activeKeys += figures.activeKeys;
  summary.withinAge += figures.withinAge;
  if (figures.rootKeys) summary.rootKeys.push({ account, count: figures.rootKeys });
  if (figures.unreadableCount > 0) {
    summary.unreadable.push({ account, count: figures.unreadableCount, first: figures.unreadable[0] });
  }
  return false;
}

/** They cost little: a summary without them is worth more than none. */
async function addSecrets(
  summary: Summary,
  account: string,
  { vault, keys, log }: Ports,
  isLate: () => boolean,
): Promise<boolean> {
  const reading = secretsOfGone(account, vault(account), keys(account), isLate);
  const gone = await ifFailed(reading, (error): KeySecret[] => {
    log.warn('summary.secretsNotListed', { account, error });
    return [];
  });
  if (!gone) return false;
  for (const { userName, createdAt, scheduledBy } of gone)
    if (scheduledBy === undefined) summary.secretsOfGone.push({ account, userName, since: createdAt });
  return true;
}

/** The lists that say nothing of an IAM user but which it is. */
const PLAIN = [
  ...(['nothingWorks', 'noOwner', 'ownerLeft', 'notMine'] as const),
  ...(['unanswered', 'unasked', 'bothNeeded', 'overdue'] as const),
];

function addUser(summary: Summary, user: IamUser, ports: Ports, at: Instant): void {
  addExemption(summary, user);
  const { account, userName, owner, ownerChange, rotation, failure } = user;
  if (ownerChange) summary.ownerChanged.push({ account, userName, owner, to: ownerChange.to });
  for (const keyId of user.stranded) summary.stranded.push({ account, userName, keyId });
  if (!isOpen(rotation)) return;
  const policy = ports.policy(account);
  const item = itemFor(user, rotation, at);
  summary.stages[rotation.stage] += 1;
  const lists = summaryListsOf(user, policy, at);
  for (const list of PLAIN) if (lists.includes(list)) summary[list].push(item);
  if (isOverdue(rotation, user.keys, policy, at)) summary.overdueKeys.push(item);
  addAgreements(summary, rotation, item);
  if (owner.kind !== 'nobody' && policy.mode === 'preview') summary.preview.push(item);
  if (failure) summary.failing.push({ ...item, ...failure });
}

function addExemption(summary: Summary, { account, userName, owner, exempt }: IamUser): void {
  if (exempt?.kind === 'until') {
    const { until, why } = exempt;
    summary.exempt.push({ account, userName, owner, until, why });
  }
  if (exempt?.kind === 'unclear') summary.exempt.push({ account, userName, owner, why: exempt.text });
}

function addAgreements(summary: Summary, rotation: OpenRotation, item: SummaryItem): void {
  if (rotation.stage === 'postponed') {
    summary.postponed.push({ ...item, until: rotation.until, why: rotation.why });
  }
  const request = requestIn(rotation);
  if (request) summary.timeAsked.push({ ...item, until: request.until, why: request.why });
}

function itemFor(user: IamUser, rotation: OpenRotation, at: Instant): SummaryItem {
  return {
    account: user.account,
    userName: user.userName,
    oldKeyId: rotation.oldKeyId,
    ageDays: ageInDays({ createdAt: rotation.oldKeyCreatedAt }, at),
    owner: user.owner,
  };
}
