// Foreign text cannot do anything in Slack but be read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channelLink,
  code,
  codeBlock,
  cut,
  label,
  mention,
  prose,
} from '../../../src/adapters/slack/escape.ts';
import { mrkdwnLines } from '../../sandbox/servers/slack/block-lines.ts';
import { HOSTILE, PINGS } from './hostile.ts';

const reader = { reading: undefined, nameOf: () => undefined };
const spans = (text: string) => mrkdwnLines(text, reader).flat();

describe('code', () => {
  it('keeps what it can, and never opens or closes anything', () => {
    expect(code('ci_deploy*')).toBe('`ci_deploy*`');
    expect(code('a`b <c> & \n d')).toBe("`a'b &lt;c&gt; &amp; d`");
    expect(code('')).toBe('`?`');
    expect(code('x'.repeat(65))).toBe(`\`${'x'.repeat(63)}…\``);
  });

  it('removes what turns the line around or takes no room', () => {
    expect(code('safe\u202egpj.exe\u2066\u200b\u00ad')).toBe('`safegpj.exe`');
  });

  it('is one stretch of code whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(spans(code(text)).map(({ styles }) => styles)).toEqual([['code']]);
      }),
    );
  });
});

describe('prose', () => {
  it('looks the same and formats nothing', () => {
    expect(prose('*bold* _it_ snake_case ~no~ `x`')).toBe("∗bold∗ ˍitˍ snake_case ∼no∼ 'x'");
    expect(prose('Zoë & <!here>')).toBe('Zoë &amp; &lt;!here&gt;');
  });

  it('never carries a style or a link, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'*_~`<>&| ab@!#\u202e\n') }), (text) => {
        expect(spans(`x ${prose(text)} y`).flatMap(({ styles }) => styles)).toEqual([]);
        expect(prose(text)).not.toMatch(/[<>]/);
      }),
    );
  });

  it('pings nobody', () => {
    for (const made of [code(HOSTILE), prose(HOSTILE), codeBlock(HOSTILE)]) expect(made).not.toMatch(PINGS);
  });
});

describe('what is written from right to left', () => {
  it('is set apart, so that numbers and marks around it stay where they are', () => {
    expect(prose('דנה לוי')).toBe('\u2068דנה לוי\u2069');
    expect(prose('فاطمة')).toBe('\u2068فاطمة\u2069');
    expect(code('דנה')).toBe('`\u2068דנה\u2069`');
    expect(prose('Ana Lima')).toBe('Ana Lima');
  });

  it('is cut before it is set apart, and cannot end that by itself', () => {
    expect(prose('\u2069דנהדנה\u2068', 4)).toBe('\u2068דנה…\u2069');
  });
});

describe('a label', () => {
  it('is plain text, cut to what fits', () => {
    expect(label('ci_deploy (R&D <eu>)')).toBe('ci_deploy (R＆D ‹eu›)');
    expect(label('x'.repeat(80))).toBe(`${'x'.repeat(74)}…`);
    expect(label('a\nb\u202e')).toBe('a b');
  });
});

describe('the rest', () => {
  it('keeps a block of code to the letter, but for what would end it', () => {
    expect(codeBlock("aws `x` 'y' & <z>")).toBe("```aws `x` 'y' &amp; &lt;z&gt;```");
    expect(codeBlock('a```b')).toBe("```a'''b```");
  });

  it('links only what looks like an id', () => {
    expect(mention('U0123ABC')).toBe('<@U0123ABC>');
    expect(mention('!channel')).toBe('`!channel`');
    expect(channelLink('C456')).toBe('<#C456>');
    expect(channelLink('#general')).toBe('`#general`');
  });

  it('cuts between characters, not within', () => {
    expect(cut('🔑🔑🔑', 2)).toBe('🔑…');
    expect(cut('🔑🔑', 2)).toBe('🔑🔑');
  });
});
