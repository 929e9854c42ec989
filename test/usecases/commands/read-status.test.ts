// What `/keyrotate status` tells: one's open rotations, the most urgent first.
import { expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { StatusLine } from '../../../src/usecases/commands/answers.ts';
import { readStatus } from '../../../src/usecases/commands/read-status.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { Directory, Log, Users } from '../../../src/usecases/ports.ts';
import { NOW, OLD, POLICY, rotationAt, userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';

const PREVIEWED = '444455556666';

const TEAM = 'C0TEAM';

/** Ana is in one private channel. */
function statusWhere(owned: { own?: IamUser[]; teams?: IamUser[] }, directory: Partial<Directory> = {}) {
  const lists: Record<string, IamUser[] | undefined> = { U0ANA: owned.own, [TEAM]: owned.teams };
  return readStatus('U0ANA', {
    accounts: ['111122223333', PREVIEWED],
    users: only<Users>({ ownedBy: async (ownerId) => lists[ownerId] ?? [] }),
    directory: only<Directory>({
      person: async (slackId) => ({ slackId, name: slackId, timeZone: 'Etc/UTC' }),
      privateChannelsOf: async () => [TEAM],
      channel: async () => ({ mayOwn: true }),
      ...directory,
    }),
    policy: (account) => ({ ...POLICY, mode: account === PREVIEWED ? 'preview' : 'live' }),
    now: () => NOW,
    log: only<Log>({ warn: () => {} }),
  });
}

const statusOf = async (...own: IamUser[]): Promise<StatusLine[]> => (await statusWhere({ own })).lines;

const aged = (days: number, userName: string): IamUser =>
  userAt('due', { userName, rotation: { ...rotationAt('due'), oldKeyCreatedAt: NOW - days * DAY } });

it('the status lists the most urgent first', async () => {
  const lines = await statusOf(aged(80, 'soon'), aged(200, 'long-overdue'), aged(91, 'overdue'));
  expect(lines.map(({ userName, overdue }) => [userName, overdue])).toEqual([
    ['long-overdue', true],
    ['overdue', true],
    ['soon', false],
  ]);
});

it('the status leaves out accounts that are no longer configured', async () => {
  const lines = await statusOf(userAt('due', { account: '999999999999' }), aged(80, 'soon'));
  expect(lines.map(({ userName }) => userName)).toEqual(['soon']);
});

it('the status tells of each key its age, its deadline, its stage and its card', async () => {
  expect(await statusOf(userAt('issued'))).toEqual([
    {
      account: '111122223333',
      userName: 'ci-deploy',
      oldKeyId: OLD,
      ageDays: 83,
      deadline: NOW + 7 * DAY,
      overdue: false,
      notMine: expect.any(String),
      stage: 'issued',
      card: { channel: 'D0ANA', ts: '1763600000.000100' },
    },
  ]);
});

it('the status tells of a key that is off from when on it may be deleted', async () => {
  const [line] = await statusOf(userAt('deactivated', { rotation: rotationAt('deactivated', 3) }));
  expect(line).toMatchObject({ deletableFrom: NOW + 4 * DAY });
});

it('the status leaves out what is closed, and what is not open', async () => {
  const { rotation: _, ...idle } = userAt('due');
  expect(await statusOf(userAt('deleted'), userAt('resolved'), idle)).toEqual([]);
});

it('the status says what is only watched so far', async () => {
  const lines = await statusOf(userAt('due', { account: PREVIEWED }), userAt('due'));
  expect(lines.map(({ account, isPreview }) => [account, isPreview])).toEqual([
    [PREVIEWED, true],
    [userAt('due').account, undefined],
  ]);
});

it('the status is empty for somebody who owns nothing', async () => {
  expect(await statusOf()).toEqual([]);
});

const shared = (days: number) => ({
  ...aged(days, 'shared'),
  owner: { kind: 'channel' as const, channelId: TEAM },
});

it('the status has what the channels own that one is in, among one’s own, and says which', async () => {
  const { lines, channelsUnanswered } = await statusWhere({
    own: [aged(80, 'soon'), aged(200, 'long-overdue')],
    teams: [shared(91)],
  });
  expect(lines.map(({ userName, channelId }) => [userName, channelId])).toEqual([
    ['long-overdue', undefined],
    ['shared', TEAM],
    ['soon', undefined],
  ]);
  expect(channelsUnanswered).toBe(false);
});

it('the status tells one’s own all the same when the channels cannot be looked up, and says so', async () => {
  const failing = () => Promise.reject(new OutsideError('unknown', 'users.conversations', 'ETIMEDOUT'));
  const owned = { own: [aged(80, 'soon')], teams: [shared(91)] };
  expect(await statusWhere(owned, { privateChannelsOf: failing })).toMatchObject({
    lines: [{ userName: 'soon' }],
    channelsUnanswered: true,
  });
});
