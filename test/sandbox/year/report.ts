// What came of the year: which promises were not kept, and how each habit fared.

import { DAY } from '../clock.ts';
import { postedAt } from '../play/notifications.ts';
import { keysOf } from '../play/play.ts';
import { inbox } from '../servers/slack/conversations.ts';
import { plainText } from '../servers/slack/transcript.ts';
import type { Message } from '../servers/slack/workspace.ts';
import { type AdminsHeard, heardTooRarely } from './admin-channel.ts';
import type { SiteReport } from './site.ts';
import type { Application, Habit, Year } from './year-world.ts';

const MAX_AGE = 90 * DAY;

/** What was noted on the way. */
export interface Told {
  /** Messages between these moments answered what the person had pressed. */
  asked: { to: string; from: string; until: string }[];
  outages: (Application & { day: number })[];
  admins: AdminsHeard;
}

interface Ring {
  to: string;
  ts: string;
  at: number;
}

/** How the owners of one habit fared. */
export interface Fared {
  habit: Habit;
  owners: number;
  users: number;
  /** Active keys at the end, and those of them within policy. */
  keys: number;
  young: number;
  /** Days on which an application of theirs could not work. */
  outages: number;
}

export function reportOn(year: Year, told: Told): SiteReport {
  const rings = unasked(year, told);
  const { admins } = told;
  const stuck = [...admins.breaches, ...heardTooRarely(year, admins)];
  const deleted = year.deletedWhileOn.map((id) => `…${id.slice(-4)} was deleted while it was on`);
  return {
    notifications: rings.length,
    toOwners: year.owners.map(({ slackId }) => rings.filter(({ to }) => to === slackId).length),
    finishedWith: year.finishedWith,
    breaches: [...tooOften(year, rings), ...unaccounted(year), ...deleted, ...stuck],
    habits: HABITS.map((habit) => fared(habit, year, told)),
  };
}

const HABITS: readonly Habit[] = ['prompt', 'slow', 'wrong', 'absent', 'leaving', 'silent', 'migrating'];

/** Every message in a direct conversation that the person had not asked for. */
function unasked({ sandbox, sam }: Year, { asked }: Told): Ring[] {
  const { channels, bot } = sandbox.slack.workspace;
  const wasAsked = ({ to, ts }: Ring) =>
    asked.some((one) => one.to === to && ts > one.from && ts <= one.until);
  return [...channels.values()]
    .flatMap(({ im: to, messages }) =>
      to === undefined || to === sam
        ? []
        : messages
            .filter(({ user, ephemeralTo }) => user === bot.userId && !ephemeralTo)
            .map((message) => ({ to, ts: message.ts, at: postedAt(message) })),
    )
    .filter((ring) => !wasAsked(ring));
}

function tooOften({ sandbox }: Year, rings: readonly Ring[]): string[] {
  const days = new Map<string, number>();
  const found: string[] = [];
  for (const { to, at } of rings) {
    const member = sandbox.slack.workspace.members.get(to);
    const when = new Intl.DateTimeFormat('en-CA', {
      timeZone: member?.tz ?? 'UTC',
      ...{ weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    }).format(at);
    const key = `${member?.name} on ${when}`;
    days.set(key, (days.get(key) ?? 0) + 1);
    if (/Sat|Sun/.test(when)) found.push(`a message on a weekend: ${key}`);
  }
  for (const [key, count] of days) if (count > 1) found.push(`${count} messages in a day: ${key}`);
  return found;
}

/** A key past its age is in the table of the summary that the admin asked for in the end. */
function unaccounted({ sandbox, applications, sam }: Year): string[] {
  const text = inbox(sandbox.slack.workspace, sam).map(wordsOf).join('\n');
  return applications.flatMap(({ userName }) => {
    const old = keysOf(sandbox, userName).filter(
      ({ status, createdAt }) => status === 'Active' && sandbox.clock.now() - createdAt > MAX_AGE,
    );
    const isListed = new RegExp(`\\b${userName}\\b`).test(text);
    return old.length > 0 && !isListed ? [`${userName} has a key past its age and is on no list`] : [];
  });
}

function wordsOf(message: Message): string {
  return `${plainText(message)}\n${JSON.stringify(message.blocks)}`;
}

function fared(habit: Habit, { sandbox, owners, applications }: Year, { outages }: Told): Fared {
  const theirs = applications.filter((one) => one.habit === habit);
  const names = new Set(theirs.map(({ userName }) => userName));
  const keys = theirs
    .flatMap(({ userName }) => keysOf(sandbox, userName))
    .filter(({ status }) => status === 'Active');
  return {
    habit,
    owners: owners.filter((one) => one.habit === habit).length,
    users: theirs.length,
    keys: keys.length,
    young: keys.filter(({ createdAt }) => sandbox.clock.now() - createdAt <= MAX_AGE).length,
    outages: outages.filter(({ userName }) => names.has(userName)).length,
  };
}
