// The few shapes of block that all messages are made of.
import type { KnownBlock } from '@slack/types';

/** A message: `text` is what notifications show and screen readers say. */
export interface Content {
  text: string;
  blocks: KnownBlock[];
}

export function section(...lines: (string | undefined)[]): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: present(lines).join('\n') } };
}

/** Small print; nothing when there is nothing to say. */
export function smallPrint(...lines: (string | undefined)[]): KnownBlock[] {
  const text = present(lines).join('\n');
  return text ? [{ type: 'context', elements: [{ type: 'mrkdwn', text }] }] : [];
}

function present(lines: (string | undefined)[]): string[] {
  return lines.filter((line) => line !== undefined && line !== '') as string[];
}
