// Opting an IAM user out by a tag: only until a date, and on every summary until then.
import { DAY, type Instant } from './time.ts';

export type Exemption =
  | { kind: 'until'; until: Instant; why: string }
  /** The tag is there but names no date, or one too far away: it exempts from nothing. */
  | { kind: 'unclear'; text: string };

/** Nobody opts out for ever: a date further away than this does not count. */
const LONGEST = 366 * DAY;

const TAG = /^(\d{4}-\d{2}-\d{2})(?:\s+(.*))?$/;

/**
 * Reads `2027-01-31 vendor cannot rotate before the contract ends`; the day itself still counts.
 * undefined: no tag, or its date has passed.
 */
export function readExemption(tag: string | undefined, now: Instant): Exemption | undefined {
  if (tag === undefined) return undefined;
  const [, date = '', why = ''] = TAG.exec(tag.trim()) ?? [];
  const until = endOf(date);
  if (until === undefined || until - now > LONGEST) return { kind: 'unclear', text: tag };
  return until >= now ? { kind: 'until', until, why: why.trim() } : undefined;
}

/** undefined for what is no day, such as the 30th of February, which would count as a day in March. */
function endOf(date: string): Instant | undefined {
  const end = Date.parse(`${date}T23:59:59.999Z`);
  return !Number.isNaN(end) && new Date(end).toISOString().startsWith(date) ? end : undefined;
}
