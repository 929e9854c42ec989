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
│ (due by 27 November), mailer (can be deleted) and 1 more.
│ 4 access keys need you
│ legacy-etl · prod (1111-2222-3333) · key …4NOP
│ 5 days overdue (was due by Sunday, November 15th)
│ Step 2 of 4: put the new key wherever the old one is used.
│ [ Open ]
│ ci-deploy · prod (1111-2222-3333) · key …4NOP
│ Rotate by Friday, November 27th
│ Step 1 of 4: create a new key.
│ [ Open ]
│ mailer · prod (1111-2222-3333) · key …4NOP
│ Off, can be deleted now
│ Step 4 of 4: delete the old key.
│ [ Open ]
│ old-site · prod (1111-2222-3333) · key …4NOP
│ Off, can be deleted from Nov 26
│ Step 2 of 2: delete the key.
│ [ Open ]
│ Open brings the message with the buttons, one for each IAM user.
`);
  });

  it('begins with who writes and why, for people who have never heard of it', () => {
    const [first] = digest([userAt('due'), named('mailer', 'due')], { isFirst: true }).blocks;
    expect(JSON.stringify(first)).toContain('I am keyrotate');
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
    expect(wordsOf(digest(users))).toContain('Done: the key is gone from AWS.');
  });

  it('says in a row what happened to it', () => {
    const words = (user: IamUser) => wordsOf(digest([user]));
    expect(words(named('x', 'retired', { history: [sighting('oldKeyOff')] }))).toMatch(
      /Somebody turned .*4NOP off in AWS\./,
    );
    expect(words(named('x', 'confirmed', { history: [bySam('confirmMigration')] }))).toContain(
      'An admin did this for you: I replaced it everywhere',
    );
    expect(words(named('x', 'confirmed', { history: [entry('confirmMigration')] }))).not.toContain('admin');
  });

  it('says who has to act while the owner is in doubt', () => {
    const to: Owner = { kind: 'nobody', why: 'none', named: [] };
    for (const stage of ['due', 'deleted'] as const)
      expect(wordsOf(digest([userAt(stage, { ownerChange: { to, at: NOW } })]))).toContain(
        'Its tags name another owner since 20 November: an admin decides.',
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
    expect(JSON.stringify(blocks)).toContain('· \u2068ייצור 2\u2069 (1111-2222-3333) · key');
  });
});
