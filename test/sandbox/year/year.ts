// npm run year: a year in the life of an organisation, day by day on the local Slack and AWS, and what came of it.
import { fork } from 'node:child_process';
import type { Fared } from './report.ts';
import type { SiteReport } from './site.ts';

const [days = 364, seed = 2027] = process.argv.slice(2).map(Number);
const USERS = 60;
/** The median of a rotation that is finished, forms filled in included. */
const MOST_PRESSES = 5;
/** Of one more owner, who leaves with all of them. */
const TEN = 10;
/** Each lives in a process of its own, to make use of two cores. */
const SITES = 2;

function live(site: number): Promise<SiteReport> {
  const path = new URL('./site.ts', import.meta.url).pathname;
  // Most of what is made lives for one call: a larger nursery spares time.
  const execArgv = [...process.execArgv, '--max-semi-space-size=64'];
  const child = fork(path, [site, SITES, USERS / SITES, days, seed].map(String), { execArgv });
  return new Promise((resolve, reject) => {
    child.on('message', (report) => resolve(report as SiteReport));
    child.on('exit', (code) => reject(new Error(`site ${site} ended with ${code} and no report`)));
  });
}

function line({ habit, owners, users, keys, young, outages }: Fared): string {
  return `${habit.padEnd(8)} ${owners} owners, ${users} IAM users: ${young} of ${keys} keys within policy, ${outages} days on which an application could not work`;
}

function together(sites: readonly SiteReport[]): Fared[] {
  const [first] = sites;
  return (first?.habits ?? []).map(({ habit }) => {
    const all = sites.flatMap(({ habits }) => habits.filter((one) => one.habit === habit));
    const sum = (of: 'owners' | 'users' | 'keys' | 'young' | 'outages') =>
      all.reduce((total, one) => total + one[of], 0);
    return {
      habit,
      owners: sum('owners'),
      users: sum('users'),
      keys: sum('keys'),
      young: sum('young'),
      outages: sum('outages'),
    };
  });
}

const sites = await Promise.all(Array.from({ length: SITES }, (_, site) => live(site)));
const finishedWith = sites.flatMap((site) => site.finishedWith).sort((a, b) => a - b);
const median = finishedWith[Math.floor(finishedWith.length / 2)] ?? 0;
const breaches = sites.flatMap((site) => site.breaches);
if (median > MOST_PRESSES)
  breaches.push(`a rotation takes ${median} presses, and ${MOST_PRESSES} are enough`);
const notifications = sites.reduce((sum, site) => sum + site.notifications, 0);
for (const fared of together(sites)) console.log(line(fared));
console.log(`${finishedWith.length} rotations finished by hand, with ${median} presses in the median`);
const aYear = sites.flatMap(({ toOwners }) => toOwners).map((messages) => (messages * 365) / days);
const mean = aYear.reduce((sum, messages) => sum + messages, 0) / aYear.length;
console.log(
  `an owner gets ${mean.toFixed(1)} messages a year unasked in the mean, and ${Math.round(Math.max(...aYear))} at worst`,
);
for (const breach of breaches) console.log(`breach: ${breach}`);
console.log(
  `year: ${days} days, ${USERS + TEN} users, ${notifications} notifications, ${breaches.length} breaches`,
);
process.exitCode = breaches.length === 0 ? 0 : 1;
