// What was measured, as numbers for programs and as a table for people.
import { PARTS, type Part } from './arguments.ts';

/** The fields of the last line, which others read: their names and their order are kept. */
export const FIELDS = {
  sweep: [
    ...(['users', 'due', 'open', 'iamCalls', 'iamCallsOpen', 'peerIamCalls'] as const),
    ...(['wallRatioCold', 'writesOpen'] as const),
  ],
  resweep: ['iamCalls', 'slackCalls', 'writes'],
  rotate: ['calls', 'ms'],
  list: ['calls'],
  reminders: ['owners', 'lost', 'twice', 'timeRatio', 'iamCalls', 'clickP99Ms'],
  ack: ['p50Ms', 'p99Ms'],
  cold: ['ratioToMinimal', 'firstPressMs'],
  bundle: ['slackBytes', 'slackZipBytes', 'workerBytes'],
  summary: ['open', 'peakMb', 'seconds'],
  cost: ['usd'],
  accounts: ['accounts', 'users', 'hours', 'peakMb'],
} as const satisfies Record<Part, readonly string[]>;

type Figures = Partial<Record<string, number | null>>;

export interface Line {
  what: string;
  measured: string;
  aim: string;
  /** undefined where nothing is aimed at. */
  isMet?: boolean;
}

/** Of one part. */
export interface Measured<P extends Part = Part> {
  figures: { [Q in P]: Record<(typeof FIELDS)[Q][number], number | null> }[P];
  lines: Line[];
}

/** `most`: the aim, which is met at that value, too. */
export function line(
  what: string,
  value: number,
  { unit = '', most }: { unit?: string; most?: number } = {},
) {
  const shown = (number: number) => `${rounded(number)}${unit && ` ${unit}`}`;
  const met = most === undefined ? {} : { isMet: value <= most };
  const told: Line = {
    what,
    measured: shown(value),
    aim: most === undefined ? '' : `≤ ${shown(most)}`,
    ...met,
  };
  return told;
}

/** A part of which nothing could be measured, and why. */
export function unmeasured<P extends Part>(part: P, why: string): Measured<P> {
  const nothing = FIELDS[part].map((field) => [field, null]);
  const figures = Object.fromEntries(nothing) as Measured<P>['figures'];
  return { figures, lines: [{ what: why, measured: '—', aim: '' }] };
}

/** Throws for no numbers at all. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The smallest of the numbers that so large a share of them does not exceed; of an even number's middle two, the mean. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = sorted.length * share;
  const here = sorted[Math.max(0, Math.ceil(at) - 1)];
  const next = sorted[at];
  if (here === undefined) throw new Error('nothing was measured');
  return share === 0.5 && next !== undefined ? (here + next) / 2 : here;
}

/** Three figures say enough, and whole numbers are told whole. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}

/** As Markdown, which people can read as it is. */
export function table(measured: Partial<Record<Part, Measured>>): string {
  const rows = Object.entries(measured).flatMap(([part, { lines }]) =>
    lines.map(({ what, measured: value, aim, isMet }) => [part, what, value, aim, verdict(isMet)]),
  );
  const all = [['part', 'what', 'measured', 'aim', 'met'], ...rows];
  const widths = all[0]?.map((_, at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0))) ?? [];
  const drawn = all.map(
    (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  );
  const [head = '', ...body] = drawn;
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

function verdict(isMet: boolean | undefined): string {
  if (isMet === undefined) return '';
  return isMet ? 'yes' : 'no';
}

/** All parts, in their order; null stands for whatever was not measured. */
export function asJson(measured: Partial<Record<Part, Measured>>): string {
  const all = PARTS.map((part) => {
    const figures: Figures = measured[part]?.figures ?? {};
    return [part, Object.fromEntries(FIELDS[part].map((field) => [field, precise(figures[field] ?? null)]))];
  });
  return JSON.stringify(Object.fromEntries(all));
}

function precise(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
