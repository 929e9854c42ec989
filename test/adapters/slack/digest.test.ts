// One message about several IAM users: what needs the owner most stands first, and each row opens its card.
import { describe, expect, it } from 'vitest';
import { buildDigest } from '../../../src/adapters/slack/blocks/digest.ts';
import { parseTarget, showId } from '../../../src/adapters/slack/blocks/press.ts';
import type { CardView } from '../../../src/adapters/slack/wording/card/card-view.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import type { RotationAt } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { STAGES, type Stage } from '../../../src/domain/transitions.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { pressables } from '../../sandbox/servers/slack/pressables.ts';
import { asRead, at, bySam, entry, NOW, sighting, userAt, viewOf, wordsOf } from './fixtures.ts';
import { LONGEST } from './hostile.ts';

/** A user of another name, its rotation changed a little. */
const named = <S extends Stage>(userName: string, stage: S, changes: Partial<RotationAt<S>> = {}) =>
  at(stage, changes, { userName });

const digest = (users: IamUser[], changes: Partial<CardView> = {}) =>
  buildDigest(users.map((user) => viewOf(user, changes)));

const rowsIn = (users: IamUser[]) =>
  pressables({ blocks: digest(users).blocks }).flatMap(({ element }) =>
    element.type === 'button' ? (parseTarget(element.value ?? '')?.userName ?? []) : [],
  );

describe('the digest', () => {
  it('says in a row each where it is, by when, and what is next', () => {
    const users = [
      named('old-site', 'retired'),
      userAt('due'),
      named('legacy-etl', 'issued', { oldKeyCreatedAt: NOW - 95 * DAY }),
      named('mailer', 'deactivated', { offSince: NOW - 9 * DAY }),
    ];
    expect(asRead(digest(users), { notification: true })).toBe(`
│ Notification: 4 access keys need you: legacy-etl (5 days overdue), ci-deploy
│ (due by Friday, November 27th), mailer (can be deleted) and 1 more.
│ 4 access keys need you
│ New key …QJLD of legacy-etl is ready: use it now (5 days overdue)
│ Old key …4NOP · account prod (1111-2222-3333) · 95 days old · last used 2
│ hours ago: s3, eu-west-1
│ [ Open ]
│ Replace the access key of ci-deploy by Friday, November 27th
│ …4NOP · account prod (1111-2222-3333) · 83 days old · last used 2 hours ago:
│ s3, eu-west-1
│ [ Open ]
│ Delete the old key of mailer, off since Nov 11
│ Old key …4NOP · account prod (1111-2222-3333) · 83 days old · off, last used
│ 10 days ago: s3
│ [ Open ]
│ Off since Nov 19: the key of old-site
│ …4NOP · account prod (1111-2222-3333) · 83 days old · off, last used 10 days
│ ago: s3
│ [ Open ]
│ Open brings the message with the buttons, one for each IAM user, as it is
│ then. This list stays as it was on Nov 20 at 14:00.
`);
  });

  it('ends with who writes and why, for people who have never heard of it', () => {
    const first = digest([userAt('due'), named('mailer', 'due')], {
      isFirst: true,
      helpers: { channel: 'C456' },
    });
    expect(JSON.stringify(first.blocks.at(-1))).toMatch(
      /I am keyrotate.*Questions\? Ask an admin in <#C456>/,
    );
    expect(wordsOf(digest([userAt('due')]))).not.toContain('I am keyrotate');
  });

  it('puts what is out of order first, and what is over last', () => {
    const users = [
      named('over', 'resolved'),
      named('later', 'due'),
      named('off', 'retired', { offSince: NOW - 30 * DAY }),
      named('broken', 'deactivated', { newKeyOutSince: NOW }),
      named('overdue', 'due', { oldKeyCreatedAt: NOW - 99 * DAY }),
    ];
    expect(rowsIn(users)).toEqual(['broken', 'overdue', 'later', 'off']);
    expect(wordsOf(digest(users))).toContain('Done: the key of over is gone from AWS');
  });

  it('says in a row what happened to it', () => {
    const words = (user: IamUser) => wordsOf(digest([user]));
    expect(words(named('x', 'retired', { history: [sighting('oldKeyOff')] }))).toContain(
      'Somebody turned …4NOP off in AWS.',
    );
    expect(words(named('x', 'confirmed', { history: [bySam('confirmMigration')] }))).toContain(
      'An admin did this for you: I replaced it everywhere',
    );
    expect(words(named('x', 'confirmed', { history: [entry('confirmMigration')] }))).not.toContain('admin');
  });

  it('says who has to act while the owner is in doubt', () => {
    const to: Owner = { kind: 'nobody', why: 'none', named: [] };
    expect(wordsOf(digest([userAt('due', { ownerChange: { to, at: NOW } })]))).toContain(
      'An admin decides who owns ci-deploy',
    );
  });

  it('is quiet when everything is done', () => {
    const done = digest([named('one', 'resolved'), named('two', 'resolved')]);
    expect(done.text).toBe('2 access keys done: one (done), two (done).');
    expect(pressables(done)).toEqual([]);
    expect(wordsOf(done)).not.toContain('Open');
  });

  it('opens a card from each row', () => {
    const pressable = pressables(digest(STAGES.map((stage) => named(LONGEST, stage))));
    expect(pressable).toHaveLength(6);
    for (const { element, label } of pressable) {
      // Screen readers read the buttons without the rows.
      expect(element).toMatchObject({ accessibility_label: `Open ${LONGEST}` });
      expect([label, element.action_id]).toEqual(['Open', showId()]);
      expect('value' in element && element.value).toBe(`111122223333/${LONGEST}`);
    }
  });
});

describe('however many there are', () => {
  const many = (number: number, user: IamUser) => Array<IamUser>(number).fill(user);
  const long = named(LONGEST, 'issued', {
    contactedAt: NOW - 980 * DAY,
    oldKeyCreatedAt: NOW - 990 * DAY,
    history: [sighting('oldKeyOn')],
  });

  it.each([1, 2, 30, 31, 500])('%i rows fit Slack with the longest names', (number) => {
    const { text, blocks } = digest(many(number, long), {
      isFirst: true,
      accountName: 'a-name-of-an-account-with-40-characters-',
    });
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(pressables({ blocks })).toHaveLength(Math.min(number, 30));
    expect(text.length).toBeLessThan(400);
    const rest = wordsOf({ text, blocks }).match(/…and (\d+) more; (.*) lists them/);
    expect(rest?.slice(1)).toEqual(number > 30 ? [`${number - 30}`, '/keyrotate status'] : undefined);
  });

  it('keeps numbers in their place beside a name that runs from right to left', () => {
    const { blocks } = digest([userAt('due')], { accountName: 'ייצור 2' });
    expect(JSON.stringify(blocks)).toContain('account \u2068ייצור 2\u2069 (1111-2222-3333) · 83');
  });
});
