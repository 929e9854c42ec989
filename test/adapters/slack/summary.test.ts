// What admins read: figures first, then what needs a hand.
import { describe, expect, it } from 'vitest';
import { buildSummary } from '../../../src/adapters/slack/blocks/summary.ts';
import type { SummaryFacts } from '../../../src/adapters/slack/wording/summary.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Summary, SummaryItem } from '../../../src/usecases/summary.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/slack/blocks.ts';
import { ANA, asRead, NEW, NOW, OLD, wordsOf } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';

const ana: Owner = { kind: 'person', slackId: ANA.id, from: 'ownerTag' };
const facts: SummaryFacts = {
  accountName: (account) => ({ '111122223333': 'prod', '444455556666': 'data' })[account],
  personName: (id) => (id === ANA.id ? 'Ana Lima' : undefined),
  maxKeyAgeDays: 90,
};

const quiet: Summary = {
  at: NOW,
  since: NOW - 7 * DAY,
  activeKeys: 530,
  withinAge: 516,
  shareBefore: 0.961,
  stages: { due: 0, issued: 0, confirmed: 0, deactivated: 0, retired: 0 },
  overdue: [],
  withoutOwner: [],
  failing: [],
  stranded: [],
  preview: [],
  finished: 0,
  accounts: { configured: 20, swept: 20, notSwept: [] },
  unreadable: [],
};

const item = (changes: Partial<SummaryItem> = {}): SummaryItem => ({
  account: '111122223333',
  userName: 'ci-deploy',
  oldKeyId: OLD,
  ageDays: 95,
  owner: ana,
  ...changes,
});

const busy: Summary = {
  ...quiet,
  stages: { due: 31, issued: 9, confirmed: 2, deactivated: 5, retired: 1 },
  finished: 22,
  overdue: [item({ userName: 'legacy-etl', account: '444455556666', ageDays: 212 }), item()],
  withoutOwner: [
    item({ userName: 'mailer', owner: { kind: 'nobody', why: 'none', named: ['gone@example.com'] } }),
    item({
      userName: 'ftp',
      owner: { kind: 'nobody', why: 'ambiguous', named: ['a@x.com', 'b@x.com', 'c@x.com'] },
    }),
    item({ userName: 'ghost', owner: { kind: 'nobody', why: 'none', named: [] } }),
  ],
  failing: [{ ...item(), what: 'createKey', code: 'AccessDenied', since: NOW - DAY }],
  stranded: [{ account: '111122223333', userName: 'ci-deploy', keyId: NEW }],
  accounts: { configured: 20, swept: 19, notSwept: ['999900001111'] },
  unreadable: [{ account: '444455556666', count: 2, first: { line: 17, why: 'no arn' } }],
};

describe('the summary', () => {
  it('is short when all is well', () => {
    expect(asRead(buildSummary(quiet, facts), { notification: true })).toBe(`
│ Notification: Access keys: 516 of 530 (97.4 %) younger than 90 days; last
│ time 96.1 %. Nothing needs a hand.
│ Access keys, Nov 13 to Nov 20
│ 516 of 530 (97.4 %) younger than 90 days; last time 96.1 %
│ Nothing needs a hand.
│ Under way: 0 not started · 0 being replaced · 0 ready to turn off · 0 off
│ and awaiting deletion · 0 finished
│ 20 of 20 accounts checked.
`);
  });

  it('says what needs a hand, the most pressing first, and pings nobody', () => {
    const summary = buildSummary(busy, { ...facts, helpChannel: 'C0123ABC' });
    expect(asRead(summary, { notification: true })).toBe(`
│ Notification: Access keys: 516 of 530 (97.4 %) younger than 90 days; last
│ time 96.1 %. 1 key whose secret is not in the vault · 1 failing · 2 overdue
│ · 3 without an owner · 1 account not checked · 1 account with rows in the
│ credential report I could not read.
│ Access keys, Nov 13 to Nov 20
│ 516 of 530 (97.4 %) younger than 90 days; last time 96.1 %
│ 1 key whose secret is not in the vault, made while keyrotate was creating
│ one: if nobody else made it, delete it in AWS
│ • …QJLD of ci-deploy in prod (1111-2222-3333)
│ 1 failing
│ • ci-deploy in prod (1111-2222-3333): “Create new key” since Nov 19
│   (AccessDenied)
│ 2 overdue, the oldest first
│ • legacy-etl in data (4444-5555-6666): …4NOP, 212 days old (Ana Lima)
│ • ci-deploy in prod (1111-2222-3333): …4NOP, 95 days old (Ana Lima)
│ 3 without an owner: set the owner tag
│ • mailer in prod (1111-2222-3333): …4NOP, 95 days old (names
│   gone@example.com, no full member of this workspace)
│ • ftp in prod (1111-2222-3333): …4NOP, 95 days old (names a@x.com and
│   b@x.com and others)
│ • ghost in prod (1111-2222-3333): …4NOP, 95 days old
│ 1 account not checked
│ • 9999-0000-1111
│ 1 account with rows in the credential report I could not read
│ • data (4444-5555-6666): 2 rows (line 17: no arn)
│ Under way: 31 not started · 9 being replaced · 2 ready to turn off · 6 off
│ and awaiting deletion · 22 finished
│ 19 of 20 accounts checked. Questions? #C0123ABC
`);
    expect(JSON.stringify(summary)).not.toContain('<@');
  });

  it('says in preview who would have been asked', () => {
    const preview = [item(), item({ userName: 'backup', owner: { ...ana, slackId: 'U0000GONE' } })];
    expect(asRead(buildSummary({ ...quiet, preview }, facts))).toContain(`
│ Preview: the owners of 2 IAM users would have been asked; nobody was
│ • ci-deploy in prod (1111-2222-3333): …4NOP, 95 days old (Ana Lima)
│ • backup in prod (1111-2222-3333): …4NOP, 95 days old (name not known)`);
  });

  it('does not round up to perfection, nor divide by nothing', () => {
    const said = (changes: Partial<Summary>) => wordsOf(buildSummary({ ...quiet, ...changes }, facts));
    expect(said({ activeKeys: 10_000, withinAge: 9_999 })).toContain('9,999 of 10,000 (99.9 %)');
    expect(said({ activeKeys: 7, withinAge: 7 })).toContain('7 of 7 (100.0 %)');
    expect(said({ activeKeys: 0, withinAge: 0 })).toContain('no key is on in the accounts checked');
    expect(said({ activeKeys: 1000, withinAge: 290 })).toContain('(29.0 %)');
  });

  it('does without a last time and without one age for all', () => {
    const { since: _, shareBefore: __, ...first } = quiet;
    const words = asRead(buildSummary(first, { ...facts, maxKeyAgeDays: undefined }));
    expect(words).toContain('Access keys on Nov 20');
    expect(words).toContain('516 of 530 (97.4 %) within the age limit\n');
  });

  it('fits Slack whatever the numbers, and counts the rest', () => {
    const many = <T>(one: T) => Array<T>(500).fill(one);
    const long = item({ userName: LONGEST, owner: { kind: 'nobody', why: 'none', named: many(HOSTILE) } });
    const huge: Summary = {
      ...busy,
      overdue: many(item({ userName: LONGEST })),
      withoutOwner: many(long),
      failing: many({ ...long, what: HOSTILE, code: HOSTILE, since: NOW }),
      stranded: many({ account: '111122223333', userName: LONGEST, keyId: NEW }),
      preview: many(item({ userName: LONGEST })),
      accounts: { configured: 500, swept: 0, notSwept: many('111122223333') },
      unreadable: many({ account: '111122223333', count: 9, first: { line: 1, why: HOSTILE } }),
    };
    const hostile = { ...facts, accountName: () => HOSTILE, personName: () => HOSTILE };
    const { text, blocks } = buildSummary(huge, hostile);
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(text.length).toBeLessThan(500);
    expect(JSON.stringify([text, blocks])).not.toMatch(PINGS);
    expect(JSON.stringify(blocks)).not.toMatch(/AKIA/);
    expect(wordsOf({ text, blocks })).toContain('• and 495 more');
  });
});
