// Slack's date tokens, read in a person's time zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting

export interface Reading {
  /** The reader's IANA time zone. */
  tz: string;
  /** Epoch milliseconds. */
  now: number;
}

const DAY_MS = 24 * 3600 * 1000;
const HALF_A_YEAR_MS = 182 * DAY_MS;

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

const dateNum: Format = (at, { tz }) => {
  const { year, month, day } = parts(at, tz, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return `${year}-${month}-${day}`;
};

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

const timeSecs: Format = (at, reading) => {
  const { second } = parts(at, reading.tz, { second: '2-digit' });
  return `${time(at, reading)}:${String(second).padStart(2, '0')}`;
};

const TOKENS: Record<string, Format> = {
  date_num: dateNum,
  date,
  date_short: dateShort,
  date_long: dateLong,
  date_pretty: pretty(date),
  date_short_pretty: pretty(dateShort),
  date_long_pretty: pretty(dateLong),
  time,
  time_secs: timeSecs,
  ago,
};

/** Omitted within six months. */
function year(at: number, { tz, now }: Reading): string {
  return Math.abs(at - now) < HALF_A_YEAR_MS ? '' : `, ${parts(at, tz, { year: 'numeric' }).year}`;
}

function pretty(format: Format): Format {
  return (at, reading) => {
    const days = (dayNumber(at, reading) - dayNumber(reading.now, reading)) as -1 | 0 | 1;
    return { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }[days] ?? format(at, reading);
  };
}

function dayNumber(at: number, reading: Reading): number {
  return Date.parse(dateNum(at, reading)) / DAY_MS;
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
  const count = Math.floor(seconds / length);
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
