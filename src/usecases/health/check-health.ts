// Looks at keyrotate itself, and changes nothing: what Slack lets it do, what came when it should, what waits or was given up.
import { HOUR, type Instant } from '../../domain/time.ts';
import { ifFailed } from '../errors.ts';
import type { BadSettings, RefusedSweep, SweepFigures } from '../jobs.ts';
import type { HealthRecord, Ports } from '../ports.ts';
import { refusedSince } from '../shared/refused-since.ts';
import { accountFindings, deployments, protectedUsers } from './account-findings.ts';
import { type Check, type Finding, type Found, isWrong, orUnknown } from './findings.ts';
import { type Late, lateAccounts, lateSummary } from './late.ts';

/** A user for whom something has been due for so long is waiting for something that does not come. */
export const WAITS_TOO_LONG = 2 * HOUR;
/** A move that does not end is come across at each tick. */
const STUCK_COUNTS = HOUR;
/** More need not be counted. */
const MOST_COUNTED = 1000;
/** How long a refusal in the admin channel is told of: whether the next message arrives is not known before it is sent. */
const REFUSAL_COUNTS = 24 * HOUR;

/** For whoever asks, be it before anything was ever told, or where what is remembered cannot be read. */
export async function askedHealth(ports: Ports): Promise<Finding[]> {
  return checkHealth(await ifFailed(healthRecord(ports), () => newRecord(ports)), ports);
}

/** What is remembered, or what is to be remembered from now on. */
export async function healthRecord({ records, now }: Pick<Ports, 'records' | 'now'>): Promise<HealthRecord> {
  return (await records.health()) ?? newRecord({ now });
}

function newRecord({ now }: Pick<Ports, 'now'>): HealthRecord {
  const at = now();
  return { version: 0, since: at, modes: [], told: [], toldAt: at };
}

/** One finding for each check, in their order. Whatever fails while it is looked up is `unknown`. */
export async function checkHealth(record: HealthRecord, ports: Ports): Promise<Finding[]> {
  // Asked once: with hundreds of accounts it is hundreds of reads.
  const latest = latestSweeps(ports);
  const shut = latest.then((sweeps) => refusedSweeps(sweeps, ports));
  const [beside, slack, others, account, known] = await Promise.all([
    orUnknown('deployments', deployments(ports.surroundings)),
    slackFindings(ports, record),
    Promise.all([
      orUnknown('accounts', accountsShut(shut, ports)),
      orUnknown('sweep', sweep(record, latest, shut, ports)),
      orUnknown('summary', summary(record, ports)),
      orUnknown('waiting', waiting(record, ports)),
      orUnknown('deadLetters', deadLetters(ports)),
    ]),
    accountFindings(ports.surroundings),
    orUnknown('protectedUsers', protectedBySweeps(latest)),
  ]);
  const ours = [modeFinding(ports), settingsFinding(record, ports), beside];
  const whileWorking = others.filter(({ check }) => !isWrong(beside) || !LEFT_TO_ANOTHER.includes(check));
  return [...ours, ...slack, ...whileWorking, ...account, known];
}

/** What does not come while another deployment does it. */
const LEFT_TO_ANOTHER: Check[] = ['accounts', 'sweep', 'summary', 'waiting'];

/** What Slack alone tells, be it before anything is deployed. */
export function slackFindings(
  ports: Pick<Ports, 'installation' | 'now'>,
  record: Pick<HealthRecord, 'refused'> = {},
): Promise<Finding[]> {
  return Promise.all([
    orUnknown('slackApp', slackApp(ports)),
    orUnknown('adminChannel', adminChannel(record, ports)),
    orUnknown('admins', admins(ports)),
  ]);
}

function modeFinding({ accounts, policy }: Ports): Finding {
  const live = accounts.filter((account) => policy(account).mode === 'live');
  return { check: 'mode', state: 'fine', names: live, count: accounts.length };
}

/** A tick comes every 15 minutes at the latest, and tells of it again. */
const SETTINGS_COUNT = HOUR / 2;

function settingsFinding({ settings }: HealthRecord, { now }: Ports): Finding {
  return settings && now() - settings.at < SETTINGS_COUNT
    ? badSettings(settings)
    : { check: 'settings', state: 'fine' };
}

export function badSettings({ functionName, problems }: Omit<BadSettings, 'at'>): Finding {
  return { check: 'settings', state: 'wrong', names: problems, code: functionName };
}

async function slackApp({ installation }: Pick<Ports, 'installation'>): Promise<Found> {
  const { missingScopes, cannot } = await installation.app();
  if (cannot) return { state: 'wrong', code: cannot };
  return missingScopes.length > 0 ? { state: 'wrong', names: missingScopes } : { state: 'fine' };
}

/** Slack tells whether keyrotate is there; whether it may write there shows when it does. */
async function adminChannel(
  { refused }: Pick<HealthRecord, 'refused'>,
  { installation, now }: Pick<Ports, 'installation' | 'now'>,
): Promise<Found> {
  const { id, cannot } = await installation.adminChannel();
  if (cannot) return { state: 'wrong', names: [id], code: cannot };
  if (refused && now() - refused.at < REFUSAL_COUNTS)
    return { state: 'wrong', names: [id], code: refused.code, at: refused.at };
  return { state: 'fine', names: [id] };
}

async function admins({ installation }: Pick<Ports, 'installation'>): Promise<Found> {
  const { able, unable, noGroup } = await installation.admins();
  if (noGroup) return { state: 'wrong', code: noGroup, count: able.length };
  return {
    state: able.length === 0 || unable.length > 0 ? 'wrong' : 'fine',
    names: unable,
    count: able.length,
  };
}

/** `code`: what AWS said of the first of them. */
async function accountsShut(refused: Promise<RefusedSweep[]>, ports: Ports): Promise<Found> {
  const shut = await refused;
  const [first] = shut;
  const names = shut.map(({ account }) => account);
  if (!first) return { state: 'fine', count: ports.accounts.length };
  return { state: 'wrong', names, code: `${first.operation}: ${first.code}` };
}

async function refusedSweeps(latest: Latest, ports: Ports): Promise<RefusedSweep[]> {
  const refused = await Promise.all(
    ports.accounts.map((account, nth) => refusedSince(account, latest[nth], ports.records)),
  );
  return refused.filter((one) => one !== undefined);
}

/** Where AWS refused it, that is told instead. */
async function sweep(
  record: HealthRecord,
  sweeps: Promise<Latest>,
  refused: Promise<RefusedSweep[]>,
  ports: Ports,
): Promise<Found> {
  const shut = new Set((await refused).map(({ account }) => account));
  const late = (await lateAccounts(record, ports)).filter(({ account }) => !shut.has(account));
  const latest = Math.max(0, ...(await sweeps).map((one) => one?.sweptAt ?? 0));
  if (late.length > 0) return { state: 'wrong', names: late.map(({ account }) => account), at: oldest(late) };
  return latest > 0 ? { state: 'fine', at: latest } : { state: 'unknown' };
}

function oldest(late: readonly Late[]): Instant {
  return Math.min(...late.map(({ due }) => due));
}

/** By account, in the order of `accounts`. */
type Latest = (SweepFigures | undefined)[];

function latestSweeps({ accounts, records }: Ports): Promise<Latest> {
  return Promise.all(accounts.map((account) => records.latestSweep(account)));
}

async function protectedBySweeps(latest: Promise<Latest>): Promise<Found> {
  return protectedUsers((await latest).map((figures) => figures?.protectedUsers));
}

async function summary(record: HealthRecord, ports: Ports): Promise<Found> {
  const late = await lateSummary(record, ports);
  if (late) return { state: 'wrong', at: late.due };
  const latest = await ports.records.latestSummary();
  return latest ? { state: 'fine', at: latest.at } : { state: 'unknown' };
}

async function waiting({ stuckAt = 0 }: HealthRecord, { accounts, users, now }: Ports): Promise<Found> {
  let count = now() - stuckAt < STUCK_COUNTS ? 1 : 0;
  for await (const { account } of users.dueBy(now() - WAITS_TOO_LONG)) {
    if (accounts.includes(account)) count += 1;
    if (count === MOST_COUNTED) break;
  }
  return { state: count > 0 ? 'wrong' : 'fine', count };
}

async function deadLetters({ deadLetters: letters }: Ports): Promise<Found> {
  const count = await letters.count();
  return { state: count > 0 ? 'wrong' : 'fine', count };
}
