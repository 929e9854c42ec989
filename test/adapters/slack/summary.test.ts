// What admins read: figures first, then what needs a hand.
import { describe, expect, it } from 'vitest';
import { showId } from '../../../src/adapters/slack/blocks/press.ts';
import { buildSummary } from '../../../src/adapters/slack/blocks/summary.ts';
import type { SummaryFacts } from '../../../src/adapters/slack/wording/summary/summary-text.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Summary, SummaryItem } from '../../../src/usecases/night/gathered-summary.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { pressables } from '../../sandbox/servers/slack/pressables.ts';
import { ANA, asRead, NEW, NOW, OLD, wordsOf } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';
import { QUIET } from './summaries.ts';

const ben: Owner = { kind: 'person', slackId: 'U000000BEN', from: 'ownerTag' };
const left: Owner = { kind: 'nobody', why: 'left', named: [ANA.id] };
const disowned: Owner = { kind: 'nobody', why: 'disowned', named: ['U000000BEN'] };
const ana: Owner = { kind: 'person', slackId: ANA.id, from: 'ownerTag' };
const facts: SummaryFacts = {
  accountName: (account) => ({ '111122223333': 'prod', '444455556666': 'data' })[account],
  personName: (id) => ({ [ANA.id]: 'Ana Lima', U000000BEN: 'Ben Okafor' })[id],
  maxKeyAgeDays: 90,
};

const item = (changes: Partial<SummaryItem> = {}): SummaryItem => ({
  account: '111122223333',
  userName: 'ci-deploy',
  oldKeyId: OLD,
  ageDays: 95,
  owner: ana,
  ...changes,
});

const agreed = { until: NOW + 30 * DAY, why: 'the vendor ships in January' };

const busy: Summary = {
  ...QUIET,
  stages: { due: 31, postponed: 4, issued: 9, confirmed: 2, deactivated: 5, retired: 1 },
  finished: 22,
  overdueKeys: [
    item({ userName: 'legacy-etl', account: '444455556666', ageDays: 212 }),
    item(),
    item({ userName: 'ghost', owner: { kind: 'nobody', why: 'none', named: [] } }),
  ],
  overdue: [item({ userName: 'legacy-etl', account: '444455556666', ageDays: 212 })],
  noOwner: [
    item({ userName: 'mailer', owner: { kind: 'nobody', why: 'none', named: ['gone@example.com'] } }),
    item({
      userName: 'ftp',
      owner: { kind: 'nobody', why: 'ambiguous', named: ['a@x.com', 'b@x.com', 'c@x.com'] },
    }),
    item({ userName: 'ghost', owner: { kind: 'nobody', why: 'none', named: [] } }),
  ],
  ownerLeft: [item({ userName: 'crm', owner: left }), item({ userName: 'cms', owner: left })],
  notMine: [item({ userName: 'erp', owner: disowned })],
  ownerChanged: [{ ...item({ userName: 'billing' }), to: ben }],
  timeAsked: [{ ...item({ userName: 'scanner' }), ...agreed }],
  postponed: [{ ...item({ userName: 'printer' }), ...agreed }],
  exempt: [
    { account: '111122223333', userName: 'vendor-x', owner: ana, ...agreed, why: '' },
    { account: '111122223333', userName: 'vendor-y', owner: ana, why: 'never, *please*' },
  ],
  bothNeeded: [item({ userName: 'shared' })],
  unanswered: [item({ userName: 'silent', owner: { kind: 'channel', channelId: 'C00000TEAM' } })],
  failing: [{ ...item(), what: 'createKey', code: 'AccessDenied', since: NOW - DAY }],
  stranded: [{ account: '111122223333', userName: 'ci-deploy', keyId: NEW }],
  accounts: { configured: 20, swept: 19, notSwept: [{ account: '999900001111' }], inPreview: 0 },
  unreadable: [{ account: '444455556666', count: 2, first: { line: 17, why: 'no arn' } }],
};

describe('the summary', () => {
  it('is short when all is well', () => {
    expect(asRead(buildSummary(QUIET, facts), { notification: true })).toBe(`
│ Notification: Access keys from November 13 to November 20: 97.4 % young
│ enough (96.1 % before). Nothing needs a hand.
│ Access keys from November 13 to November 20: 97.4 % young enough (96.1 %
│ before)
│ 516 of 530 keys were younger than 90 days at the last sweep.
│ Nothing needs a hand.
│ No rotation is open.
│ 20 of 20 accounts checked · mode: live · /keyrotate summary shows this at
│ any time
`);
  });

  it('says what needs a hand, the most pressing first, and pings nobody', () => {
    const summary = buildSummary(busy, { ...facts, helpChannel: 'C0123ABC' });
    expect(asRead(summary, { notification: true })).toBe(`
│ Notification: Access keys from November 13 to November 20: 97.4 % young
│ enough (96.1 % before). The secret of 1 new key is not in the vault ·
│ Something fails for 1 IAM user · More time is asked for 1 access key · The
│ tags of 1 IAM user name another owner · 1 access key is said to be somebody
│ else’s · 1 owner left: 2 access keys need another · and more.
│ Access keys from November 13 to November 20: 97.4 % young enough (96.1 %
│ before)
│ 516 of 530 keys were younger than 90 days at the last sweep. 3 are overdue
│ by now: 2 wait for 1 owner, 1 has no owner.
│ What needs a hand, the most pressing first:
│ The secret of 1 new key is not in the vault
│ keyrotate was creating it then. If nobody else made it, remove it.
│ • …QJLD of ci-deploy in prod (1111-2222-3333)
│ [ Open ]
│ Something fails for 1 IAM user
│ I go on trying.
│ • ci-deploy in prod (1111-2222-3333): “Create new key” since Nov 19
│   (AccessDenied)
│ [ Open ]
│ More time is asked for 1 access key
│ Owners may take a little by themselves. This is more.
│ • scanner in prod (1111-2222-3333): until Dec 20, “the vendor ships in
│   January” (Ana Lima)
│ [ Open ]
│ The tags of 1 IAM user name another owner
│ Until you decide, only admins can act on them.
│ • billing in prod (1111-2222-3333): Ana Lima so far, the tags name Ben
│   Okafor
│ [ Decide ]
│ 1 access key is said to be somebody else’s
│ Nobody is asked about them until they have an owner.
│ • erp in prod (1111-2222-3333): …4NOP, 95 days old (Ben Okafor says it is
│   not theirs)
│ [ Decide ]
│ 1 owner left: 2 access keys need another
│ Nobody is asked about them until they have an owner.
│ Ana Lima: 2 keys, the oldest 95 days
│ [ See who ]
│ 3 access keys have no owner
│ Nobody is asked about them until they have an owner: set the owner tag, or
│ name one.
│ • mailer in prod (1111-2222-3333): …4NOP, 95 days old (its tags name
│   gone@example.com, no full member of this workspace)
│ • ftp in prod (1111-2222-3333): …4NOP, 95 days old (its tags name a@x.com
│   and b@x.com and others)
│ • ghost in prod (1111-2222-3333): …4NOP, 95 days old
│ [ Assign owners… ]  [ See all ]
│ 1 owner does not answer (1 access key)
│ I go on reminding them. Nudge them, or hand over.
│ #C00000TEAM: 95 days
│ [ See who ]
│ Both keys are needed for 1 IAM user
│ Give one application of each an IAM user of its own.
│ • shared in prod (1111-2222-3333): …4NOP, 95 days old (Ana Lima)
│ [ Open ]
│ 1 opt-out tag names no date that counts
│ It exempts from nothing.
│ • vendor-y in prod (1111-2222-3333): “never, ∗please∗”
│ 1 account was not checked
│ • 9999-0000-1111
│ The credential report of 1 account has rows I could not read
│ • data (4444-5555-6666): 2 rows (line 17: no arn)
│ 1 person has overdue keys (1 key)
│ I remind them.
│ Ana Lima: 212 days
│ [ Open ]
│ 1 key is put off
│ • printer in prod (1111-2222-3333): until Dec 20, “the vendor ships in
│   January” (Ana Lima)
│ 1 IAM user is opted out by tag
│ • vendor-x in prod (1111-2222-3333): until Dec 20, no reason given (Ana
│   Lima)
│ Rotations: 31 not started · 4 put off · 9 being replaced · 2 ready to turn
│ off · 6 off and awaiting deletion · 22 finished
│ [ All of it as CSV ]
│ 19 of 20 accounts checked · mode: live · /keyrotate summary shows this at
│ any time
│ Questions? #C0123ABC
`);
    expect(JSON.stringify(summary)).not.toContain('<@');
  });

  it('does not call somebody silent whom nobody has asked', () => {
    const words = wordsOf(buildSummary({ ...QUIET, unasked: [item()] }, facts));
    expect(words).toContain(
      '1 person was not asked yet (1 access key)\nI write to owners on weekdays from 9 to 17 where they live',
    );
    expect(words).not.toContain('not answer');
  });

  it('says of a tag that names a channel why it does not count', () => {
    const owner: Owner = { kind: 'nobody', why: 'none', named: ['C00000TEAM'] };
    const words = wordsOf(buildSummary({ ...busy, noOwner: [item({ owner })] }, facts));
    expect(words).toContain('its tags name #C00000TEAM: a channel owns only what /keyrotate assign gives it');
  });

  it('says in preview who would have been asked', () => {
    const preview = [item(), item({ userName: 'backup', owner: { ...ana, slackId: 'U0000GONE' } })];
    expect(asRead(buildSummary({ ...QUIET, preview }, facts))).toContain(`
│ Preview: the owners of 2 IAM users would have been asked; nobody was
│ • ci-deploy in prod (1111-2222-3333): …4NOP, 95 days old (Ana Lima)
│ • backup in prod (1111-2222-3333): …4NOP, 95 days old (U0000GONE)`);
  });

  it('keeps numbers in their place beside names that run from right to left', () => {
    const names = { ...facts, personName: () => 'דנה לוי' };
    expect(JSON.stringify(buildSummary({ ...QUIET, overdue: [item()] }, names))).toContain(
      '\u2068דנה לוי\u2069: 95 days',
    );
  });

  it('does not round up to perfection, nor divide by nothing', () => {
    const said = (changes: Partial<Summary>) => wordsOf(buildSummary({ ...QUIET, ...changes }, facts));
    expect(said({ activeKeys: 10_000, withinAge: 9_999 })).toContain(': 99.9 % young enough');
    expect(said({ activeKeys: 7, withinAge: 7 })).toContain(': 100.0 % young enough');
    expect(said({ activeKeys: 0, withinAge: 0 })).toContain('No key is on in the accounts checked.');
    expect(said({ activeKeys: 1000, withinAge: 290 })).toContain('29.0 %');
  });

  it('does without a last time and without one age for all', () => {
    const { since: _, shareBefore: __, ...first } = QUIET;
    const words = asRead(buildSummary(first, { ...facts, maxKeyAgeDays: undefined }));
    expect(words).toContain('Access keys on November 20: 97.4 % young enough\n');
    expect(words).toContain('516 of 530 keys were within the age limit at the last sweep.\n');
  });

  it('fits Slack whatever the numbers, and counts the rest', () => {
    const many = <T>(one: T) => Array<T>(500).fill(one);
    const nobody = (why: 'none' | 'left') => ({ kind: 'nobody', why, named: many(HOSTILE) }) as const;
    /** It has all that a row of any list is made of. */
    const one = {
      ...item({ userName: LONGEST, owner: nobody('none') }),
      ...{ until: NOW, why: HOSTILE, to: ben, what: HOSTILE, code: HOSTILE, since: NOW, keyId: NEW },
      ...{ count: 9, first: { line: 1, why: HOSTILE } },
    };
    const { until: _, ...unclear } = one;
    const lists = Object.entries(busy).filter(([, value]) => Array.isArray(value));
    const huge: Summary = {
      ...busy,
      ...Object.fromEntries(lists.map(([name]) => [name, many(one)])),
      ownerLeft: many({ ...one, owner: nobody('left') }),
      exempt: [...many(one), ...many(unclear)],
      accounts: {
        configured: 500,
        swept: 0,
        notSwept: many({ account: '111122223333', refused: { operation: HOSTILE, code: HOSTILE } }),
        inPreview: 0,
      },
    };
    const hostile = { ...facts, accountName: () => HOSTILE, personName: () => HOSTILE };
    const { text, blocks } = buildSummary(huge, hostile);
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(text.length).toBeLessThan(500);
    expect(JSON.stringify([text, blocks])).not.toMatch(PINGS);
    expect(JSON.stringify(blocks)).not.toMatch(/AKIA/);
    expect(wordsOf({ text, blocks }).match(/…and (?:49\d|500) more/g)?.length).toBeGreaterThan(15);
  });

  it('says how many more there are than the few that it names', () => {
    const exempt = Array.from({ length: 12 }, (_, i) => ({
      ...item({ userName: `vendor-${i}` }),
      ...agreed,
    }));
    const words = wordsOf(buildSummary({ ...QUIET, exempt }, facts));
    expect(words).toContain('vendor-9 in prod');
    expect(words).toContain('…and 2 more');
  });

  it('names what was agreed also when nothing needs a hand', () => {
    const postponed = [{ ...item({ userName: 'printer' }), ...agreed }];
    const words = asRead(buildSummary({ ...QUIET, postponed, exempt: busy.exempt.slice(0, 1) }, facts));
    expect(words).toContain('Nothing needs a hand.');
    expect(words).toContain('• printer in prod (1111-2222-3333): until Dec 20, “the vendor ships in');
    expect(words).toContain('• vendor-x in prod (1111-2222-3333): until Dec 20, no reason given');
  });
});

describe('the last day of an opt-out', () => {
  it('is the one that the tag names, wherever it is read', () => {
    const until = Date.parse('2027-01-31T23:59:59.999Z');
    const exempt = [{ account: '111122223333', userName: 'vendor-x', owner: ana, until, why: 'contract' }];
    expect(asRead(buildSummary({ ...QUIET, exempt }, facts))).toContain('until Jan 31, “contract”');
  });
});

describe('the way on beside each list', () => {
  const entries = (summary: Summary) =>
    pressables(buildSummary(summary, facts))
      .filter(({ label }) => !['Assign owners…', 'All of it as CSV'].includes(label))
      .map(({ element, option, label }) => ({
        id: element.action_id,
        label,
        value: (option ?? (element as { value?: string })).value ?? '',
      }));

  it('opens the card of the only one, or the list of those that can be decided one after the other', () => {
    expect(entries(busy)).toEqual([
      { id: showId(), label: 'Open', value: '111122223333/ci-deploy' },
      { id: showId(), label: 'Open', value: '111122223333/ci-deploy' },
      { id: showId(), label: 'Open', value: '111122223333/scanner' },
      { id: 'summaryList:ownerChanged', label: 'Decide', value: '' },
      { id: 'summaryList:notMine', label: 'Decide', value: '' },
      { id: 'summaryList:ownerLeft', label: 'See who', value: '' },
      { id: 'summaryList:noOwner', label: 'See all', value: '' },
      { id: 'summaryList:unanswered', label: 'See who', value: '' },
      { id: showId(), label: 'Open', value: '111122223333/shared' },
      { id: showId(), label: 'Open', value: '444455556666/legacy-etl' },
    ]);
  });

  it('names each owner once, with how many keys wait for them', () => {
    const names = ['a', 'b', 'c', 'd'];
    const overdue = names.map((userName, i) =>
      item({ userName, ageDays: 200 - i, owner: userName === 'c' ? ben : ana }),
    );
    const words = wordsOf(buildSummary({ ...QUIET, overdue, overdueKeys: overdue }, facts));
    expect(words).toContain('4 are overdue by now: 4 wait for 2 owners.');
    expect(words).toContain('2 people have overdue keys (4 keys)');
    expect(words).toContain('Ana Lima: 3 keys, the oldest 200 days · Ben Okafor: 198 days\n[ See who ]');
  });

  it('is not there when nobody does', () => {
    expect(entries({ ...QUIET, postponed: [{ ...item(), ...agreed }] })).toEqual([]);
  });
});
