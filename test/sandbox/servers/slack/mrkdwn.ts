// Slack's mrkdwn, cut into stretches of text with a style. https://docs.slack.dev/messaging/formatting-message-text
import { formatDate, type Reading } from './date-tokens.ts';

export type Style = 'bold' | 'italic' | 'strike' | 'code' | 'dim' | 'primary' | 'danger';

export interface Span {
  text: string;
  styles: Style[];
  /** What it stands for, where it stood in angle brackets: an address, `@` or `#` and an id, `!` and a command. */
  target?: string;
}

/** Who reads, and what ids are called. */
export interface Reader {
  /** undefined where nobody in particular reads: dates show their fallback. */
  reading: Reading | undefined;
  /** The display name of a user, channel or user group, if there is one. */
  nameOf(id: string): string | undefined;
}

export function plainSpan(text: string, ...styles: Style[]): Span {
  return { text: decoded(text), styles };
}

/** One line of mrkdwn. What is in backticks or angle brackets is not looked into. */
export function inlineSpans(text: string, reader: Reader, styles: Style[] = []): Span[] {
  const pattern =
    /`(?<code>[^`\n]+)`|<(?<link>[^<>\n]+)>|(?<![\w*_~])(?<mark>[*_~])(?=\S)(?<inner>(?:`[^`\n]*`|<[^<>\n]*>|(?!\k<mark>)[^\n])+)(?<=\S)\k<mark>(?![\w*_~])/g;
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) spans.push(plainSpan(text.slice(end, match.index), ...styles));
    spans.push(...spansOf(match.groups ?? {}, reader, styles));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push(plainSpan(text.slice(end), ...styles));
  return spans;
}

const MARKS: Record<string, Style> = { '*': 'bold', _: 'italic', '~': 'strike' };

function spansOf(found: Record<string, string | undefined>, reader: Reader, styles: Style[]): Span[] {
  const { code, link, mark, inner = '' } = found;
  if (code !== undefined) return [plainSpan(code, ...styles, 'code')];
  if (link !== undefined)
    return [{ ...plainSpan(linkText(link, reader), ...styles), target: cut(link, '|')[0] }];
  const style = MARKS[mark ?? ''];
  return inlineSpans(inner, reader, style ? [...styles, style] : styles);
}

/** What stands for `<…>`. https://docs.slack.dev/messaging/formatting-message-text#advanced */
function linkText(link: string, { reading, nameOf }: Reader): string {
  const [target = '', label] = cut(link, '|');
  if (target.startsWith('@') || target.startsWith('#'))
    return target.charAt(0) + (nameOf(target.slice(1)) ?? label ?? target.slice(1));
  if (target.startsWith('!date^')) {
    const [, seconds, pattern = ''] = target.split('^');
    return reading ? formatDate(pattern, Number(seconds), reading) : (label ?? pattern);
  }
  if (target.startsWith('!subteam^')) return `@${nameOf(target.slice(9)) ?? label ?? target.slice(9)}`;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  if (target.startsWith('mailto:')) return label ?? target.slice(7);
  return label === undefined ? target : `${label} (${target})`;
}

function cut(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Slack decodes these three and no other. https://docs.slack.dev/messaging/formatting-message-text#escaping */
function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
