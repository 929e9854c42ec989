// How messages read in a terminal.
import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { formatDate } from './date-tokens.ts';
import { plainText, type Rendering, renderMessage } from './transcript.ts';
import { addChannel, addMember, createWorkspace, type Message } from './workspace.ts';

const workspace = createWorkspace();
const ana = addMember(workspace, { name: 'ana', real_name: 'Ana', tz: 'Europe/Berlin' });
const help = addChannel(workspace, { name: 'aws-help' });
const now = Date.parse('2026-11-20T13:00:00Z');
const rendering: Rendering = { workspace, reader: ana.id, colour: false, now };
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const says = (text: string, more: Partial<Message> = {}): Message => {
  return { ts: '1.000001', channel: 'D1', user: workspace.bot.userId, text, blocks: [], ...more };
};

const CARD: KnownBlock[] = [
  {
    ...{ type: 'section' },
    text: mrkdwn(
      '*Access key* `****************4NOP` *is 83 days old*\nIAM user `ci-deploy` · rotate by *<!date^1795784400^{date_short} at {time}|27 Nov>*',
    ),
  },
  {
    type: 'actions',
    elements: [
      {
        ...{ type: 'button', text: plain('Create new key'), style: 'primary' },
        confirm: {
          title: plain('Create?'),
          text: plain('Both keys work.'),
          confirm: plain('Create'),
          deny: plain('Not yet'),
        },
      },
      { type: 'button', text: plain("I don't need this key") },
      {
        type: 'overflow',
        options: [
          { text: plain('Not mine'), value: 'a' },
          { text: plain('Why me?'), value: 'b' },
        ],
      },
    ],
  },
  {
    type: 'context',
    elements: [mrkdwn('_Creating a key changes nothing for the old one: both work until you say so._')],
  },
];

describe('renderMessage', () => {
  it('draws a card', () => {
    expect(`\n${renderMessage(says('Key due', { blocks: CARD }), rendering)}\n`).toBe(`
│ Access key ****************4NOP is 83 days old
│ IAM user ci-deploy · rotate by Nov 27 at 14:00
│ [ Create new key ]  [ I don't need this key ]  [ ⋯ ]
│ Creating a key changes nothing for the old one: both work until you say so.
`);
  });

  it('says what menus hold and what buttons ask, when asked', () => {
    const text = renderMessage(says('Key due', { blocks: CARD.slice(1, 2) }), {
      ...rendering,
      details: true,
      notification: true,
    });
    expect(`\n${text}\n`).toBe(`
│ Notification: Key due
│ [ Create new key ]  [ I don't need this key ]  [ ⋯ ]
│ [ ⋯ ] Not mine · Why me?
│ “Create new key” asks: Create? Both keys work.  [ Create ]  [ Not yet ]
`);
  });

  it('resolves names and links, and unescapes once', () => {
    const text = `Ask <@${ana.id}> in <#${help.id}> &lt;now&gt; &amp;lt; <https://a.test/x|the guide> <https://b.test> <!here>`;
    expect(renderMessage(says(text), rendering)).toBe(
      '│ Ask @Ana in #aws-help <now> &lt; the guide (https://a.test/x) https://b.test\n│ @here',
    );
  });

  it('sets code in, and hangs list items', () => {
    const text = `1. Get it: \`\`\`aws get\n--all\`\`\`\n2. ${'word '.repeat(20)}end\n&gt; quoted`;
    expect(`\n${renderMessage(says(text), rendering)}\n`).toBe(`
│ 1. Get it:
│     aws get
│     --all
│ 2. word word word word word word word word word word word word word word
│    word word word word word word end
│ ▏ quoted
`);
  });

  it('leaves marks alone that are not mrkdwn', () => {
    expect(renderMessage(says('2*3*4 snake_case_name `*x*` * y *'), rendering)).toBe(
      '│ 2*3*4 snake_case_name *x* * y *',
    );
  });

  it('colours when it may', () => {
    const message = says('', { blocks: [{ type: 'section', text: mrkdwn('*a `b`*') }] });
    expect(renderMessage(message, { ...rendering, colour: true })).toBe(
      '\u001b[2m│\u001b[22m \u001b[1ma \u001b[22m\u001b[36m\u001b[1mb\u001b[22m\u001b[39m',
    );
  });

  it('marks what is deleted or private', () => {
    expect(renderMessage(says('x', { deleted: true }), rendering)).toBe('│ (deleted)');
    expect(renderMessage(says('x', { ephemeralTo: ana.id }), rendering)).toBe('│ Only visible to you\n│ x');
  });
});

describe('plainText', () => {
  it('holds every word, menus and questions included', () => {
    expect(plainText(says('Key due', { blocks: CARD })).split('\n')).toEqual([
      'Key due',
      'Access key ****************4NOP is 83 days old',
      'IAM user ci-deploy · rotate by 27 Nov',
      "[ Create new key ]  [ I don't need this key ]  [ ⋯ ]",
      'Creating a key changes nothing for the old one: both work until you say so.',
      '[ ⋯ ] Not mine · Why me?',
      '“Create new key” asks: Create? Both keys work.  [ Create ]  [ Not yet ]',
    ]);
  });
});

describe('formatDate', () => {
  const at = Date.parse('2026-11-21T23:30:05Z') / 1000;
  const reading = { tz: 'Europe/Berlin', now };

  it.each([
    ['{date_long}', 'Sunday, November 22nd'],
    ['by {date_short} at {time}', 'By Nov 22 at 00:30'],
    ['{ago}', 'In 1 day'],
    ['{nonsense}', '{nonsense}'],
  ])('%s reads %s', (pattern, text) => {
    expect(formatDate(pattern, at, reading)).toBe(text);
  });

  it('names the year of what is further away than half a year', () => {
    const april = Date.parse('2026-04-01T12:00:00Z') / 1000;
    expect(formatDate('{date_short}', april, reading)).toBe('Apr 1, 2026');
  });
});
