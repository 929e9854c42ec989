// Block Kit's documented limits: what Slack would refuse is refused here, with the same words.
import type { KnownBlock } from '@slack/types';
import { inputElement, plain, pressed, text } from './elements.ts';
import {
  both,
  byType,
  distinct,
  type Fields,
  flag,
  isObject,
  list,
  type Rule,
  shape,
  string,
} from './rules.ts';

export type Surface = 'message' | 'modal';

const block = (required: Fields, optional: Fields = {}): Rule =>
  shape(required, { ...optional, block_id: string(255, 1) });

// https://docs.slack.dev/reference/block-kit/block-elements/button-element: unique in the containing block
const distinctActions: Rule = (value, at) =>
  isObject(value) && Array.isArray(value.elements)
    ? distinct(value.elements, 'action_id', `${at}/elements`)
    : [];

// One page per kind under https://docs.slack.dev/reference/block-kit/blocks; what the app does not draw is refused as unknown.
const kind = byType({
  header: block({ text: plain(150) }),
  section: block({ text: text(3000) }, { accessory: pressed }),
  actions: both(block({ elements: list(pressed, 25) }), distinctActions),
  context: block({ elements: list(text(3000), 10) }),
  input: block(
    { label: plain(2000), element: inputElement },
    { hint: plain(2000), optional: flag, dispatch_action: flag },
  ),
});

/** What Slack would say against these blocks; nothing when it would take them. */
export function validateBlocks(blocks: unknown, surface: Surface): string[] {
  const at = surface === 'message' ? '/blocks' : '/view/blocks';
  // https://docs.slack.dev/reference/block-kit/blocks: 50 in a message, 100 in a modal
  const most = surface === 'message' ? 50 : 100;
  const faults = list(kind, most, 0)(blocks, at);
  return [...faults, ...(Array.isArray(blocks) ? distinct(blocks, 'block_id', at) : [])];
}

const MOST_CHARACTERS = 13_000;
const CHARACTERS_PER_BLOCK = 50;

/**
 * The limit over all blocks is not documented; text plus 50 a block fits what was measured in
 * slackapi/bolt-js #2509 (13,297 in one block) and #2867 (9,597 in 50 passed, 11,341 in 45 did not).
 */
export function blocksTooLong(blocks: KnownBlock[]): boolean {
  return charactersIn(blocks) + blocks.length * CHARACTERS_PER_BLOCK > MOST_CHARACTERS;
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + charactersIn(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, field]) =>
      sum + (name === 'text' && typeof field === 'string' ? field.length : charactersIn(field)),
    0,
  );
}
