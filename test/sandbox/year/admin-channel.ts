// What admins hear in their channel, day by day: of those who are silent again and again, of nobody who works, and of many at once.
import { DAY, HOUR } from '../clock.ts';
import { allItems } from '../play/items.ts';
import { postedAt } from '../play/notifications.ts';
import { pressables } from '../servers/slack/pressables.ts';
import { plainText } from '../servers/slack/transcript.ts';
import type { Message } from '../servers/slack/workspace.ts';
import { named, type Year, type YearOwner } from './year-world.ts';

/** Notes of what admins heard, and what was wrong with it. */
export interface AdminsHeard {
  /** By the id of a silent owner: when admins heard of them. */
  silences: Map<string, number[]>;
  breaches: string[];
  /** The newest message that was read. */
  readUntil: string;
}

const SILENCE =
  /not answer|has begun on \S+ and not gone on|has not deleted the old key|Nobody was (?:asked|told)|not asked yet/;
const LEFT = /needs another owner|owners? left/;
/** As the policy has it: days until admins hear, and the most days until they hear again. */
const ESCALATE = 7;
const LONGEST = 4 * ESCALATE;
/** Ticks do not come at every hour of the year, nor on each of its days. */
const SLACK = 4;
/** More posts of a kind in a day are not one message for many. */
const MOST_A_DAY = 4;

/** Reads what came since it was read last. */
export async function adminsHear(year: Year, heard: AdminsHeard): Promise<void> {
  const { sandbox } = year;
  const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
  const posts = messages.filter(({ ts, ephemeralTo }) => ts > heard.readUntil && !ephemeralTo);
  heard.readUntil = sandbox.slack.workspace.lastTs;
  for (const kind of [SILENCE, LEFT]) {
    const [first, ...more] = posts.filter((post) => kind.test(plainText(post)));
    if (first && more.length >= MOST_A_DAY)
      heard.breaches.push(`${more.length + 1} posts in a day: ${plainText(first)}`);
  }
  const told = posts.filter((post) => SILENCE.test(plainText(post)));
  const worked = told.length > 0 ? await lastWorkedOn(year) : new Map();
  for (const post of told) {
    heard.breaches.push(...wrongIn(post, worked));
    noteSilence(year, heard, post);
  }
}

function noteSilence({ owners }: Year, { silences }: AdminsHeard, post: Message): void {
  for (const { slackId, first } of owners)
    if (named(first).test(plainText(post)))
      silences.set(slackId, [...(silences.get(slackId) ?? []), postedAt(post)]);
}

/** What is settled by now says how, and has nothing to press. */
function wrongIn(post: Message, worked: ReadonlyMap<string, number>): string[] {
  const words = plainText(post);
  const isLive = !post.deleted && !/✅|:white_check_mark:|settled|told anew/.test(words);
  const inVain = isLive && pressables(post).length === 0 ? [`nothing to press: ${words}`] : [];
  // Who pressed at the very moment did so because of it.
  const isLater = (at: number) => postedAt(post) - at >= HOUR;
  // Silences are counted in days, UTC.
  const daysSince = (at: number) => Math.floor(postedAt(post) / DAY) - Math.floor(at / DAY);
  const wronged = [...worked]
    .filter(([name, at]) => isLater(at) && daysSince(at) < ESCALATE && named(name).test(ofTheSilent(words)))
    .map(([name]) => `${name} was worked on, and is called silent: ${words}`);
  return [...inVain, ...wronged];
}

/** The summary has others besides them: whose key is put off, say. */
function ofTheSilent(words: string): string {
  if (!/^Rotations:/m.test(words)) return words;
  return /^\d+ (?:person does|people do) not answer.*?(?=\n\[)/ms.exec(words)?.[0] ?? '';
}

/** Every silent owner with an old key was told of, and is told of again. */
export function heardTooRarely(year: Year, { silences }: AdminsHeard): string[] {
  const now = year.sandbox.clock.now();
  return year.owners
    .filter(({ habit }) => habit === 'silent')
    .flatMap((owner) => {
      const heard = silences.get(owner.slackId) ?? [];
      const moments = [firstWord(year, owner), ...heard];
      const late = [...moments.slice(1), now].some(
        (at, nth) => at - (moments[nth] ?? at) > (LONGEST + SLACK) * DAY,
      );
      return late ? [`${owner.first} is silent, and admins heard only ${heard.length} times of it`] : [];
    });
}

/** From the first word to them on; before it nobody can be silent. */
function firstWord({ sandbox, startedAt }: Year, { slackId }: YearOwner): number {
  const { messages = [] } =
    [...sandbox.slack.workspace.channels.values()].find(({ im }) => im === slackId) ?? {};
  const [first] = messages;
  return first ? postedAt(first) : Math.max(startedAt, sandbox.clock.now());
}

/** When somebody last did something about each IAM user, by the histories in the table. */
async function lastWorkedOn({ sandbox }: Year): Promise<Map<string, number>> {
  const items = await allItems(sandbox);
  const found = new Map<string, number>();
  for (const { pk, sk, rotation } of items) {
    if (!String(pk).startsWith('USER#') || sk !== 'CURRENT') continue;
    const { history = [] } = (rotation ?? {}) as { history?: Entry[] };
    const last = history.findLast(({ outcome, by }) => outcome === 'done' && by.kind === 'person');
    if (last) found.set(String(pk).split('#')[2] ?? '', Date.parse(last.at));
  }
  return found;
}

interface Entry {
  at: string;
  outcome: string;
  by: { kind: string };
}
