// The few shapes of block that all messages are made of.
import type { KnownBlock, MrkdwnElement } from '@slack/types';

/** A message: `text` is what notifications show and screen readers say. */
export interface Content {
  text: string;
  blocks: KnownBlock[];
}

/** Otherwise Slack makes links of addresses and channel names that it finds in what others wrote. Ours are marked as such. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function section(...lines: (string | undefined)[]): KnownBlock {
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
