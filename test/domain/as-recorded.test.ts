// Whom a sweep need not have looked at: whoever is in AWS as on record, and what makes a difference.
import { describe, expect, it } from 'vitest';
import { asSwept, isAsRecorded, type SeenUser } from '../../src/domain/as-recorded.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { longestSilenceSeen } from '../../src/domain/usage-history.ts';
import { NOW, newKey, oldKey, POLICY, rotationAt, UNKNOWN, usedHoursAgo, userAt } from './given.ts';

/** A night later. */
const NIGHT = NOW + 16 * HOUR;

/** What the account shows of a user when nothing has changed. */
function still(user: IamUser): SeenUser {
  return {
    ...{ userId: user.userId, arn: user.arn, owner: user.owner, ...(user.exempt && { exempt: user.exempt }) },
    keys: user.keys.map(({ status, createdAt, lastUse }) => ({
      active: status === 'Active',
      lastRotated: createdAt,
      ...(lastUse.seen === 'used' && { lastUsed: Math.floor(lastUse.at / 1000) * 1000 }),
    })),
  };
}

const seenWith = (user: IamUser, changes: Partial<SeenUser>, at = NIGHT) =>
  isAsRecorded(user, { ...still(user), ...changes }, POLICY, at);

/** The messages say nothing about AWS. */
const DUE = userAt('due');
/** Its owner has been told that all is as it should be. */
const MIGRATED = userAt('confirmed', {
  ...{ secretOpenedOn: NOW, rotation: { ...rotationAt('confirmed'), turnSince: NOW } },
});

describe('an IAM user is as it is on record', () => {
  it.each([
    ['due', DUE],
    ['postponed', userAt('postponed')],
    ['migrating, the secret opened', MIGRATED],
    ['with its old key off', userAt('deactivated')],
    ['with its key off and none in its place', userAt('retired')],
  ])('when it is %s and the account shows it so', (_, user) => {
    expect(seenWith(user, {})).toBe(true);
  });

  it('when the report is older than the record, and does not know its last use yet', () => {
    const user = userAt('due', { keys: [oldKey({ lastUse: usedHoursAgo(1) })] });
    const [key] = still(user).keys;
    expect(seenWith(user, { keys: key ? [{ ...key, lastUsed: NOW - 3 * DAY }] : [] })).toBe(true);
  });

  it('when AWS lists its keys in another order', () => {
    const user = MIGRATED;
    expect(seenWith(user, { keys: still(user).keys.toReversed() })).toBe(true);
  });
});

describe('an IAM user is not as it is on record', () => {
  const [key] = still(DUE).keys;
  if (!key) throw new Error('it has a key');

  it('when the account has no such user', () => {
    expect(isAsRecorded(DUE, undefined, POLICY, NIGHT)).toBe(false);
  });

  it.each<[string, Partial<SeenUser>]>([
    ['was made anew under the name', { userId: 'AIDAANOTHER' }],
    ['stands under another path', { arn: 'arn:aws:iam::111122223333:user/ops/ci-deploy' }],
    ['has lost its key', { keys: [] }],
    ['has one key more', { keys: [key, { active: true, lastRotated: NOW - HOUR }] }],
    ['has its key off', { keys: [{ ...key, active: false }] }],
    ['has used its key', { keys: [{ ...key, lastUsed: NOW - HOUR }] }],
    ['has another key in place of the one there was', { keys: [{ ...key, lastRotated: NOW + HOUR }] }],
    ['is tagged for somebody else', { owner: { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' } }],
    ['has an owner who left', { owner: { kind: 'nobody', why: 'none', named: ['U0ANA'], formerLeft: true } }],
    ['has opted out', { exempt: { kind: 'until', until: NOW + 30 * DAY, why: 'vendor' } }],
  ])('when it %s', (_, changes) => {
    expect(seenWith(DUE, changes)).toBe(false);
  });

  it('when it was turned off and on again right after it was seen', () => {
    expect(seenWith(DUE, { keys: [{ ...key, lastRotated: NOW - MINUTE }] })).toBe(false);
  });

  it.each<[string, IamUser]>([
    ['AWS could not tell of its use', userAt('due', { keys: [oldKey({ lastUse: UNKNOWN })] })],
    [
      'AWS refused the last look',
      userAt('due', { failure: { since: NOW, what: 'look', code: 'AccessDenied' } }),
    ],
    ['nobody knows yet whether the new secret was opened', userAt('issued')],
    ['a key may have been stored after all', userAt('due', { stranded: ['AKIASTRANDED00000001'] })],
    [
      'something was seen once, and is to be seen twice',
      userAt('issued', {
        ...{ secretOpenedOn: NOW, keys: [oldKey()] },
        unconfirmed: [{ sighting: 'newKeyGone', firstSeenAt: NOW }],
      }),
    ],
    [
      'its exemption ended in the night',
      userAt('due', { exempt: { kind: 'until', until: NOW + HOUR, why: '' } }),
    ],
  ])('when %s', (_, user) => {
    expect(
      isAsRecorded(
        user,
        { ...still(user), ...(user.exempt && { exempt: undefined as never }) },
        POLICY,
        NIGHT,
      ),
    ).toBe(false);
  });

  it('when nobody has looked at it for a week, whatever the report says', () => {
    expect(seenWith(DUE, {}, NOW + 7 * DAY - 1)).toBe(true);
    expect(seenWith(DUE, {}, NOW + 7 * DAY)).toBe(false);
  });

  it('when a key of it has come due that nobody has been asked about', () => {
    const { rotation: _, ...young } = userAt('due', {
      keys: [newKey({ createdAt: NOW - 75 * DAY - 20 * HOUR })],
    });
    expect(seenWith(young, {}, NOW + HOUR)).toBe(true);
    expect(seenWith(young, {}, NIGHT)).toBe(false);
  });
});

describe('the silence of a key that no look was asked for', () => {
  it('lasts to the report that showed it, and so does the quiet that a weekly job asks for', () => {
    // Seen unused by the sweeps of five nights, used on the sixth day.
    const used = [oldKey({ lastUse: { seen: 'used', at: NOW + 6 * DAY, service: 's3' } })];
    const since = 48 * HOUR;
    expect(longestSilenceSeen(DUE, used)).toBe(since);
    expect(longestSilenceSeen(asSwept(DUE, NOW + 5 * DAY), used)).toBe(5 * DAY + since);
  });

  it('is not known where AWS or Slack refused the look that was asked for', () => {
    const refused = userAt('due', { failure: { since: NOW, what: 'look', code: 'AccessDenied' } });
    expect(asSwept(refused, NOW + DAY)).toBe(refused);
  });

  it('ends with the last look, when that came after the report', () => {
    expect(asSwept(DUE, NOW - HOUR)).toBe(DUE);
    expect(asSwept(DUE, undefined)).toBe(DUE);
  });

  it('is told by the reports alone where no rotation is open', () => {
    const closed = userAt('deleted', { rotation: rotationAt('deleted') });
    expect(asSwept(closed, NOW + DAY)).toBe(closed);
  });
});
