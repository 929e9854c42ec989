// What `/keyrotate list` answers, and the short answers to `rotate`, `show` and `assign`.
import { describe, expect, it } from 'vitest';
import {
  buildAssigned,
  buildList,
  buildShown,
  buildUnassigned,
  buildWhich,
} from '../../../src/adapters/slack/blocks/notice.ts';
import type { LastUse } from '../../../src/domain/access-key.ts';
import type { Reader, SentMessage } from '../../../src/domain/message.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { ListedUser, OwnList } from '../../../src/usecases/commands/answers.ts';
import type { Command } from '../../../src/usecases/jobs.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { ANA, asRead, NEW, NOW, newKey, OLD, oldKey, userAt, wordsOf } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';

const user = (changes: Partial<ListedUser> = {}): ListedUser => ({
  ...{ account: '111122223333', userName: 'ci-deploy', keys: [oldKey(), newKey({ status: 'Inactive' })] },
  ...changes,
});

const list = (changes: Partial<OwnList> = {}): OwnList => ({
  ...{ at: NOW, users: [user()], more: 0, ofChannels: 0, unanswered: [], channelsUnanswered: false },
  ...changes,
});

const names: Record<string, string> = { '111122223333': 'prod', '444455556666': 'data' };
const accountName = (account: string) => names[account];
const facts = { accountName };

describe('the list', () => {
  it('tells admins where to see more than their own, also where they own nothing', () => {
    const more = '/keyrotate summary shows how all accounts stand';
    expect(wordsOf(buildList(list({ isAdmins: true }), facts))).toContain(more);
    expect(wordsOf(buildList(list({ isAdmins: true, users: [] }), facts))).toContain(more);
    expect(wordsOf(buildList(list(), facts))).not.toContain(more);
  });

  it('shows each IAM user with its keys, as AWS has them', () => {
    const users = [user(), user({ userName: 'empty', account: '444455556666', keys: [] })];
    expect(asRead(buildList(list({ users }), facts), { notification: true })).toBe(`
│ Notification: You own 2 IAM users.
│ You own 2 IAM users
│ ci-deploy · account prod (1111-2222-3333)
│ • …4NOP: 83 days old, created Aug 29 · on, last used 2 hours ago: s3,
│   eu-west-1
│ • …QJLD: less than a day old, created Nov 20 · off, never used
│ empty · account data (4444-5555-6666)
│ No access key.
│ /keyrotate rotate prod/ci-deploy replaces a key now, whatever its age.
`);
  });

  it('never tells an unknown use as none', () => {
    const users = [user({ keys: [oldKey({ lastUse: { seen: 'unknown' } })] })];
    expect(wordsOf(buildList(list({ users })))).toContain('on, use unknown, AWS did not answer');
  });

  it('says of when the keys are that AWS did not tell in time', () => {
    expect(wordsOf(buildList(list({ users: [user({ seenAt: NOW - DAY }), user()] })))).toMatch(
      /As AWS had it on Nov 19, 2026 at .*: it could not be asked in time\./,
    );
    expect(wordsOf(buildList(list()))).not.toContain('As AWS had it');
  });

  it('says how many more there are, and where it could not look', () => {
    const words = asRead(buildList(list({ more: 12, unanswered: ['444455556666', '999900001111'] }), facts));
    expect(words).toContain('You own 13 IAM users');
    expect(words).toContain('…and 12 more.');
    expect(words).toContain('AWS did not answer for data (4444-5555-6666), 9999-0000-1111');
  });

  it('says so when there is none, and when that is not certain', () => {
    expect(wordsOf(buildList(list({ users: [] })))).toContain(
      'I know no IAM user that is yours, so there is nothing for you to do. If one is, ask an admin to name you as its owner.',
    );
    const unsure = wordsOf(buildList(list({ users: [], unanswered: ['444455556666'] }), facts));
    expect(unsure).toContain('what is there may be missing here');
  });

  it('says which users belong to a channel', () => {
    const users = [user(), user({ userName: 'shared', channelId: 'C00000TEAM', keys: [] })];
    const words = asRead(buildList(list({ users, ofChannels: 1 }), facts));
    expect(words).toContain('You and your channels own 2 IAM users');
    expect(words).toContain('shared · account prod (1111-2222-3333) · owned by #C00000TEAM');
    expect(words.match(/owned by/g)).toHaveLength(1);
    const only = asRead(buildList(list({ users: users.slice(1), ofChannels: 1 }), facts));
    expect(only).toContain('Your channels own 1 IAM user');
  });

  it('says so when the channels could not be looked up', () => {
    const unanswered = { channelsUnanswered: true };
    expect(wordsOf(buildList(list(unanswered)))).toContain('I could not look up your channels');
    const anas = asRead(buildList(list({ ...unanswered, slackId: ANA.id, users: [] })));
    expect(anas).toContain('I know no IAM user that @Ana Lima owns.');
    expect(anas).toContain('I could not look up the channels of @Ana Lima');
  });

  it('says whose they are when an admin asks', () => {
    expect(asRead(buildList(list({ slackId: ANA.id })))).toContain('@Ana Lima owns 1 IAM user');
  });

  it('fits Slack with the longest and most hostile names', () => {
    const lastUse: LastUse = { seen: 'used', at: NOW, service: HOSTILE, region: HOSTILE };
    const keys = [oldKey({ lastUse, createdAt: NOW - 4000 * DAY }), newKey({ lastUse, status: 'Inactive' })];
    const most = list({
      users: Array<ListedUser>(20).fill(user({ userName: LONGEST, channelId: HOSTILE, keys })),
      more: 480,
      ofChannels: 500,
      unanswered: Array<string>(200).fill('111122223333'),
      channelsUnanswered: true,
    });
    for (const name of [HOSTILE, 'prod', 'דאטה']) {
      const { text, blocks } = buildList(most, { accountName: () => name });
      expect(validateBlocks(blocks, 'message')).toEqual([]);
      expect(blocksTooLong(blocks)).toBe(false);
      expect(JSON.stringify([text, blocks])).not.toMatch(PINGS);
      for (const id of [OLD, NEW]) expect(JSON.stringify(blocks)).not.toContain(id);
      const shown = blocks.filter(
        (block) => block.type === 'section' && JSON.stringify(block).includes(LONGEST),
      ).length;
      expect(wordsOf({ text, blocks })).toContain(`…and ${500 - shown} more.`);
      expect(wordsOf({ text, blocks })).toContain('and 190 more in time: what is there');
    }
  });
});

describe('an answer to somebody who named several IAM users', () => {
  const users = [
    { account: '111122223333', userName: 'ci-deploy' },
    { account: '999900001111', userName: 'ci-deploy' },
  ];

  it.each<[Command, string]>([
    [{ name: 'rotate' }, '/keyrotate rotate prod/ci-deploy'],
    [
      { name: 'rotate', target: { userName: 'ci-deploy' }, ending: '4NOP' },
      '/keyrotate rotate prod/ci-deploy 4NOP',
    ],
    [{ name: 'show', target: { userName: 'ci-deploy' } }, '/keyrotate show prod/ci-deploy'],
    [{ name: 'unassign', target: { userName: 'ci-deploy' } }, '/keyrotate unassign prod/ci-deploy'],
    [
      { name: 'assign', target: { userName: 'ci-deploy' }, to: { kind: 'person', slackId: ANA.id } },
      '/keyrotate assign prod/ci-deploy @person',
    ],
  ])('gives each as it can be typed: $name', (command, typed) => {
    expect(asRead(buildWhich(command, users, accountName))).toBe(`
│ 2 IAM users fit. Type one of these:
│ • ${typed}
│ • ${typed.replace('prod', '999900001111')}
`);
  });

  it('says where to see the others, when only those on record were looked for', () => {
    const words = wordsOf(buildWhich({ name: 'rotate' }, users, accountName, 'on record'));
    expect(words).toContain('These are the ones I have on record.');
    expect(words).toContain('/keyrotate list asks AWS for all.');
  });

  it('does not offer a name that cannot be typed', () => {
    for (const name of ['my prod', 'a/b', HOSTILE, ''])
      expect(wordsOf(buildWhich({ name: 'rotate' }, users, () => name))).toContain(
        'rotate 111122223333/ci-deploy',
      );
  });

  it('fits Slack however many there are', () => {
    const many = Array.from({ length: 500 }, () => ({ account: '111122223333', userName: LONGEST }));
    const { blocks, text } = buildWhich({ name: 'rotate' }, many, () => 'x'.repeat(60));
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(wordsOf({ text, blocks })).toContain('…and 485 more: /keyrotate list shows them.');
  });
});

describe('an answer that something was done', () => {
  const sentTo = (channel: string, reader: Reader): SentMessage => ({
    channel,
    ts: '1',
    reader,
    drawing: '',
  });
  const toAna = sentTo('D0ANA', { as: 'owner', id: 'U0ANA' });
  const toTeam = sentTo('C00000TEAM', { as: 'owner', id: 'C00000TEAM' });
  const toSam = sentTo('D0SAM', { as: 'admin', id: 'U0SAM' });
  const team = { kind: 'channel', channelId: 'C00000TEAM' } as const;

  it('says where the message is', () => {
    const said = (changes: Parameters<typeof userAt>[1]) =>
      buildShown(userAt('due', changes), accountName).text;
    expect(said({ messages: [toAna] })).toBe(
      'The message about `ci-deploy` in account prod (1111-2222-3333) is in our direct conversation now.',
    );
    expect(said({ messages: [toTeam], owner: team })).toContain('is in <#C00000TEAM> now');
    expect(said({ messages: [toTeam, toSam], owner: team })).toContain('in our direct conversation');
  });

  it('says who owns it now', () => {
    const said = (to: Parameters<typeof buildAssigned>[1]) =>
      asRead(buildAssigned({ account: '111122223333', userName: 'ci-deploy' }, to, accountName));
    expect(said({ kind: 'person', slackId: ANA.id })).toContain(
      'From now on ci-deploy in account prod (1111-2222-3333) belongs to @Ana Lima',
    );
    expect(said(team)).toMatch(/belongs to everybody\s│ in #C00000TEAM/);
  });

  it('says who owns it once only the tags say so, and what to do when they name nobody', () => {
    const said = (owner: Owner) => asRead(buildUnassigned(userAt('due', { owner }), accountName));
    expect(said(userAt('due').owner)).toContain('now: @Ana Lima.');
    const nobody = said({ kind: 'nobody', why: 'none', named: [] });
    expect(nobody).toContain('nobody is named.');
    expect(nobody).toMatch(/\/keyrotate assign\s/);
  });
});
