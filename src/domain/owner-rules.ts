// Who is to own what, as an admin writes it for many at once: a rule on each line, or the rows of a table.
import type { IamUserId } from './iam-user.ts';
import { isChannelId, isMailAddress, isSlackId, type Link } from './owner.ts';

/** `ci-* → #platform`, or a row of a table, which names one IAM user to the letter. */
export interface OwnerRule {
  /** On which line it stands, from 1. */
  line: number;
  /** Compared without regard to case; `*` stands for any characters and `?` for one, unless it is `exact`. */
  userName: string;
  /** In which accounts; undefined: in any. */
  accounts?: string[];
  /** The rule as it was written; of a table, the owner. */
  text: string;
  owner: string;
  exact?: true;
}

export interface OwnerRules {
  /** All of it, as it was written. */
  text: string;
  /** The first that fits counts. */
  rules: OwnerRule[];
  /** Lines that are neither empty nor a rule. */
  unclear: { line: number; text: string }[];
  /** Rows of a table that name no owner. */
  leftOpen: number;
}

export type NamedOwner =
  | Link['to']
  | { kind: 'email'; email: string }
  | { kind: 'channelName'; name: string };

/** An equals sign and a hyphen may stand in names: only an arrow divides without spaces. */
/** Longer than any name and any address, and short enough to be read at once. */
const MOST_IN_LINE = 1000;
const RULE = /^(?<what>\S.*?)\s*(?:→|->|=>|\s=\s)\s*(?<owner>\S.*)$/;

/** The accounts whose number or name fits, as for `userName`. */
export type AccountsCalled = (pattern: string, isExact: boolean) => string[];

export function readOwnerRules(text: string, accountsCalled: AccountsCalled): OwnerRules {
  const table = readTable(text, accountsCalled);
  if (table) return table;
  const read: OwnerRules = { text, rules: [], unclear: [], leftOpen: 0 };
  for (const [index, one] of text.split(/\r?\n|\r/).entries()) {
    const line = index + 1;
    const { what = '', owner = '' } = (one.length < MOST_IN_LINE && RULE.exec(one.trim())?.groups) || {};
    const slash = what.lastIndexOf('/');
    const userName = what.slice(slash + 1).trim();
    const accounts = slash > 0 && { accounts: accountsCalled(what.slice(0, slash).trim(), false) };
    if (userName !== '') read.rules.push({ line, text: one.trim(), userName, ...accounts, owner });
    else if (one.trim() !== '') read.unclear.push({ line, text: one.trim() });
  }
  return read;
}

/** Whether its first line names the columns of a table with IAM users and owners. */
export function isOwnerTable(text: string): boolean {
  return tableShape(text) !== undefined;
}

const DELIMITERS = [',', ';', '\t'];
const USER_COLUMNS = ['user', 'iam user', 'username'];

interface TableShape {
  delimiter: string;
  user: number;
  owner: number;
  account: number;
}

function tableShape(text: string): TableShape | undefined {
  const [head = ''] = text.trimStart().split(/\r?\n|\r/, 1);
  for (const delimiter of DELIMITERS) {
    const columns = (rowsOf(head, delimiter)[0]?.cells ?? []).map((cell) => cell.toLowerCase());
    const user = columns.findIndex((column) => USER_COLUMNS.includes(column));
    const owner = columns.indexOf('owner');
    if (user >= 0 && owner >= 0) return { delimiter, user, owner, account: columns.indexOf('account') };
  }
  return undefined;
}

function readTable(text: string, accountsCalled: AccountsCalled): OwnerRules | undefined {
  const shape = tableShape(text);
  if (!shape) return undefined;
  const read: OwnerRules = { text, rules: [], unclear: [], leftOpen: 0 };
  const [, ...rows] = rowsOf(text.trimStart(), shape.delimiter);
  for (const { line, cells } of rows) {
    const [name = '', owner = ''] = [cells[shape.user], cells[shape.owner]];
    // The report gives the path with the name, which has no slash itself.
    const userName = name.slice(name.lastIndexOf('/') + 1);
    const account = cells[shape.account];
    if (cells.every((cell) => cell === '')) continue;
    if (userName === '') read.unclear.push({ line, text: cells.join(shape.delimiter) });
    else if (owner === '') read.leftOpen += 1;
    else {
      const accounts = account && { accounts: accountsCalled(padded(account), true) };
      read.rules.push({ line, text: owner, userName, ...accounts, owner, exact: true });
    }
  }
  return read;
}

/** Spreadsheets take the number of an account for a number, and leave out the noughts that it begins with. */
function padded(account: string): string {
  return /^\d{6,12}$/.test(account) ? account.padStart(12, '0') : account;
}

/** RFC 4180. A row may go over several lines; `line` is its first. */
function rowsOf(text: string, delimiter: string): { line: number; cells: string[] }[] {
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n][^${delimiter}\\r\\n]*|))(${delimiter}|\\r?\\n|\\r|$)`,
    'y',
  );
  const rows: { line: number; cells: string[] }[] = [];
  let row: { line: number; cells: string[] } = { line: 1, cells: [] };
  let line = 1;
  while (cell.lastIndex <= text.length) {
    const found = cell.exec(text);
    // A quotation mark where none may stand: what is left cannot be told apart.
    if (!found) break;
    const [whole, quoted, plain = '', end] = found;
    row.cells.push(harmlessAgain((quoted?.replaceAll('""', '"') ?? plain).trim()));
    line += whole.split(/\r?\n|\r/).length - 1;
    if (end === delimiter) continue;
    rows.push(row);
    row = { line, cells: [] };
    if (end === '') return rows;
  }
  return rows;
}

/** What keeps a spreadsheet from taking a cell for a formula is no part of it; no name begins with an apostrophe. */
function harmlessAgain(cell: string): string {
  return cell.replace(/^'(?=[=+\-@])/, '');
}

/** undefined: it names nobody by anything that Slack can be asked for, such as `@ana`. */
export function readNamedOwner(words: string): NamedOwner | undefined {
  const bare = words.replace(/^<mailto:([^|>]*)(?:\|[^>]*)?>$/, '$1');
  const id = /^<?[@#]?(?<id>[A-Z0-9]+)(?:\|[^>]*)?>?$/.exec(bare)?.groups?.id ?? '';
  if (isSlackId(id)) return { kind: 'person', slackId: id };
  if (isChannelId(id)) return { kind: 'channel', channelId: id };
  if (isMailAddress(bare)) return { kind: 'email', email: bare.toLowerCase() };
  return /^#\S+$/.test(bare) ? { kind: 'channelName', name: bare.slice(1).toLowerCase() } : undefined;
}

export function fitsRule({ userName, accounts, exact }: OwnerRule, user: IamUserId): boolean {
  const isIn = accounts === undefined || accounts.includes(user.account);
  return isIn && (exact ? isSame : fitsPattern)(userName, user.userName);
}

/** What somebody looks for: a part of the name or, with `*` or `?`, a pattern of all of it. */
export function isFound(search: string, { userName }: IamUserId): boolean {
  return fitsPattern(/[*?]/.test(search) ? search : `*${search}*`, userName);
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** `*` stands for any characters, `?` for one. Goes back to the last star alone, so that no pattern takes long. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  let [at, star, mark] = [0, -1, 0];
  for (let i = 0; i < given.length; ) {
    if (wanted[at] === '*') [star, mark] = [at++, i];
    else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[i])) [at, i] = [at + 1, i + 1];
    else if (star >= 0) [at, i] = [star + 1, ++mark];
    else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}
