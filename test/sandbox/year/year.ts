// npm run year: a year in the life of an organisation, day by day on the local Slack and AWS, and what came of it.
import { DAY, HOUR, MINUTE } from '../clock.ts';
import { passTime, run } from '../play.ts';
import { somethingHappens } from './outside.ts';
import { actsOnTheDay, adminsDay, assignsUnowned } from './people.ts';
import { breaches, howItWent, type Told } from './report.ts';
import { applicationsWork, foundYear, type Year } from './world.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const DAYS = Number(process.argv[2] ?? 364);
const USERS = 60;
const SEED = Number(process.argv[3] ?? 2027);

async function live(): Promise<number> {
  const year = await foundYear({ users: USERS, seed: SEED });
  const told: Told = { asked: [], outages: [] };
  for (let day = 0; day < DAYS; day += 1) await liveDay(year, told, day);
  await run(year.sandbox, 'summary');
  const found = await breaches(year, told);
  for (const line of howItWent(year, told)) process.stdout.write(`${line}\n`);
  for (const breach of found) process.stdout.write(`breach: ${breach}\n`);
  process.stdout.write(
    `year: ${DAYS} days, ${USERS} users, ${told.notifications ?? 0} notifications, ${found.length} breaches\n`,
  );
  await year.sandbox.close();
  return found.length;
}

/** A sweep in the night, ticks by day; people in Europe act in the morning, people in America in the afternoon. */
async function liveDay(year: Year, told: Told, day: number): Promise<void> {
  const { sandbox } = year;
  const until = async (hour: number) => {
    const at = year.startedAt + day * DAY + hour * HOUR;
    await passTime(sandbox, Math.max(0, at - sandbox.clock.now()));
  };
  sandbox.clock.advance(Math.max(0, year.startedAt + day * DAY + 3 * HOUR - sandbox.clock.now()));
  await run(sandbox, 'sweep');
  await until(3 + 20 / 60);
  for (const broken of applicationsWork(year)) told.outages.push({ ...broken, day });
  if (day % 7 > 4) return;
  somethingHappens(year);
  await until(9.5);
  await act(year, told, day, (zone) => zone.startsWith('Europe'));
  await adminsDay(year);
  await until(14.5);
  await act(year, told, day, (zone) => zone.startsWith('America'));
  sandbox.clock.advance(20 * MINUTE);
  await run(sandbox, 'tick');
  if (day % 7 !== 4) return;
  await run(sandbox, 'summary');
  await assignsUnowned(year);
}

async function act(year: Year, told: Told, day: number, isHere: (zone: string) => boolean): Promise<void> {
  for (const owner of year.owners) {
    if (!isHere(year.sandbox.slack.workspace.members.get(owner.slackId)?.tz ?? '')) continue;
    const from = year.sandbox.slack.workspace.lastTs;
    await actsOnTheDay(year, owner, day);
    // What comes because somebody pressed is an answer, not a message that was sent to them.
    told.asked.push({ to: owner.slackId, from, until: year.sandbox.slack.workspace.lastTs });
  }
}

live().then(
  (count) => {
    process.exitCode = count === 0 ? 0 : 1;
  },
  (error: Error) => {
    process.stderr.write(`year: ${error.stack}\n`);
    process.exit(1);
  },
);
