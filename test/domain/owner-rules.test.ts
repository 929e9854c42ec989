// What an admin writes to give owners to many: rules, tables, and the names in both.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitsPattern,
  fitsRule,
  isFound,
  isOwnerTable,
  readNamedOwner,
  readOwnerRules,
} from '../../src/domain/owner-rules.ts';

const ACCOUNT = '111122223333';
const read = (text: string) =>
  readOwnerRules(text, (pattern) => (fitsPattern(pattern, 'prod') ? [ACCOUNT] : []));
const parts = (text: string) =>
  read(text).rules.map(({ userName, owner, accounts }) => [userName, owner, ...(accounts ? [accounts] : [])]);

describe('a rule', () => {
  it.each([
    ['ci-* → #platform', [['ci-*', '#platform']]],
    ['batch-?? = @ana', [['batch-??', '@ana']]],
    ['prod/etl-* -> ana@example.com', [['etl-*', 'ana@example.com', [ACCOUNT]]]],
    ['p*/x=>U0123456789', [['x', 'U0123456789', [ACCOUNT]]]],
    ['other/x -> U0123456789', [['x', 'U0123456789', []]]],
    ['a=b->c@d.ef', [['a=b', 'c@d.ef']]],
    ['a,b -> <@U0123456789|ana>', [['a,b', '<@U0123456789|ana>']]],
    ['\n\n  x->y  \r\n', [['x', 'y']]],
  ])('is read: %j', (text, rules) => {
    expect(parts(text)).toEqual(rules);
  });

  it('that is none is told by its line', () => {
    expect(read('x -> y\n\nnonsense\n-> z\nprod/ -> z').unclear).toEqual([
      { line: 3, text: 'nonsense' },
      { line: 4, text: '-> z' },
      { line: 5, text: 'prod/ -> z' },
    ]);
  });

  it('fits names in any case of letters, all of them and nothing else', () => {
    const fits = (pattern: string, name: string) => fitsPattern(pattern, name);
    expect(['CI-deploy', 'ci-', 'ci-a-b'].every((name) => fits('ci-*', name))).toBe(true);
    expect(['ci', 'xci-1', ''].some((name) => fits('ci-*', name))).toBe(false);
    expect([
      fits('*-prod-*', 'a-prod-prod-b'),
      fits('a.c', 'abc'),
      fits('a?c', 'abc'),
      fits('a?', 'a'),
    ]).toEqual([...[true, false, true, false]]);
    expect([fits('*', ''), fits('**', 'x'), fits('', ''), fits('', 'x')]).toEqual([true, true, true, false]);
  });

  it('fits as a regular expression would, and never takes long', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
    const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(letters, names, (pattern, name) => {
        const regular = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(fitsPattern(pattern, name)).toBe(regular.test(name));
      }),
    );
    expect(fitsPattern(`${'*a'.repeat(1400)}b`, 'a'.repeat(64))).toBe(false);
  });

  it('counts in its accounts alone, and names of a table are no patterns', () => {
    const [rule] = read('prod/x* -> y').rules;
    const [exact] = read('user,owner\nx*,y').rules;
    if (!rule || !exact) throw new Error('no rule');
    expect(fitsRule(rule, { account: ACCOUNT, userName: 'xy' })).toBe(true);
    expect(fitsRule(rule, { account: '222233334444', userName: 'xy' })).toBe(false);
    expect(fitsRule(exact, { account: ACCOUNT, userName: 'xy' })).toBe(false);
  });
});

describe('a table', () => {
  it.each([
    ['user,owner\nci-1,a@b.cd', [['ci-1', 'a@b.cd']]],
    ['Owner;Account;User\r\na@b.cd;prod;ci-1\r\n', [['ci-1', 'a@b.cd', [ACCOUNT]]]],
    ['user\towner\nci-1\tU0123456789', [['ci-1', 'U0123456789']]],
    ['"IAM user",key,owner\n"ops/a,b",on,"<@U0123456789|a ""b"" c>"', [['a,b', '<@U0123456789|a "b" c>']]],
    [
      "user,owner\n'=cmd,a@b.cd\n'+1,a@b.cd",
      [
        ['=cmd', 'a@b.cd'],
        ['+1', 'a@b.cd'],
      ],
    ],
    ['user,tags,owner\nx,"two\nlines",a@b.cd', [['x', 'a@b.cd']]],
  ])('is read: %j', (text, rules) => {
    expect(isOwnerTable(text)).toBe(true);
    expect(parts(text)).toEqual(rules);
  });

  it('leaves rows without an owner open, and tells rows without a name', () => {
    const { leftOpen, unclear, rules } = read('user,owner\nx,\ny\n,a@b.cd\n,\nz,a@b.cd');
    expect({ leftOpen, unclear, rules: rules.length }).toEqual({
      ...{ leftOpen: 2, unclear: [{ line: 4, text: ',a@b.cd' }], rules: 1 },
    });
  });

  it('whatever it holds, reading it ends', () => {
    const pieces = fc.constantFrom('"', ',', '\n', '\r', 'a', '""', ' ', "'", '\t', ';');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (some) => {
        read(`user,owner\n${some.join('')}`);
      }),
    );
  });
});

describe('an owner', () => {
  it.each([
    ['U0123456789', { kind: 'person', slackId: 'U0123456789' }],
    ['@U0123456789', { kind: 'person', slackId: 'U0123456789' }],
    ['<@U0123456789|Ana García>', { kind: 'person', slackId: 'U0123456789' }],
    ['<#C0123456789|platform>', { kind: 'channel', channelId: 'C0123456789' }],
    ['C0123456789', { kind: 'channel', channelId: 'C0123456789' }],
    ['Ana@Example.com', { kind: 'email', email: 'ana@example.com' }],
    ['<mailto:ana@example.com|ana@example.com>', { kind: 'email', email: 'ana@example.com' }],
    ['#Platform', { kind: 'channelName', name: 'platform' }],
    ['@ana', undefined],
    ['Ana', undefined],
    ['#two words', undefined],
    ['<!channel>', undefined],
  ])('%s', (words, named) => {
    expect(readNamedOwner(words)).toEqual(named);
  });
});

it('a search is a part of a name, or a pattern of all of it', () => {
  const found = (search: string) => isFound(search, { account: ACCOUNT, userName: 'nightly-etl-1' });
  expect(['ETL', 'night', 'n*1', 'nightly-etl-?'].every(found)).toBe(true);
  expect(['etl-?', 'x', 'etl*'].some(found)).toBe(false);
});
