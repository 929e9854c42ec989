// Whatever names, tags and reasons say, each message shows it as text: it pings nobody, links nowhere, and fits Slack.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Home } from '../../../src/adapters/slack/blocks/home.ts';
import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { formsWith, homesWith, messagesWith } from './any-message.ts';
import { HOSTILE, LONGEST } from './hostile.ts';

/** Pieces of which somebody would make it who wants more than to be read. */
const PIECES = [
  ...['<!channel>', '<!here|x>', '<!everyone>', '<@U0VICTIM1>', '<#C0VICTIM1|x>', '<!subteam^S1>'],
  ...['<https://evil.example|safe>', '<mailto:a@evil.example>', '<!date^1^{date}|x>', '&lt;!here&gt;'],
  ...['*', '_', '~', '`', '```', '&', '<', '>', '|', '"', "'", '/', '../', '\\', ':x:', '$(rm)', '#0', '%'],
  ...['\u202e', '\u202d', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c', '\u200b'],
  ...['\n', '\r\n', '\t', '\u0000', '\u2028', '\ud800', 'דנה', 'فاطمة', '🔑', '👩‍👩‍👧', 'é', 'a', '0', ' '],
];

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc
    .tuple(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 3000 }))
    .map(([piece, n]) => piece.repeat(n)),
  fc.string({ unit: 'binary', maxLength: 400 }),
);

/** Ours: dates, people and channels by an id that looks like one, and the place of a secret in AWS. */
const OURS =
  /<!date\^\d+\^[^<>|]*\|[^<>|]*>|<[@#][UWCG][A-Z0-9]+>|<https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/[^<>|\s]*\|[^<>|]*>/g;
const VICTIM = /<[@#][UC]0VICTIM1/;
const SET_APART = /\u2068[^\u2066-\u2069\n]*\u2069/gu;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** What is read; not what a button carries. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    /^(?:value|block_id|action_id|private_metadata|callback_id|initial_value)$/.test(name)
      ? []
      : stringsIn(inner),
  );
}

/** In these Slack looks for addresses and channel names, and makes links of them. */
function searchedForLinks(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, verbatim, text } = value as Record<string, unknown>;
  const isSearched = type === 'mrkdwn' && verbatim !== true;
  return [...(isSearched ? [`makes links: ${text}`] : []), ...Object.values(value).flatMap(searchedForLinks)];
}

function faults(message: object): string[] {
  const inTexts = stringsIn(message).flatMap((text) => [
    ...(VICTIM.test(text) ? [`pings: ${text}`] : []),
    ...(/[<]/.test(text.replace(OURS, '')) ? [`has markup: ${text}`] : []),
    ...(/AKIA[A-Z0-9]{16}/.test(text) ? [`gives a key away: ${text}`] : []),
    ...(/undefined|NaN|\[object/.test(text) ? [`has a hole: ${text}`] : []),
    ...(DIRECTION.test(text.replace(SET_APART, '')) ? [`turns around: ${text}`] : []),
    ...(/[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', '')) ? [`has control characters: ${text}`] : []),
  ]);
  return [...searchedForLinks(message), ...inTexts];
}

/** What a button carries is as long as a real name is. */
const isShown = (fault: string) => !/\/(?:value|block_id)\]/.test(fault);

function wrongWith({ text: notification, blocks }: Content): string[] {
  return [
    ...faults({ notification, blocks }),
    ...(notification.length > 4000 ? ['has a notification that is too long'] : []),
    ...(blocks.length > 0 ? validateBlocks(blocks, 'message').filter(isShown) : []),
    ...(blocks.length > 0 && blocksTooLong(blocks) ? ['has blocks that are too long'] : []),
  ];
}

/** https://docs.slack.dev/reference/methods/views.publish */
const MOST_IN_VIEW = 250_000;

function wrongInHome([name, home]: [string, Home]): string[] {
  return [
    ...faults(home),
    ...validateBlocks(home.blocks, 'home').filter(isShown),
    ...(home.blocks.length === 0 ? ['is empty'] : []),
    ...(JSON.stringify(home).length > MOST_IN_VIEW ? ['is too large'] : []),
  ].map((what) => `${name} ${what}`);
}

/** `npm run thorough` tries them for longer. */
const runs = {
  numRuns: process.env.THOROUGH ? 600 : 24,
  examples: [HOSTILE, LONGEST].map((text): [string] => [text]),
};

describe('text that somebody else chose', () => {
  it('does nothing in any message but be read, and every message fits', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const wrong = messagesWith(text).flatMap(([name, message]) =>
          wrongWith(message).map((what) => `${name} ${what}`),
        );
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });

  it('does nothing in any form', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const form of formsWith(text)) {
          expect(faults(form)).toEqual([]);
          expect(validateBlocks(form.blocks, 'modal').filter(isShown)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('does nothing in Home', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(homesWith(text).flatMap(wrongInHome)).toEqual([]);
      }),
      { ...runs, numRuns: runs.numRuns / 4 },
    );
  });
});

it('Home fits, however many IAM users and keys somebody has', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom('ci', LONGEST), (each, text) => {
      expect(homesWith(text, each).flatMap(wrongInHome)).toEqual([]);
    }),
    { numRuns: 4, examples: [[40, LONGEST]] },
  );
});

it('every message fits that is full of what is escaped', () => {
  const wrong = messagesWith('&'.repeat(250)).flatMap(([name, message]) =>
    wrongWith(message).map((fault) => `${name} ${fault}`),
  );
  expect(wrong).toEqual([]);
});

it.each(messagesWith('ci').filter(([name]) => /^the (?:list of|matter) /.test(name)))(
  'of %s screen readers say whose each button is',
  (_, { blocks }) => {
    const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    const unnamed = elements.filter(
      (element) => element.type === 'button' && element.accessibility_label === undefined,
    );
    expect(
      unnamed.filter((element) => 'value' in element && !/owners/.test(String(element.action_id))),
    ).toEqual([]);
  },
);

const everything = (text: string): [string, unknown][] => [
  ...messagesWith(text),
  ...formsWith(text).map((form): [string, unknown] => [`the form ${form.title.text}`, form.blocks]),
  ...homesWith(text).map(([name, { blocks }]): [string, unknown] => [name, blocks]),
];

/** All that is drawn, whatever it stands in. */
function* within(drawn: unknown): Generator<Record<string, unknown>> {
  if (typeof drawn !== 'object' || drawn === null) return;
  yield drawn as Record<string, unknown>;
  for (const [key, part] of Object.entries(drawn)) if (key !== 'placeholder') yield* within(part);
}

it('what a screen reader says of a button begins with what is to be seen on it', () => {
  for (const [name, drawn] of everything('Ci'))
    for (const { accessibility_label: spoken, text } of within(drawn))
      if (typeof spoken === 'string' && !spoken.startsWith((text as { text: string }).text))
        expect.fail(`${name}: ${spoken}`);
});

/** Behind the marks that may stand before a line. */
const SMALL = /^(?:[\s•▏>*_]|:[a-z_]+:|\d\.)*\p{Ll}/u;
/** A setting of AWS's, keyrotate's own name, and the summary's list of owners, in which `nobody` stands like a name. */
const AS_IT_IS = /credential_process|^keyrotate |^• nobody: /;

/** What is read, line by line, commands to be copied apart. A message's own text is what notifications say. */
function linesIn({ type, text, blocks }: Record<string, unknown>): string[] {
  const isText = type === 'mrkdwn' || type === 'plain_text' || blocks !== undefined;
  return isText && typeof text === 'string' ? text.replace(/```[\s\S]*?```/g, '').split('\n') : [];
}

it('no line begins with a small letter', () => {
  const wrong = everything('Ci').flatMap(([name, drawn]) =>
    [...within(drawn)]
      .flatMap(linesIn)
      .filter((line) => SMALL.test(line) && !AS_IT_IS.test(line))
      .map((line) => `${name}: ${line}`),
  );
  expect([...new Set(wrong)]).toEqual([]);
});
