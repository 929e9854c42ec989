// Styled text on a terminal: words wrapped to a width, colours only where they are wanted.
import type { Span, Style } from './mrkdwn.ts';

export type Line = Span[];

const CODES: Record<Style, [on: number, off: number]> = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  strike: [9, 29],
  code: [36, 39],
  primary: [32, 39],
  danger: [31, 39],
};

export function paint(line: Line, colour: boolean): string {
  return joined(line)
    .map(({ text, styles }) => (colour ? painted(text, styles) : text))
    .join('');
}

/** Neighbours of the same style become one, so that the codes stay few. */
function joined(line: Line): Line {
  const spans: Line = [];
  for (const { text, styles } of line) {
    const last = spans.at(-1);
    if (last && last.styles.join() === styles.join()) last.text += text;
    else spans.push({ text, styles });
  }
  return spans;
}

function painted(text: string, styles: Style[]): string {
  return styles.reduce((inner, style) => {
    const [on, off] = CODES[style];
    return `\u001b[${on}m${inner}\u001b[${off}m`;
  }, text);
}

/** Breaks a line at spaces; what follows hangs under the text of a list item. A word longer than the line stays whole. */
export function wrap(line: Line, width: number): Line[] {
  const indent = ' '.repeat(hanging(line));
  const lines: Line[] = [[]];
  let column = 0;
  for (const word of wordsOf(line)) {
    const size = word.reduce((sum, { text }) => sum + [...text].length, 0);
    const isSpace = word[0]?.text === ' ';
    if (column > indent.length && !isSpace && column + size > width) {
      trimEnd(lines.at(-1));
      lines.push(indent ? [{ text: indent, styles: [] }] : []);
      column = indent.length;
    }
    lines.at(-1)?.push(...word);
    column += size;
  }
  return lines;
}

/** Words may run over several styles; single spaces stand between them. */
function wordsOf(line: Line): Line[] {
  const words: Line[] = [];
  let open = false;
  for (const { text, styles } of line)
    for (const part of text.split(/( )/).filter((part) => part !== '')) {
      if (part !== ' ' && open) words.at(-1)?.push({ text: part, styles });
      else words.push([{ text: part, styles }]);
      open = part !== ' ';
    }
  return words;
}

function trimEnd(line: Line | undefined): void {
  while (line?.at(-1)?.text === ' ') line.pop();
}

function hanging(line: Line): number {
  const text = line.map((span) => span.text).join('');
  return /^\s*(?:(?:\d+\.|[•*-])\s+)?/.exec(text)?.[0].length ?? 0;
}
