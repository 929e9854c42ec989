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
const menu = (type: string) => (count: number, more?: object) => ({
  type,
  options: many(count, () => option(more)),
});
const overflow = menu('overflow');
const select = menu('static_select');
const confirm = (more: object = {}) => ({
  title: plain(1),
  text: plain(1),
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
  { what: 'blocks in a message', most: 50, build: (n) => many(n, () => section()) },
  { what: 'header text', most: 150, build: (n) => [{ type: 'header', text: plain(n) }] },
  { what: 'section text', most: 3000, build: (n) => [section({ text: mrkdwn(n) })] },
  { what: 'actions elements', most: 25, build: (n) => [actions(...many(n, () => button()))] },
  { what: 'button text', most: 75, build: (n) => [actions(button({ text: plain(n) }))] },
  {
    what: 'button accessibility_label',
    most: 75,
    build: (n) => [actions(button({ accessibility_label: x(n) }))],
  },
  { what: 'button value', most: 2000, build: (n) => [actions(button({ value: x(n) }))] },
  { what: 'action_id', most: 255, build: (n) => [actions(button({ action_id: x(n) }))] },
  { what: 'block_id', most: 255, build: (n) => [section({ block_id: x(n) })] },
  { what: 'overflow options', most: 5, build: (n) => [actions(overflow(n))] },
  { what: 'option text', most: 75, build: (n) => [actions(overflow(1, { text: plain(n) }))] },
  { what: 'option value', most: 150, build: (n) => [actions(overflow(1, { value: x(n) }))] },
  { what: 'select options', most: 100, build: (n) => [section({ accessory: select(n) })] },
  { what: 'select options in actions', most: 100, build: (n) => [actions(select(n))] },
  {
    what: 'select placeholder',
    most: 150,
    build: (n) => [actions({ ...select(1), placeholder: plain(n) })],
  },
  { what: 'confirm title', most: 100, build: (n) => asking({ title: plain(n) }) },
  { what: 'confirm text', most: 300, build: (n) => asking({ text: plain(n) }) },
  { what: 'confirm button', most: 30, build: (n) => asking({ confirm: plain(n) }) },
  { what: 'deny button', most: 30, build: (n) => asking({ deny: plain(n) }) },
  {
    what: 'context elements',
    most: 10,
    build: (n) => [{ type: 'context', elements: many(n, () => mrkdwn(1)) }],
  },
  { what: 'input label', most: 2000, build: (n) => [input({ label: plain(n) })] },
  { what: 'input hint', most: 2000, build: (n) => [input({ hint: plain(n) })] },
];

describe('validateBlocks', () => {
  it.each(limits)('takes $what up to $most and no more', ({ most, build }) => {
    expect(validateBlocks(build(most), 'message')).toEqual([]);
    expect(validateBlocks(build(most + 1), 'message')).toHaveLength(1);
  });

  it('takes 100 blocks in a modal', () => {
    const sections = (count: number) => many(count, () => section());
    expect(validateBlocks(sections(100), 'modal')).toEqual([]);
    expect(validateBlocks(sections(101), 'modal')).toEqual([
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ]);
  });

  const refused: [string, unknown, string][] = [
    ['an unknown block', { type: 'sectionn' }, 'unsupported type: sectionn [json-pointer:/blocks/0/type]'],
    ['no object', null, 'must provide an object [json-pointer:/blocks/0]'],
    [
      'empty text',
      section({ text: mrkdwn(0) }),
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['a bare section', { type: 'section' }, 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'a mrkdwn button',
      actions(button({ text: mrkdwn(1) })),
      'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'a mrkdwn header',
      { type: 'header', text: mrkdwn(1) },
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a mrkdwn dialog',
      ...(asking({ text: mrkdwn(1) }) as [object]),
      'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/confirm/text/type]',
    ],
    ['a misspelt field', section({ txt: 1 }), 'invalid additional property: txt [json-pointer:/blocks/0]'],
    ['no actions', actions(), 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
    [
      'a picker of dates among actions',
      actions({ type: 'datepicker' }),
      'unsupported type: datepicker [json-pointer:/blocks/0/elements/0/type]',
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
      'a link in a select',
      actions(select(1, { url: 'https://a' })),
      'invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]',
    ],
  ];

  it('wants of a chart what Slack documents', () => {
    const point = (label: string) => ({ label, value: 1 });
    const chart = (changes: object) => ({
      ...{ type: 'data_visualization', title: 'How it went' },
      chart: {
        type: 'line',
        series: [{ name: 'a', data: [point('May')] }],
        axis_config: { categories: ['May'] },
        ...changes,
      },
    });
    const faults = (changes: object) => validateBlocks([chart(changes)], 'home').join();
    expect(faults({})).toBe('');
    expect(faults({ series: [{ name: 'a', data: [point('June')] }] })).toContain('labels must match');
    expect(faults({ axis_config: { categories: [x(21)] } })).toContain('less than 21');
    expect(faults({ series: many(7, (nth) => ({ name: `${nth}`, data: [point('May')] })) })).toContain(
      'no more than 6',
    );
    expect(faults({ type: 'scatter' })).toContain('unsupported type: scatter');
  });

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

  it('counts characters, not code units', () => {
    const text = { type: 'mrkdwn', text: '🔑'.repeat(3000) };
    expect(validateBlocks([section({ text })], 'message')).toEqual([]);
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
