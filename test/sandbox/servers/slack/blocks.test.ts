// Each documented limit of Block Kit, at the limit and just over it.
import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { blocksTooLong, validateBlocks } from './blocks.ts';

const x = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const plain = (length: number) => ({ type: 'plain_text', text: x(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: x(length) });
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn(1), ...more });
const button = (more: object = {}) => ({ type: 'button', text: plain(1), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (more: object = {}) => ({ text: plain(1), value: 'v', ...more });
const overflow = (count: number, more: object = {}) => ({
  type: 'overflow',
  options: many(count, () => option(more)),
});
const select = (count: number, more: object = {}) => ({
  ...{ type: 'static_select', options: many(count, () => option()), ...more },
});
const group = (more: object = {}) => ({ label: plain(1), options: [option()], ...more });
const grouped = (...groups: object[]) => [
  section({ accessory: { type: 'static_select', option_groups: groups } }),
];
const confirm = (more: object = {}) => ({
  title: plain(1),
  text: mrkdwn(1),
  confirm: plain(1),
  deny: plain(1),
  ...more,
});
const asking = (more: object) => [actions(button({ confirm: confirm(more) }))];
const input = (more: object = {}) => ({
  type: 'input',
  label: plain(1),
  element: { type: 'plain_text_input' },
  ...more,
});

interface Limit {
  what: string;
  most: number;
  build(size: number): unknown[];
}

const limits: Limit[] = [
  { what: 'blocks in a message', most: 50, build: (n) => many(n, () => ({ type: 'divider' })) },
  { what: 'section text', most: 3000, build: (n) => [section({ text: mrkdwn(n) })] },
  { what: 'section fields', most: 10, build: (n) => [section({ fields: many(n, () => mrkdwn(1)) })] },
  { what: 'field text', most: 2000, build: (n) => [section({ fields: [plain(n)] })] },
  { what: 'header', most: 150, build: (n) => [{ type: 'header', text: plain(n) }] },
  { what: 'actions elements', most: 25, build: (n) => [actions(...many(n, () => button()))] },
  { what: 'button text', most: 75, build: (n) => [actions(button({ text: plain(n) }))] },
  { what: 'button value', most: 2000, build: (n) => [actions(button({ value: x(n) }))] },
  { what: 'button url', most: 3000, build: (n) => [actions(button({ url: x(n) }))] },
  { what: 'action_id', most: 255, build: (n) => [actions(button({ action_id: x(n) }))] },
  { what: 'block_id', most: 255, build: (n) => [section({ block_id: x(n) })] },
  { what: 'overflow options', most: 5, build: (n) => [actions(overflow(n))] },
  { what: 'option text', most: 75, build: (n) => [actions(overflow(1, { text: plain(n) }))] },
  { what: 'option value', most: 150, build: (n) => [actions(overflow(1, { value: x(n) }))] },
  { what: 'option description', most: 75, build: (n) => [actions(overflow(1, { description: plain(n) }))] },
  { what: 'select options', most: 100, build: (n) => [section({ accessory: select(n) })] },
  { what: 'select options in actions', most: 100, build: (n) => [actions(select(n))] },
  {
    what: 'select placeholder',
    most: 150,
    build: (n) => [actions(select(1, { placeholder: plain(n) }))],
  },
  { what: 'option groups', most: 100, build: (n) => grouped(...many(n, () => group())) },
  { what: 'group label', most: 75, build: (n) => grouped(group({ label: plain(n) })) },
  { what: 'group options', most: 100, build: (n) => grouped(group({ options: many(n, () => option()) })) },
  { what: 'confirm title', most: 100, build: (n) => asking({ title: plain(n) }) },
  { what: 'confirm text', most: 300, build: (n) => asking({ text: mrkdwn(n) }) },
  { what: 'confirm button', most: 30, build: (n) => asking({ confirm: plain(n) }) },
  { what: 'deny button', most: 30, build: (n) => asking({ deny: plain(n) }) },
  {
    what: 'context elements',
    most: 10,
    build: (n) => [{ type: 'context', elements: many(n, () => mrkdwn(1)) }],
  },
  { what: 'input label', most: 2000, build: (n) => [input({ label: plain(n) })] },
  {
    what: 'image alt_text',
    most: 2000,
    build: (n) => [{ type: 'image', image_url: 'https://a', alt_text: x(n) }],
  },
  { what: 'markdown', most: 12_000, build: (n) => [{ type: 'markdown', text: x(n) }] },
];

describe('validateBlocks', () => {
  it.each(limits)('takes $what up to $most and no more', ({ most, build }) => {
    expect(validateBlocks(build(most), 'message')).toEqual([]);
    expect(validateBlocks(build(most + 1), 'message')).toHaveLength(1);
  });

  it('takes 100 blocks in a modal or Home tab', () => {
    const dividers = (count: number) => many(count, () => ({ type: 'divider' }));
    expect(validateBlocks(dividers(100), 'home')).toEqual([]);
    expect(validateBlocks(dividers(101), 'modal')).toEqual([
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ]);
  });

  const refused: [string, unknown, string][] = [
    ['an unknown block', { type: 'sectionn' }, 'unsupported type: sectionn [json-pointer:/blocks/0/type]'],
    ['an inherited name', { type: 'toString' }, 'unsupported type: toString [json-pointer:/blocks/0/type]'],
    ['a file block', { type: 'file' }, 'unsupported type: file [json-pointer:/blocks/0/type]'],
    ['no object', null, 'must provide an object [json-pointer:/blocks/0]'],
    [
      'empty text',
      section({ text: mrkdwn(0) }),
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'too much text',
      section({ text: mrkdwn(3001) }),
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a bare section',
      { type: 'section' },
      'must define either `text` or `fields` [json-pointer:/blocks/0/type]',
    ],
    [
      'a mrkdwn header',
      { type: 'header', text: mrkdwn(1) },
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a mrkdwn button',
      actions(button({ text: mrkdwn(1) })),
      'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    ['a misspelt field', section({ txt: 1 }), 'invalid additional property: txt [json-pointer:/blocks/0]'],
    ['no actions', actions(), 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
    [
      'an image among actions',
      actions({ type: 'image' }),
      'unsupported type: image [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a header as accessory',
      section({ accessory: { type: 'header' } }),
      'unsupported type: header [json-pointer:/blocks/0/accessory/type]',
    ],
    [
      'a button as context',
      { type: 'context', elements: [button()] },
      'unsupported type: button [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'another style',
      actions(button({ style: 'warning' })),
      'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'an empty menu',
      actions(overflow(0)),
      'no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'an empty select',
      actions(select(0)),
      'no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'a select with neither options nor groups',
      actions({ type: 'static_select' }),
      'must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a select with both',
      actions(select(1, { option_groups: [group()] })),
      'must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a link in a select',
      actions({ type: 'static_select', options: [option({ url: 'https://a' })] }),
      'invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]',
    ],
    [
      'a select that begins with something else',
      actions(select(1, { initial_option: option({ value: 'w' }) })),
      'must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
    ],
    [
      'no label',
      { type: 'input', element: { type: 'datepicker' } },
      'missing required field: label [json-pointer:/blocks/0]',
    ],
  ];

  it.each(refused)('refuses %s', (_what, block, complaint) => {
    expect(validateBlocks([block], 'message')).toEqual([complaint]);
  });

  it('wants block ids unique in the message and action ids in their block', () => {
    const twice = actions(button({ action_id: 'a' }), button({ action_id: 'a' }));
    expect(validateBlocks([twice], 'message')).toEqual([
      '`action_id` already exists: a [json-pointer:/blocks/0/elements/1/action_id]',
    ]);
    const apart = [actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))];
    expect(validateBlocks(apart, 'message')).toEqual([]);
    expect(validateBlocks([section({ block_id: 'b' }), section({ block_id: 'b' })], 'message')).toEqual([
      '`block_id` already exists: b [json-pointer:/blocks/1/block_id]',
    ]);
  });

  it('lets a select begin with one of its options, in a group or not', () => {
    const begins = { initial_option: option() };
    expect(validateBlocks([actions(select(2, begins))], 'message')).toEqual([]);
    const inGroup = { type: 'static_select', option_groups: [group()], ...begins };
    expect(validateBlocks([section({ accessory: inGroup })], 'message')).toEqual([]);
  });

  it('counts characters, not code units', () => {
    expect(
      validateBlocks([{ type: 'header', text: { type: 'plain_text', text: '🔑'.repeat(150) } }], 'message'),
    ).toEqual([]);
  });
});

describe('blocksTooLong', () => {
  const sections = (count: number, length: number) =>
    many(count, () => ({ type: 'section', text: { type: 'mrkdwn', text: x(length) } })) as KnownBlock[];

  it('agrees with what was measured', () => {
    expect(blocksTooLong(sections(50, 192))).toBe(false);
    expect(blocksTooLong(sections(45, 252))).toBe(true);
  });

  it('takes up to 13,000, counting 50 for each block', () => {
    expect(blocksTooLong(sections(5, 2550))).toBe(false);
    expect(blocksTooLong(sections(5, 2551))).toBe(true);
  });
});
