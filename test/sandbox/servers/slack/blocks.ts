// Block Kit's documented limits: what Slack would refuse is refused here, with the same words.
import type { KnownBlock } from '@slack/types';
import {
  accessory,
  actionsElement,
  contextElement,
  imageSource,
  inputElement,
  plain,
  text,
} from './elements.ts';
import {
  anything,
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
  wrong,
} from './rules.ts';

export type Surface = 'message' | 'modal' | 'home';

const block = (required: Fields, optional: Fields = {}): Rule =>
  shape(required, { ...optional, block_id: string(255, 1) });

const textOrFields: Rule = (value, at) =>
  isObject(value) && value.text === undefined && value.fields === undefined
    ? wrong('must define either `text` or `fields`', `${at}/type`)
    : [];

// https://docs.slack.dev/reference/block-kit/block-elements/button-element: unique in the containing block
const distinctActions: Rule = (value, at) =>
  isObject(value) && Array.isArray(value.elements)
    ? distinct(value.elements, 'action_id', `${at}/elements`)
    : [];

// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block: only the outline is checked
const richTextPart = byType(
  Object.fromEntries(
    ['section', 'list', 'quote', 'preformatted'].map((kind) => [
      `rich_text_${kind}`,
      shape({ elements: list(anything, 1000, 0) }, { style: anything, indent: anything, border: anything }),
    ]),
  ),
);

// One page per kind under https://docs.slack.dev/reference/block-kit/blocks. A `file` block cannot be added by apps.
const kinds: Fields = {
  section: both(
    block({}, { text: text(3000), fields: list(text(2000), 10), accessory, expand: flag }),
    textOrFields,
  ),
  actions: both(block({ elements: list(actionsElement, 25) }), distinctActions),
  context: block({ elements: list(contextElement, 10) }),
  divider: block({}),
  header: block({ text: plain(150) }),
  image: block({ alt_text: string(2000, 1) }, { ...imageSource, title: plain(2000) }),
  input: block(
    { label: plain(2000), element: inputElement },
    { hint: plain(2000), optional: flag, dispatch_action: flag },
  ),
  rich_text: block({ elements: list(richTextPart, 100) }),
};
const inMessages: Fields = { ...kinds, markdown: block({ text: string(12_000, 1) }) };

/** What Slack would say against these blocks; nothing when it would take them. */
export function validateBlocks(blocks: unknown, surface: Surface): string[] {
  const at = surface === 'message' ? '/blocks' : '/view/blocks';
  // https://docs.slack.dev/reference/block-kit/blocks: 50 in a message, 100 in a modal or Home tab
  const most = surface === 'message' ? 50 : 100;
  const faults = list(byType(surface === 'message' ? inMessages : kinds), most, 0)(blocks, at);
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
