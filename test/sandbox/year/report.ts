// What came of the year: which promises were not kept, and how each habit fared.

import { DAY } from '../clock.ts';
import { keysOf } from '../play.ts';
import { plainText } from '../slack/transcript.ts';
import type { Message } from '../slack/workspace.ts';
import type { Application, Habit, Year } from './world.ts';

const MAX_AGE = 90 * DAY;

/** What was noted on the way. */
export interface Told {
  /** Messages between these moments answered what the person had pressed. */
  asked: { to: string; from: string; until: string }[];
  outages: (Application & { day: number })[];
  notifications?: number;
}

interface Ring {
  to: string;
  ts: string;
  at: number;
}

export async function breaches(year: Year, told: Told): Promise<string[]> {
  const rings = unasked(year, told);
  told.notifications = rings.length;
  return [...tooOften(year, rings), ...unaccounted(year), ...wronglyDeleted(year)];
}

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
            .map(({ ts }) => ({ to, ts, at: Number(ts.split('.')[0]) * 1000 })),
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

/** A key past its age is on the summary, with a reason. */
function unaccounted({ sandbox, applications }: Year): string[] {
  const posts = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel)?.messages ?? [];
  const summary = posts.findLast((message) => plainText(message).includes('Under way'));
  const text = summary ? wordsOf(summary) : '';
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

/** AWS deletes an active key without a word: the wire knows what state each had. */
function wronglyDeleted({ sandbox }: Year): string[] {
  const off = new Set<string>();
  const found: string[] = [];
  for (const { service, action, input, reply } of sandbox.aws.wire.calls) {
    if (service !== 'iam' || !reply || reply.status >= 400) continue;
    const id = String(input.AccessKeyId);
    if (action === 'UpdateAccessKey') input.Status === 'Inactive' ? off.add(id) : off.delete(id);
    if (action === 'DeleteAccessKey' && !off.has(id))
      found.push(`…${id.slice(-4)} was deleted and never turned off`);
  }
  return found;
}

/** In a few lines a person understands. */
export function howItWent({ sandbox, owners, applications }: Year, { outages }: Told): string[] {
  const habits: Habit[] = ['prompt', 'slow', 'wrong', 'absent', 'leaving'];
  const { now } = sandbox.clock;
  return habits.map((habit) => {
    const theirs = applications.filter((_, nth) => owners[nth % owners.length]?.habit === habit);
    const keys = theirs
      .flatMap(({ userName }) => keysOf(sandbox, userName))
      .filter(({ status }) => status === 'Active');
    const young = keys.filter(({ createdAt }) => now() - createdAt <= MAX_AGE);
    const down = outages.filter(({ userName }) => theirs.some((one) => one.userName === userName));
    return `${habit.padEnd(8)} ${owners.filter((one) => one.habit === habit).length} owners, ${theirs.length} users: ${young.length} of ${keys.length} keys within policy, ${down.length} days on which an application could not work`;
  });
}
