// Slack's date tokens, read in a person's time zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting

export interface Reading {
  /** The reader's IANA time zone. */
  tz: string;
  /** Epoch milliseconds. */
  now: number;
}

const HALF_A_YEAR_MS = 182 * 24 * 3600 * 1000;

/** Replaces every token in `pattern`; clocks have 24 hours. */
export function formatDate(pattern: string, epochSeconds: number, reading: Reading): string {
  const at = epochSeconds * 1000;
  const text = pattern.replace(/\{(\w+)\}/g, (token, name: string) => {
    const format = Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined;
    return format ? format(at, reading) : token;
  });
  // Slack starts a date with a capital, wherever it stands (metacpan.org, Slack::BlockKit::Block::RichText::Date).
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Format = (at: number, reading: Reading) => string;

const date: Format = (at, reading) => {
  const { month, day } = parts(at, reading.tz, { month: 'long', day: 'numeric' });
  return `${month} ${ordinal(Number(day))}${year(at, reading)}`;
};

const dateShort: Format = (at, reading) => {
  const { month, day } = parts(at, reading.tz, { month: 'short', day: 'numeric' });
  return `${month} ${day}${year(at, reading)}`;
};

const dateLong: Format = (at, reading) =>
  `${parts(at, reading.tz, { weekday: 'long' }).weekday}, ${date(at, reading)}`;

const time: Format = (at, { tz }) => {
  const { hour, minute } = parts(at, tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return `${hour}:${minute}`;
};

/** Those that the app uses; what is no token of Slack's is shown as it stands. */
const TOKENS: Record<string, Format> = { date_short: dateShort, date_long: dateLong, time, ago };

/** Omitted within six months. */
function year(at: number, { tz, now }: Reading): string {
  return Math.abs(at - now) < HALF_A_YEAR_MS ? '' : `, ${parts(at, tz, { year: 'numeric' }).year}`;
}

function ago(at: number, { now }: Reading): string {
  const seconds = Math.abs(now - at) / 1000;
  const units: [string, number][] = [
    ['year', 365 * 86_400],
    ['month', 30 * 86_400],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [name, length] = units.find(([, unit]) => seconds >= unit) ?? ['second', 1];
  // Nothing is 0 seconds ago.
  const count = Math.max(1, Math.floor(seconds / length));
  const span = `${count} ${name}${count === 1 ? '' : 's'}`;
  return at > now ? `in ${span}` : `${span} ago`;
}

/** Seconds east of UTC at that moment. */
export function offsetOf(tz: string, at: number): number {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const;
  const there = parts(at, tz, { ...numeric, minute: 'numeric', second: 'numeric', hourCycle: 'h23' });
  const [years, month, ...rest] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map((name) =>
    Number(there[name]),
  );
  return Date.UTC(years ?? 0, (month ?? 0) - 1, ...rest) / 1000 - Math.floor(at / 1000);
}

function ordinal(day: number): string {
  const endings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
  return day + (endings[new Intl.PluralRules('en', { type: 'ordinal' }).select(day)] ?? 'th');
}

function parts(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): Record<string, string> {
  const wanted = JSON.stringify({ timeZone, ...options });
  const format = formats.get(wanted) ?? new Intl.DateTimeFormat('en-US', { timeZone, ...options });
  formats.set(wanted, format);
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** Making one takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
