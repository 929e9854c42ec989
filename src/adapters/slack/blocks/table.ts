// Comma-separated values as messages: in blocks of code, each message with the names of the columns.
import { quoted } from '../../csv.ts';
import { codeBlock, cut } from '../escape.ts';
import { restOfTable } from '../wording/shared/names.ts';
import { type Content, section } from './parts.ts';

/** Slack refuses some 13,000 characters in a message, and 3,000 in a section; escaping makes them more. */
const MOST_IN_BLOCK = 2800;
const BLOCKS_IN_MESSAGE = 4;
/** So that a line of nothing but what is escaped fits. */
const MOST_OF_CELL = 30;
/** Of one message: names of people are looked up for no more. */
export const MOST_ROWS_IN_TABLE = 100;

interface Table {
  columns: readonly string[];
  /** Of the rows that are left. */
  cells: readonly (readonly string[])[];
  /** How many were sent before. */
  from: number;
  /** Of the first message. */
  heading: string;
}

/** One message, and how many rows are sent by then. */
export function buildTable({ columns, cells, from, heading }: Table): { content: Content; until: number } {
  const parts = [lineOf(columns)];
  let shown = 0;
  for (const line of cells.slice(0, MOST_ROWS_IN_TABLE).map(lineOf)) {
    const part = `${parts.at(-1)}${line}`;
    if (codeBlock(part).length <= MOST_IN_BLOCK) parts[parts.length - 1] = part;
    else if (parts.length < BLOCKS_IN_MESSAGE) parts.push(line);
    else break;
    shown += 1;
  }
  const until = from + shown;
  const text = from === 0 ? heading : restOfTable(from + 1, until, from + cells.length);
  const blocks = [section(text), ...parts.map((part) => section(codeBlock(part.trimEnd())))];
  return { content: { text, blocks }, until };
}

/** What is escaped to more than a block holds is cut: names of IAM users never are. */
function lineOf(cells: readonly string[]): string {
  const line = joined(cells);
  return codeBlock(line).length <= MOST_IN_BLOCK
    ? line
    : joined(cells.map((cell) => cut(cell, MOST_OF_CELL)));
}

function joined(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\n`;
}
