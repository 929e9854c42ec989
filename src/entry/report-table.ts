// The report of an account for people, for a spreadsheet, and for a program.

import { csvLine } from '../adapters/csv.ts';
import type { Forecast, Plan, Rules } from '../domain/forecast.ts';
import { DAY, type Instant, wholeDays } from '../domain/time.ts';

export interface AccountReport {
  /** undefined where it has no IAM user. */
  account: string | undefined;
  at: Instant;
  rules: Rules;
  rows: Forecast[];
  rootKeys: number;
  unreadable: number;
}

const PLANS: Record<Plan, (at: string) => string> = {
  waits: (at) => `nothing before ${at}`,
  replace: () => 'ask the owner to replace it',
  chooseOne: () => 'ask the owner which of two keys goes',
  findOwner: () => 'ask admins whose it is',
  optedOut: (at) => `nothing until ${at}: opted out by its tag`,
  protected: () => 'nothing: protected',
  off: () => 'nothing: it is off',
};

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** One key in words, by column. */
function cells(row: Forecast, now: Instant): Record<string, string> {
  const { userName, path, active, lastRotated, lastUsed, named, due, plan, at } = row;
  return {
    'IAM user': `${path.slice(1)}${userName}`,
    key: active ? 'on' : 'off',
    age: String(wholeDays(lastRotated, now)),
    'last used': lastUsed === undefined ? 'never' : dayOf(lastUsed),
    owner: named.length === 1 ? (named[0] ?? '') : named.length > 1 ? `${named.length} are named` : '',
    due: dayOf(due),
    'what keyrotate would do': PLANS[plan](at === undefined ? '' : dayOf(at)),
  };
}

/** Columns as wide as they must be, the figures that matter above. */
export function asTable(report: AccountReport): string {
  const { rows, at, account, rootKeys, unreadable, rules } = report;
  const table = rows.map((row) => cells(row, at));
  const columns = Object.keys(table[0] ?? {});
  const width = (column: string) => Math.max(column.length, ...table.map((row) => row[column]?.length ?? 0));
  const line = (values: (column: string) => string) =>
    columns
      .map((column) => values(column).padEnd(width(column)))
      .join('  ')
      .trimEnd();
  const on = rows.filter(({ active }) => active);
  const young = on.filter(({ lastRotated }) => at - lastRotated < rules.policy.maxKeyAgeDays * DAY);
  const notes = [
    ...(rootKeys > 0
      ? [
          `The root user has ${rootKeys} access key(s) that are on: nobody can rotate them for you, delete them.`,
        ]
      : []),
    ...(unreadable > 0 ? [`${unreadable} row(s) of the credential report could not be read.`] : []),
  ];
  return [
    `Account ${account ?? '(no IAM user)'}: ${young.length} of ${on.length} keys that are on are younger than ${rules.policy.maxKeyAgeDays} days.`,
    ...notes,
    '',
    ...(columns.length > 0
      ? [line((column) => column), ...table.map((row) => line((column) => row[column] ?? ''))]
      : ['There are no access keys.']),
    '',
    'Ages count from when AWS last changed the key. Owners are as tags and names have it; Slack was not asked.',
    '',
  ].join('\n');
}

export function asCsv({ rows, at }: AccountReport): string {
  const table = rows.map((row) => cells(row, at));
  const columns = ['IAM user', 'key', 'age', 'last used', 'owner', 'due', 'what keyrotate would do'];
  const lines = [columns, ...table.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map(csvLine).join('');
}

export function asJson({ account, at, rows, rootKeys, unreadable, rules }: AccountReport): string {
  const iso = (moment: Instant | undefined) => (moment === undefined ? null : new Date(moment).toISOString());
  const keys = rows.map(({ userName, path, active, lastRotated, lastUsed, named, due, plan, at: from }) => ({
    ...{ userName, path, active, named, plan },
    ...{ lastRotated: iso(lastRotated), lastUsed: iso(lastUsed), due: iso(due), at: iso(from) },
  }));
  const { maxKeyAgeDays } = rules.policy;
  return `${JSON.stringify({ account, at: iso(at), maxKeyAgeDays, rootKeys, unreadable, keys }, undefined, 2)}\n`;
}
