// What admins are told in their channel: who, what, how to act; and how it was settled.
import { describe, expect, it } from 'vitest';
import { buildAdminNotice } from '../../../src/adapters/slack/blocks/admin-notice.ts';
import { assignId, pressId, showId } from '../../../src/adapters/slack/blocks/press.ts';
import {
  type NoticeView,
  peopleInNotice,
} from '../../../src/adapters/slack/wording/admin/admin-notice-text.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { MATTER_KINDS, type MatterKind } from '../../../src/domain/message.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import type { HistoryEntry } from '../../../src/domain/rotation.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import type { Stage } from '../../../src/domain/transitions.ts';
import { pressables } from '../../sandbox/servers/slack/pressables.ts';
import {
  ANA,
  asRead,
  at,
  bySam,
  entry,
  NOW,
  newKey,
  oldKey,
  POLICY,
  ROTATIONS,
  SAM,
  sighting,
  userAt,
  wordsOf,
} from './fixtures.ts';
import { PINGS } from './hostile.ts';

const NAMES: Record<string, string> = {
  [ANA.id]: 'Ana Lima',
  U000000BEN: 'Ben Okafor',
  [SAM.id]: 'Sam Reed',
};
const ana = { kind: 'person', slackId: ANA.id, as: 'owner' } as const;
const ben: Owner = { kind: 'person', slackId: 'U000000BEN', from: 'ownerTag' };
const nobody: Owner = { kind: 'nobody', why: 'none', named: [] };
const link = { to: { kind: 'person', slackId: ANA.id }, by: SAM.id, at: NOW } as const;

/** `toldAt`: when admins were told of it. */
const notice = (user: IamUser, matter: MatterKind, changes: Partial<NoticeView> = {}, toldAt = NOW) =>
  buildAdminNotice({
    ...{ user, reader: { as: 'admins', matter, level: 1, at: toldAt }, drawing: 'd1' },
    ...{ accountName: 'prod', personName: (id) => NAMES[id], policy: POLICY, now: NOW },
    ...changes,
  });

const buttons = (content: ReturnType<typeof notice>) =>
  pressables(content).map(({ label, element }) => [label, element.action_id]);

const asked = entry('askForTime', {
  until: NOW + 60 * DAY,
  note: 'The vendor ships <!channel> in *January*.',
});
const request = { until: NOW + 60 * DAY, why: asked.note ?? '', by: ana, at: NOW };
const waiting = at('due', { request, history: [asked] });

describe('a request for more time', () => {
  it('says who asks, until when and why, and is approved or declined right there', () => {
    const content = notice(waiting, 'timeAsked');
    expect(asRead(content, { notification: true })).toBe(`
│ Notification: Ana Lima asks for more time for ci-deploy, until Tuesday,
│ January 19th.
│ Ana Lima asks for more time for ci-deploy, until Tuesday, January 19th
│ ▏ The vendor ships <!channel> in ∗January∗
│ Owners may take up to 14 days beyond the deadline by themselves. This is
│ more.
│ IAM user ci-deploy · account prod (1111-2222-3333) · owner: Ana Lima
│ Key …4NOP, 83 days old · rotate by Friday, November 27th
│ [ Approve ]  [ Decline ]  [ Show ]
`);
    expect(buttons(content)).toEqual([
      ['Approve', pressId('approve', false)],
      ['Decline', pressId('decline', false)],
      ['Show', showId()],
    ]);
    expect(JSON.stringify(content)).not.toMatch(PINGS);
  });

  it('keeps what was asked for, says how it was settled, and offers nothing any more', () => {
    const approved = at('postponed', { history: [asked, bySam('approve', { to: 'postponed' })] });
    const content = notice(approved, 'timeAsked');
    expect(asRead(content)).toBe(`
│ Settled for ci-deploy: more time asked for
│ :white_check_mark: More time was approved by Sam Reed on Nov 20 at 13:00.
│ Before: Ana Lima asks for more time for ci-deploy, until Tuesday, January
│ 19th “The vendor ships <!channel> in ∗January∗”
│ IAM user ci-deploy · account prod (1111-2222-3333) · owner: Ana Lima
│ Key …4NOP, 83 days old · rotate by Friday, December 4th
`);
    expect(buttons(content)).toEqual([]);
  });

  it.each<[string, IamUser]>([
    ['More time was declined by Sam Reed', at('due', { history: [asked, bySam('decline')] })],
    [
      'The key was turned off by Ana Lima',
      at('retired', { history: [asked, entry('createKey'), entry('retire', { to: 'retired' })] }),
    ],
    [
      'The old key was deleted in AWS on',
      at('resolved', {
        history: [asked, sighting('oldKeyGone', { to: 'resolved' })],
      }),
    ],
  ])('is settled also so: %s', (words, user) => {
    const content = notice(user, 'timeAsked');
    expect(wordsOf(content)).toContain(words);
    expect(buttons(content)).toEqual([]);
  });

  it('stays open when something failed meanwhile', () => {
    const history = [asked, entry('createKey', { outcome: 'failed' })];
    expect(buttons(notice(at('due', { request, history }), 'timeAsked'))).toHaveLength(3);
  });
});

describe('somebody who says that it is not theirs', () => {
  const said = entry('notMine', { by: { ...ana, slackId: 'U000000BEN' }, note: 'I only set it up' });

  it('is quoted, and admins learn how to name an owner', () => {
    const owner: Owner = { kind: 'nobody', why: 'disowned', named: ['U000000BEN'] };
    expect(asRead(notice(at('due', { history: [said] }, { owner }), 'notMine'))).toBe(`
│ ci-deploy needs an owner: Ben Okafor says it is not theirs
│ ▏ I only set it up
│ Nobody is asked about it until it has an owner.
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ Key …4NOP, 83 days old · rotate by Friday, November 27th
│ [ Hand over ]  [ Show ]
│ Show brings you the message with the buttons, to act yourself. Hand over
│ names another owner; so does /keyrotate assign prod/ci-deploy @person (or a
│ private #channel).
`);
  });

  it('is quoted with the names of those whom Slack made references of, and pings none of them', () => {
    const note = `<@U000000BEN|ben>, or <@U0000000XY>? I told <@${SAM.id}>`;
    const user = at('due', { history: [{ ...said, note }] });
    expect(wordsOf(notice(user, 'notMine'))).toContain('@Ben Okafor, or @U0000000XY? I told @Sam Reed');
    expect(JSON.stringify(notice(user, 'notMine').blocks)).not.toContain('<@');
    const { reader } = { reader: { as: 'admins', matter: 'notMine', level: 1, at: NOW } as const };
    expect(peopleInNotice(user, reader)).toEqual(expect.arrayContaining(['U000000BEN', SAM.id]));
  });

  it('is settled once an admin named an owner', () => {
    const content = notice(at('due', { history: [said] }, { link }), 'notMine');
    expect(wordsOf(content)).toContain(
      'The owner is Ana Lima now, set by Sam Reed on Nov 20, 2026 at 13:00 UTC.',
    );
    expect(buttons(content)).toEqual([]);
  });
});

describe('tags that name another owner', () => {
  it('are followed or not with one press, by name', () => {
    const content = notice(userAt('due', { ownerChange: { to: ben, at: NOW } }), 'ownerChanged');
    expect(asRead(content, { notification: true })).toBe(`
│ Notification: Who owns ci-deploy? Its tags name Ben Okafor instead of Ana
│ Lima.
│ Who owns ci-deploy? Its tags name Ben Okafor instead of Ana Lima
│ Whoever may tag IAM users can change owners so. Until you decide, only
│ admins can act on it.
│ IAM user ci-deploy · account prod (1111-2222-3333) · owner: Ana Lima
│ Key …4NOP, 83 days old · rotate by Friday, November 27th
│ [ Hand over to Ben Okafor ]  [ Keep Ana Lima ]  [ Show ]
│ Another owner is named with /keyrotate assign prod/ci-deploy @person (or a
│ private #channel).
`);
    expect(buttons(content).map(([, id]) => id)).toEqual([
      assignId({ kind: 'person', slackId: 'U000000BEN' }),
      assignId({ kind: 'person', slackId: ANA.id }),
      showId(),
    ]);
    expect(JSON.stringify(content)).not.toContain('<@');
  });

  it.each<[string, Owner]>([
    ['nobody', nobody],
    ['several people', { kind: 'nobody', why: 'ambiguous', named: ['a@example.com', 'b@example.com'] }],
  ])('may name %s: then there is one to keep, and the command for another', (whom, to) => {
    const content = notice(userAt('due', { ownerChange: { to, at: NOW } }), 'ownerChanged');
    expect(content.text).toBe(`Who owns ci-deploy? Its tags name ${whom} instead of Ana Lima.`);
    expect(buttons(content).map(([label]) => label)).toEqual(['Keep Ana Lima', 'Show']);
    expect(wordsOf(content)).toContain('/keyrotate assign prod/ci-deploy @person');
  });

  it('open no message between rotations: there is none to show', () => {
    const content = notice(userAt('deleted', { ownerChange: { to: ben, at: NOW } }), 'ownerChanged');
    expect(buttons(content).map(([label]) => label)).toEqual(['Hand over to Ben Okafor', 'Keep Ana Lima']);
  });

  it('are settled when an admin decided, or when the tags came back', () => {
    for (const user of [userAt('due', { link }), userAt('due')]) {
      const content = notice(user, 'ownerChanged');
      expect(wordsOf(content)).toContain('The owner is Ana Lima now');
      expect(buttons(content)).toEqual([]);
    }
  });
});

describe('the other matters', () => {
  it('says that an owner is gone, and who it was', () => {
    const gone = (named: string[]) => userAt('due', { owner: { kind: 'nobody', why: 'left', named } });
    const said = (named: string[]) => notice(gone(named), 'ownerLeft').text;
    expect(said([ANA.id])).toBe('ci-deploy needs another owner: Ana Lima is gone.');
    expect(said(['U0000GONE'])).toBe('ci-deploy needs another owner: U0000GONE is gone.');
    expect(said(['ana@example.com'])).toBe('ci-deploy needs another owner: ana@example.com is gone.');
    expect(said(['C00000TEAM'])).toBe('ci-deploy needs another owner: a channel is gone.');
    expect(said([])).toBe('ci-deploy needs another owner: the one it had is gone.');
    expect(buttons(notice(gone([]), 'ownerLeft')).map(([label]) => label)).toEqual(['Hand over', 'Show']);
  });

  it('says that one IAM user serves two applications, and what to do', () => {
    const both = at('due', { bothNeeded: { at: NOW, by: ana }, history: [entry('keepBoth')] });
    const content = notice(both, 'bothNeeded');
    expect(content.text).toBe('Split ci-deploy in two: Ana Lima says both keys are needed.');
    expect(wordsOf(content)).toContain('give one application an IAM user of its own');
    const settled = at('retired', { history: [entry('keepBoth'), entry('retire', { to: 'retired' })] });
    expect(wordsOf(notice(settled, 'bothNeeded'))).toContain('The key was turned off by Ana Lima');
  });

  const late = { oldKeyCreatedAt: NOW - 100 * DAY };

  it('says that somebody does not answer, and for how long', () => {
    const silent = at('due', late);
    const content = notice(silent, 'silence');
    expect(content.text).toBe('Ana Lima has not answered about ci-deploy for 10 days past the deadline.');
    expect(wordsOf(content)).toContain('owner: Ana Lima');
    expect(buttons(content).map(([label]) => label)).toEqual(['Nudge', 'Hand over', 'Show']);
  });

  it('offers no nudge where Slack does not reach the owner', () => {
    const failure = { since: NOW - DAY, what: 'message', code: 'account_inactive' };
    const labels = buttons(notice(at('due', late, { failure }), 'silence')).map(([label]) => label);
    expect(labels).toEqual(['Hand over', 'Show']);
  });

  it.each<[string, IamUser]>([
    ['Ana Lima has begun on ci-deploy and not gone on', at('issued', late)],
    ['Ana Lima has not deleted the old key', at('retired', { offSince: NOW - 20 * DAY })],
    [
      'I cannot reach Ana Lima in Slack',
      at('due', late, { failure: { since: NOW - DAY, what: 'message', code: 'account_inactive' } }),
    ],
  ])('says why that may be: %s', (words, user) => {
    expect(notice(user, 'silence').text).toContain(words);
  });

  it.each<[string, Owner]>([
    ['no tag names one', nobody],
    [
      'its tags name lena@example.com, no full member of this workspace',
      { kind: 'nobody', why: 'none', named: ['lena@example.com'] },
    ],
    [
      'its tags name Ana Lima and Ben Okafor',
      { kind: 'nobody', why: 'ambiguous', named: [ANA.id, 'U000000BEN'] },
    ],
  ])('says why there is no owner: %s', (why, owner) => {
    const content = notice(at('due', {}, { owner }), 'noOwner');
    expect(content.text).toBe('ci-deploy needs an owner.');
    expect(wordsOf(content)).toContain(`${why.charAt(0).toUpperCase()}${why.slice(1)}. Nobody is asked`);
  });

  it('says that nobody was told, and why that may be, where the owner never heard of it', () => {
    const { contactedAt: _, ...untold } = ROTATIONS.due;
    const content = notice(userAt('due', { rotation: { ...untold, ...late } }), 'silence');
    expect(content.text).toBe('Nobody was asked about ci-deploy yet, 10 days past its age.');
    expect(wordsOf(content)).toContain('I write to owners on weekdays from 9 to 17 where they live');
    expect(buttons(content).map(([label]) => label)).toEqual(['Hand over', 'Show']);
    const { contactedAt: __, ...off } = ROTATIONS.retired;
    expect(
      notice(userAt('retired', { rotation: { ...off, offSince: NOW - 20 * DAY } }), 'silence').text,
    ).toBe('Nobody was told yet that the old key of ci-deploy may go, 13 days after it could.');
  });

  it('ends once the owner is asked, and goes on saying that nobody was', () => {
    const asked = at('due', { ...late, openedAt: NOW - 20 * DAY, contactedAt: NOW });
    const content = notice(asked, 'silence', {}, NOW - HOUR);
    expect(wordsOf(content)).toContain('Nobody was asked about ci-deploy yet, 10 days past its age');
    expect(wordsOf(content)).toContain('Ana Lima has been asked now.');
  });

  it('says since when nobody does what an admin asked for, where that is not past a deadline', () => {
    const young = { oldKeyCreatedAt: NOW - 20 * DAY, openedAt: NOW - 8 * DAY };
    const history = [bySam('open', { at: NOW - 8 * DAY })];
    const said = (user: IamUser) => notice(user, 'silence').text;
    expect(said(at('due', { ...young, history }))).toBe(
      'Ana Lima has not answered about ci-deploy for 8 days.',
    );
    expect(said(at('issued', { ...young, history }))).toContain(
      'has begun on ci-deploy and not gone on for 8 days.',
    );
    const { contactedAt: _, ...untold } = ROTATIONS.due;
    expect(said(userAt('due', { rotation: { ...untold, ...young, history } }))).toBe(
      'Nobody was asked about ci-deploy yet, 8 days after an admin asked for it.',
    );
  });

  it('ends the silence with what a person did since', () => {
    const history = [entry('createKey', { at: NOW - 3 * DAY }), bySam('assign')];
    const content = notice(at('due', { ...late, history }), 'silence', {}, NOW - 2 * DAY);
    expect(wordsOf(content)).toContain('The owner was named by Sam Reed');
  });

  it('goes on saying how long it had lasted when admins were told', () => {
    const history = [bySam('assign')];
    const content = notice(at('due', { ...late, history }), 'silence', {}, NOW - 2 * DAY);
    expect(wordsOf(content)).toContain(
      'Before: Ana Lima has not answered about ci-deploy for 8 days past the deadline',
    );
  });

  it('is settled when the old key is off, whoever did it', () => {
    const off = sighting('oldKeyOff', { from: 'due', to: 'retired' });
    const content = notice(at('retired', { history: [off] }), 'silence', {}, NOW - 2 * DAY);
    expect(wordsOf(content)).toContain('The old key was turned off in AWS on');
  });

  it('says that nothing works any more, and what to do', () => {
    const keys = [oldKey({ status: 'Inactive' })];
    const user = at('deactivated', { newKeyOutSince: NOW, history: [] }, { keys });
    expect(asRead(notice(user, 'nothingWorks'), { notification: true })).toBe(`
│ Notification: Nothing works any more for ci-deploy: turn the old key back
│ on.
│ Nothing works any more for ci-deploy: turn the old key back on
│ The old key is off, and the new one was turned off or deleted in AWS. Show
│ brings you the message with the buttons: Turn it back on comes first.
│ IAM user ci-deploy · account prod (1111-2222-3333) · owner: Ana Lima
│ Key …4NOP, 83 days old · off, can be deleted from Thursday, November 26th on
│ [ Show ]
`);
  });

  it.each<[string, HistoryEntry[], Stage]>([
    [
      'The old key was turned back on by Sam Reed',
      [bySam('reactivate', { from: 'deactivated', to: 'issued' })],
      'issued',
    ],
    ['A key of this IAM user works again.', [], 'deactivated'],
  ])('is settled once a key works again: %s', (words, history, stage) => {
    const content = notice(at(stage, { history }, { keys: [newKey()] }), 'nothingWorks');
    expect(content.text).toBe('Settled for ci-deploy: nothing worked.');
    expect(wordsOf(content)).toContain(words);
    expect(buttons(content)).toEqual([]);
  });

  it('is over with the rotation', () => {
    for (const matter of MATTER_KINDS) {
      const content = notice(at('deleted', {}, { owner: nobody }), matter);
      expect(wordsOf(content)).toContain('There is nothing left to decide.');
      expect(buttons(content)).toEqual([]);
    }
  });
});
