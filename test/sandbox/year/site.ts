// One site of the year: its part of the organisation, lived day by day in a process of its own.
import { DAY, HOUR, MINUTE } from '../clock.ts';
import { passTime, run } from '../play/play.ts';
import { adminsHear } from './admin-channel.ts';
import { actsOnTheDay, adminsDay, asksForAll, assignsUnowned } from './habits.ts';
import { somethingHappens } from './outside.ts';
import { type Fared, reportOn, type Told } from './report.ts';
import { applicationsWork, foundYear, type Site, type Year } from './year-world.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export interface SiteReport {
  notifications: number;
  /** How many of them each owner got. */
  toOwners: number[];
  breaches: string[];
  habits: Fared[];
  /** How often people pressed for each rotation that they finished. */
  finishedWith: number[];
}

async function live(site: Site, days: number): Promise<SiteReport> {
  const year = await foundYear(site);
  const told: Told = { asked: [], outages: [], admins: { silences: new Map(), breaches: [], readUntil: '' } };
  for (let day = 0; day < days; day += 1) await liveDay(year, told, day);
  await asksForAll(year);
  const report = reportOn(year, told);
  await year.sandbox.close();
  return report;
}

/** A sweep in the night, ticks by day; people in Europe act in the morning, people in America in the afternoon. */
async function liveDay(year: Year, told: Told, day: number): Promise<void> {
  const { sandbox } = year;
  sandbox.forget();
  const at = (hour: number) => year.startedAt + day * DAY + hour * HOUR;
  const until = (hour: number) => passTime(sandbox, Math.max(0, at(hour) - sandbox.clock.now()));
  sandbox.clock.advance(Math.max(0, at(3) - sandbox.clock.now()));
  await run(sandbox, 'sweep');
  await until(3.4);
  await adminsHear(year, told.admins);
  told.outages.push(...applicationsWork(year).map((application) => ({ ...application, day })));
  if (day % 7 > 4) return;
  somethingHappens(year);
  await until(9.5);
  await act(year, told, day, (zone) => zone.startsWith('Europe'));
  await adminsDay(year);
  await until(14.5);
  await act(year, told, day, (zone) => zone.startsWith('America'));
  if (day % 7 !== 4) return;
  sandbox.clock.advance(20 * MINUTE);
  await run(sandbox, 'summary');
  await assignsUnowned(year);
}

async function act(year: Year, told: Told, day: number, isHere: (zone: string) => boolean): Promise<void> {
  const { workspace } = year.sandbox.slack;
  for (const owner of year.owners) {
    if (!isHere(workspace.members.get(owner.slackId)?.tz ?? '')) continue;
    const from = workspace.lastTs;
    await actsOnTheDay(year, owner, day);
    // What comes because somebody pressed is an answer, not a message that was sent to them.
    told.asked.push({ to: owner.slackId, from, until: workspace.lastTs });
  }
}

const [nth = 0, of = 1, users = 60, days = 364, seed = 2027] = process.argv.slice(2).map(Number);
live({ nth, of, users, seed }, days).then(
  (report) => process.send?.(report),
  (error: Error) => {
    process.stderr.write(`year: ${error.stack}\n`);
    process.exit(1);
  },
);
