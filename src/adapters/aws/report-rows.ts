// Reads a credential report: columns by name, and each row on its own, so that a bad one spoils no other.
import { parse } from 'csv-parse/sync';
import * as z from 'zod/mini';
import type { Instant } from '../../domain/time.ts';
import type { ReadReport, ReportRow } from '../../usecases/ports.ts';

const REQUIRED = [
  'user',
  'arn',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_2_active',
  'access_key_2_last_rotated',
];

/** IAM User Guide, "Getting credential reports": what stands where there is no date. */
const NO_DATE = ['n/a', 'no_information', 'not_supported'];
const ROOT = '<root_account>';
const USER_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):user(\/(?:.*\/)?)([^/]+)$/;

const dateTime = z.iso.datetime({ offset: true });

type Cells = (column: string) => string;

/** Why a row cannot be read. */
class Unreadable extends Error {}

/** undefined: this is no credential report, its columns are missing. */
export function readReport(csv: string): ReadReport | undefined {
  // No cell can hold a line break: neither the names nor the paths of IAM may.
  const [head = '', ...lines] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = split(head)?.map((name) => name.trim().toLowerCase());
  if (!columns || !REQUIRED.every((column) => columns.includes(column))) return undefined;
  const report: ReadReport = { rows: [], rootKeys: [], unreadable: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      const cell = cellsOf(line, columns);
      if (cell('user') === ROOT) report.rootKeys.push(...keysIn(cell));
      else report.rows.push(readRow(cell));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      report.unreadable.push({ line: index + 2, why: error.message });
    }
  }
  return report;
}

function split(line: string): string[] | undefined {
  try {
    const [cells] = parse(line, { relax_column_count: true, record_delimiter: '\n' }) as string[][];
    return cells;
  } catch {
    return undefined;
  }
}

function cellsOf(line: string, columns: readonly string[]): Cells {
  const cells = split(line);
  if (!cells) throw new Unreadable('its quotes do not match');
  if (cells.length !== columns.length) {
    throw new Unreadable(`it has ${cells.length} columns and not ${columns.length}`);
  }
  return (column) => cells[columns.indexOf(column)]?.trim() ?? '';
}

function readRow(cell: Cells): ReportRow {
  const userName = cell('user');
  const [, account, path = '/', named] = USER_ARN.exec(cell('arn')) ?? [];
  if (account === undefined) throw new Unreadable('arn is not that of an IAM user');
  if (named !== userName) throw new Unreadable('arn is that of another user');
  const madeAt = readEvidence('user_creation_time', cell);
  return {
    userName,
    account,
    path,
    ...(madeAt !== undefined && { madeAt }),
    keys: keysIn(cell),
  };
}

function keysIn(cell: Cells): ReportRow['keys'] {
  return [...readSlot(1, cell), ...readSlot(2, cell)];
}

/** The key in a slot, if any: one that is active, or one that has a date. */
function readSlot(slot: 1 | 2, cell: Cells): ReportRow['keys'] {
  const active = readActive(`access_key_${slot}_active`, cell);
  const rotated = readDate(`access_key_${slot}_last_rotated`, cell);
  const lastUsed = readEvidence(`access_key_${slot}_last_used_date`, cell);
  const use = lastUsed === undefined ? {} : { lastUsed };
  if (rotated !== undefined) return [{ active, lastRotated: rotated, ...use }];
  if (!active) return [];
  // No key is older than its user. Too early a date only gets it looked at sooner.
  const lastRotated = readDate('user_creation_time', cell);
  if (lastRotated === undefined) throw new Unreadable(`access_key_${slot} is active and has no date`);
  return [{ active, lastRotated, ...use }];
}

function readActive(column: string, cell: Cells): boolean {
  const value = cell(column).toLowerCase();
  if (value === 'true') return true;
  // "no_information" is not among them: such a key may be active.
  if (['false', 'n/a', 'not_supported'].includes(value)) return false;
  throw new Unreadable(`${column} is neither TRUE nor FALSE`);
}

/** Only evidence: without it, or with what is no date, the row still counts. */
function readEvidence(column: string, cell: Cells): Instant | undefined {
  const value = cell(column);
  return dateTime.safeParse(value).success ? Date.parse(value) : undefined;
}

function readDate(column: string, cell: Cells): Instant | undefined {
  const value = cell(column);
  if (NO_DATE.includes(value.toLowerCase())) return undefined;
  if (!dateTime.safeParse(value).success) throw new Unreadable(`${column} is no date`);
  return Date.parse(value);
}
