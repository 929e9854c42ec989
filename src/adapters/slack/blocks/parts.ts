// The few shapes of block that all messages are made of, and how much fits into one.
import type {
  Block,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';

/** A message: `text` is what notifications show and screen readers say. */
export interface Content {
  text: string;
  blocks: KnownBlock[];
}

/** Otherwise Slack makes links of addresses and channel names that it finds in what others wrote. Ours are marked as such. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** No mark means anything in it, and nothing is made a link. */
export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text };
}

/** Slack takes 150 characters. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text) };
}

export function section(...lines: (string | undefined)[]): SectionBlock {
  return { type: 'section', text: mrkdwn(present(lines).join('\n')) };
}

/** A message of one sentence, and what stands below it. */
export function saying(text: string, ...below: KnownBlock[]): Content {
  return { text, blocks: [section(text), ...below] };
}

/** Small print; nothing when there is nothing to say. */
export function smallPrint(...lines: (string | undefined)[]): KnownBlock[] {
  const text = present(lines).join('\n');
  return text ? [{ type: 'context', elements: [mrkdwn(text)] }] : [];
}

function present(lines: (string | undefined)[]): string[] {
  return lines.filter((line) => line !== undefined && line !== '') as string[];
}

const MOST_BLOCKS = 50;
/** In Home. */
export const MOST_BLOCKS_IN_VIEW = 100;
/** Slack refuses some 13,000 characters over all blocks, and each block counts for some 50 more: measured, not documented. */
const MOST_CHARACTERS = 12_900;
const CHARACTERS_PER_BLOCK = 50;
/** Slack takes 3,000. */
const MOST_CHARACTERS_IN_SECTION = 2900;
const ROOM_FOR_HEADING = 300;

/** Rows between their heading and their foot, which tells how many of `all` do not fit. */
export function fitted(
  head: readonly KnownBlock[],
  rows: readonly KnownBlock[][],
  foot: (rest: number) => readonly KnownBlock[],
  all = rows.length,
): KnownBlock[] {
  const shown = rowsThatFit(rows, [...head, ...foot(all)]);
  return [...head, ...shown.flat(), ...foot(all - shown.length)];
}

/** The rows that fit beside the blocks around them, in their order. The blocks of a row stay together. */
export function rowsThatFit(
  rows: readonly KnownBlock[][],
  around: readonly Block[],
  most = MOST_BLOCKS,
): readonly KnownBlock[][] {
  let left = roomBeside(around);
  let blocks = most - around.length;
  const tooMuch = rows.findIndex((row) => {
    left -= sizeOf(row);
    blocks -= row.length;
    return left < 0 || blocks < 0;
  });
  return tooMuch < 0 ? rows : rows.slice(0, tooMuch);
}

/** The lines that fit into one section, beside a heading and a word about the rest. */
export function linesThatFit(lines: readonly string[]): string[] {
  let left = MOST_CHARACTERS_IN_SECTION - ROOM_FOR_HEADING;
  return lines.filter((line) => {
    left -= line.length + 3;
    return left >= 0;
  });
}

/** How many characters are left in a message with these blocks; less than none when there are too many already. */
export function roomBeside(blocks: readonly Block[]): number {
  return MOST_CHARACTERS - sizeOf(blocks);
}

function sizeOf(blocks: readonly Block[]): number {
  return charactersIn(blocks) + blocks.length * CHARACTERS_PER_BLOCK;
}

function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, field]) =>
      sum + (name === 'text' && typeof field === 'string' ? field.length : charactersIn(field)),
    0,
  );
}
