// Seventy IAM users, and twenty-nine owners with habits of their own, on a whole local Slack and AWS.
import { DAY, HOUR } from '../clock.ts';
import { type SeededUser, seedIam } from '../organisation.ts';
import { startSandbox } from '../sandbox.ts';
import { addMember } from '../servers/slack/workspace.ts';
import { type Chance, chance } from './chance.ts';

/** `absent`: admins act for them; `silent`: nobody does. `migrating`: weeks pass between a new key and its use. */
export type Habit = 'prompt' | 'slow' | 'wrong' | 'absent' | 'leaving' | 'silent' | 'migrating';

export interface YearOwner {
  slackId: string;
  first: string;
  habit: Habit;
  /** The day, counted from the first, on which they leave. */
  leavesOn?: number;
}

/** An application, and the key it works with. */
export interface Application {
  userName: string;
  keyId: string;
  /** Its owner's, as the year began. */
  habit: Habit | undefined;
  /** Every so many days it does something: daily jobs, and a few weekly ones. */
  every: number;
}

export type Year = Awaited<ReturnType<typeof foundYear>>;

const HABITS: readonly Habit[] = [
  ...Array.from({ length: 10 }, () => 'prompt' as const),
  ...Array.from({ length: 6 }, () => 'slow' as const),
  ...Array.from({ length: 4 }, () => 'wrong' as const),
  ...Array.from({ length: 3 }, () => 'absent' as const),
  ...Array.from({ length: 2 }, () => 'leaving' as const),
  ...Array.from({ length: 2 }, () => 'silent' as const),
  ...Array.from({ length: 2 }, () => 'migrating' as const),
];
const ZONES = ['Europe/Madrid', 'Europe/London', 'Europe/Berlin', 'America/New_York'];

/** A Monday. */
const START = new Date('2027-01-04T00:00:00Z');

/** One of several sites: each has its share of the owners and of the users. */
export interface Site {
  nth: number;
  of: number;
  users: number;
  seed: number;
}

export async function foundYear({ nth: site, of, users, seed }: Site) {
  const luck = chance(seed + site);
  const sandbox = await startSandbox({ start: START, seed: 'nobody', params: { MAX_NEW_PER_DAY: '10' } });
  const { workspace } = sandbox.slack;
  const habits = HABITS.filter((_, nth) => nth % of === site);
  const owners = habits.map((habit, nth): YearOwner => {
    const first = `${habit}-${site}${nth}`;
    const tz = ZONES[nth % ZONES.length] ?? 'UTC';
    const member = { name: first, real_name: `${first} Owner`, email: `${first}@example.com`, tz };
    const { id } = addMember(workspace, member);
    return { slackId: id, first, habit, ...(habit === 'leaving' && { leavesOn: 16 + 90 * site }) };
  });
  const seeded = Array.from({ length: users }, (_, nth) =>
    seededUser(nth, owners[nth % owners.length], luck),
  );
  if (site === 0) seeded.push(...tenOf(owners.find(({ habit }) => habit === 'leaving')));
  seedIam(sandbox.aws.iam, sandbox.clock, seeded, sandbox.organisation.region);
  const applications = seeded.map(({ name }, nth): Application => {
    const keys =
      sandbox.aws.iam.state.users.get(name)?.keys.filter(({ status }) => status === 'Active') ?? [];
    const newest = [...keys].sort((a, b) => b.createdAt - a.createdAt)[0];
    const habit = nth < users ? owners[nth % owners.length]?.habit : 'leaving';
    return { userName: name, habit, keyId: newest?.id ?? '', every: luck.percent(15) ? 7 : 1 };
  });
  const deletedWhileOn = watchDeletions(sandbox);
  return {
    sandbox,
    owners,
    applications,
    luck,
    startedAt: START.getTime(),
    deletedWhileOn,
    /** When somebody last pressed "Check again" about an IAM user. */
    checkedOn: new Map<string, number>(),
    /** How often somebody has pressed about each IAM user since its last rotation was finished, and how often for each that was. */
    pressed: new Map<string, number>(),
    finishedWith: [] as number[],
    sam: sandbox.organisation.people.sam,
  };
}

/**
 * AWS deletes an active key without a word. keyrotate may do so to keys that it made itself, and to no other; their ids
 * are collected here.
 */
function watchDeletions({ aws }: Awaited<ReturnType<typeof startSandbox>>): string[] {
  const found: string[] = [];
  aws.wire.interfere(({ service, action, input }) => {
    if (service !== 'iam' || action !== 'DeleteAccessKey') return undefined;
    const { UserName, AccessKeyId } = input;
    const key = aws.iam.state.users
      .get(String(UserName).toLowerCase())
      ?.keys.find(({ id }) => id === AccessKeyId);
    // What was not made by a call was made in the console.
    const isOwn = aws.iam.state.trail.some(
      ({ change, keyId, call }) => change === 'created' && keyId === AccessKeyId && call !== undefined,
    );
    if (key?.status === 'Active' && !isOwn) found.push(key.id);
    return undefined;
  });
  return found;
}

/** All of them old, so that their owner leaves in the middle of ten rotations. */
function tenOf(owner: YearOwner | undefined): SeededUser[] {
  return Array.from({ length: 10 }, (_, nth) => ({
    name: `team-${nth}`,
    tags: { 'keyrotate:owner': `${owner?.first}@example.com` },
    keys: [{ age: 100 + nth, usedHoursAgo: 5 }],
  }));
}

/** Most have one key of any age; some have two, half of them somebody else's business; a few name nobody. */
function seededUser(nth: number, owner: YearOwner | undefined, luck: Chance): SeededUser {
  const age = luck.below(8) === 0 ? 100 + luck.below(300) : luck.below(100);
  const tags: Record<string, string> =
    nth % 20 === 19 || !owner ? {} : { 'keyrotate:owner': `${owner.first}@example.com` };
  const key = { age, usedHoursAgo: 5 };
  if (nth % 12 === 5)
    return {
      name: `app-${nth}`,
      tags,
      keys: [
        { ...key, age: age + 60 },
        { age, usedHoursAgo: 3 },
      ],
    };
  if (nth % 12 === 8)
    return { name: `app-${nth}`, tags, keys: [key, { age: age + 200, status: 'Inactive' }] };
  return { name: `app-${nth}`, tags, keys: [key] };
}

/** Each application does its work. Those whose key is refused cannot: that is what owners notice. */
export function applicationsWork({ sandbox, applications, startedAt }: Year): Application[] {
  const { clock, aws, organisation } = sandbox;
  const day = Math.floor((clock.now() - startedAt) / DAY);
  const broken: Application[] = [];
  applications.forEach((application, nth) => {
    if ((day + nth) % application.every !== 0) return;
    const key = aws.iam.state.users
      .get(application.userName)
      ?.keys.find(({ id }) => id === application.keyId);
    if (key?.status !== 'Active') broken.push(application);
    else key.lastUsed = { at: clock.now() - HOUR, service: 's3', region: organisation.region };
  });
  return broken;
}

/** Finds the name of an owner or of an IAM user in a message, and no longer name that begins or ends with it. */
export function named(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
}
