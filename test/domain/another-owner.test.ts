// Another owner than before: held, handed over, or left to the admins.
import { describe, expect, it } from 'vitest';
import { hasNews, owesReminder } from '../../src/domain/agenda.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { matters, mattersToTell } from '../../src/domain/matters.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { DAY } from '../../src/domain/time.ts';
import type { Stage } from '../../src/domain/transitions.ts';
import { corrections } from '../../src/domain/wanted.ts';
import { adminsTold, CARD, keysAt, NOW, oldKey, POLICY, rotationAt, SEEN, userAt } from './given.ts';
import { ANA, looking, QUARTER } from './looking.ts';

const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' };
const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };
const SEVERAL: Owner = { kind: 'nobody', why: 'ambiguous', named: ['ana@example.com', 'ben@example.com'] };

/** Whose owner was not written to of late. */
function untold(stage: Stage): IamUser {
  const { notifiedAt: _, ...user } = userAt(stage);
  return user;
}

const FILED = userAt('deleted', { rotation: { ...rotationAt('deleted'), isFiled: true } });

describe('another owner by the tags', () => {
  const ben = { owner: BEN, keys: keysAt('issued') };
  const held = looking(userAt('issued'), ben, NOW);

  it('is held once the owner was told: the owner stays, and both they and the admins are to hear of it', () => {
    expect(held.owner).toEqual(ANA);
    expect(held.ownerChange).toEqual({ to: BEN, at: NOW });
    expect(mattersToTell(held, POLICY, NOW)).toEqual([{ kind: 'ownerChanged', level: 1 }]);
    expect(hasNews(held)).toBe(true);
  });

  it('is told once, and again when it is yet another', () => {
    const told = adminsTold({ ...held, notifiedAt: NOW });
    const again = looking(told, ben, NOW + DAY);
    expect(again.ownerChange).toEqual({ to: BEN, at: NOW });
    expect(mattersToTell(again, POLICY, NOW + DAY)).toEqual([]);
    expect(hasNews(again)).toBe(false);
    const several = looking(again, { ...ben, owner: SEVERAL }, NOW + 2 * DAY);
    expect(several).toMatchObject({ ownerChange: { to: SEVERAL, at: NOW + 2 * DAY } });
    expect(hasNews(several)).toBe(true);
    expect(corrections(several, POLICY, NOW + 2 * DAY)).toContainEqual(
      expect.objectContaining({ kind: 'redraw', message: told.messages[1], isLast: false }),
    );
  });

  it('is settled when the tags go back', () => {
    const back = looking(held, { keys: keysAt('issued') }, NOW + DAY);
    expect(back.ownerChange).toBeUndefined();
    expect(back.owner).toEqual(ANA);
    expect(hasNews(back)).toBe(false);
    expect(matters(back, POLICY, NOW + DAY)).toEqual([]);
  });

  it('takes over at once where the one before was never told, and gets the notice that everybody gets', () => {
    const { contactedAt: _, ...rotation } = rotationAt('due');
    const { notifiedAt: __, ...untold } = userAt('due', { rotation, quietUntil: NOW + DAY });
    const fresh = looking(untold, { owner: BEN }, NOW);
    expect(fresh.owner).toEqual(BEN);
    expect(owesReminder(fresh, POLICY, NOW)).toBe(true);
    for (const field of ['ownerChange', 'notifiedAt', 'quietUntil']) expect(fresh).not.toHaveProperty(field);
  });

  it('is told also of what is postponed: its date may be far', () => {
    const user = looking(userAt('postponed', { owner: NOBODY }), { owner: BEN }, NOW);
    expect(user.rotation?.stage).toBe('postponed');
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
  });

  it('takes over at once where there was nobody, with a first deadline of their own and no card of another', () => {
    const user = looking(userAt('due', { owner: NOBODY }), { owner: BEN }, NOW);
    expect(user.owner).toEqual(BEN);
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
    expect(user.rotation).not.toHaveProperty('contactedAt');
    expect(corrections(user, POLICY, NOW)).toEqual([{ kind: 'remove', message: CARD }]);
  });

  const left = { formerLeft: true } as const;
  it.each<[string, Owner, { formerLeft?: true }, IamUser]>([
    ['a person linked by an admin', { kind: 'person', slackId: 'U0BEN', from: 'link' }, {}, userAt('issued')],
    [
      'a channel, which only an admin can link',
      { kind: 'channel', channelId: 'C0TEAM' },
      {},
      userAt('issued'),
    ],
    ['the one after somebody who left', BEN, left, userAt('issued')],
    ['the one after somebody who left between rotations', BEN, left, userAt('deleted')],
    ['the one after somebody who was never told', BEN, {}, untold('deleted')],
  ])('is not held when it is %s', (_, owner, mark, before) => {
    const user = looking(before, { owner: { ...owner, ...mark }, keys: before.keys }, NOW);
    expect(user.owner).toEqual(owner);
    expect(user.ownerChange).toBeUndefined();
  });

  it('is nobody when the one before has left, and admins take over', () => {
    const left: Owner = { kind: 'nobody', why: 'left', named: ['U0ANA'] };
    const user = looking(userAt('issued'), { owner: left, keys: keysAt('issued') }, NOW);
    expect(user.owner).toEqual(left);
    expect(mattersToTell(user, POLICY, NOW)).toEqual([{ kind: 'ownerLeft', level: 1 }]);
  });

  it('is none of a user made anew under the name: its tags are not those of this rotation', () => {
    const anew = { userId: 'AIDAANOTHER000000001', owner: BEN, keys: [] };
    const first = looking(userAt('issued'), anew, NOW);
    expect(first.owner).toEqual(ANA);
    expect(first.ownerChange).toBeUndefined();
    expect(looking(first, anew, NOW + QUARTER)).toMatchObject({
      owner: ANA,
      rotation: { stage: 'resolved' },
    });
  });

  it.each<[string, IamUser]>([
    ['the card is lost: Slack may delete what is old', { ...untold('issued'), messages: [] }],
    ['no rotation is open, as long as the owner was ever told of this IAM user', userAt('deleted')],
    ['the next rotation opens', { ...FILED, keys: [oldKey()] }],
    ['the next rotation has just opened, and its owner has not heard of it', looking(FILED, {}, NOW - DAY)],
  ])('is held also where %s', (_, before) => {
    const user = looking(before, { owner: BEN, keys: before.keys }, NOW);
    expect(user).toMatchObject({ owner: ANA, ownerChange: { to: BEN, at: NOW } });
    expect(hasNews(user)).toBe(true);
  });

  it('who takes over between rotations is told nothing of the end of the last one: it was not theirs', () => {
    const over = {
      ...rotationAt('resolved'),
      history: [{ ...SEEN, what: 'oldKeyGone' as const }],
      isFiled: true as const,
    };
    const user = userAt('resolved', { owner: NOBODY, rotation: over, toldEntries: 0 });
    expect(hasNews(user)).toBe(true);
    const handed = looking(user, { owner: BEN, keys: [] }, NOW);
    expect(handed.owner).toEqual(BEN);
    expect(hasNews(handed)).toBe(false);
  });
});

describe('a tag that names nobody', () => {
  const OTHER_LEFT: Owner = { kind: 'nobody', why: 'left', named: ['U0BEN'] };
  const OTHER_DISOWNED: Owner = { kind: 'nobody', why: 'disowned', named: ['U0BEN'] };

  it.each([
    ['none', NOBODY],
    ['somebody else who left', OTHER_LEFT],
    ['somebody else who says that it is not theirs', OTHER_DISOWNED],
  ])('is no claim by another: the owner stays, and nobody is told (%s)', (_, owner) => {
    const user = looking(userAt('issued'), { owner, keys: keysAt('issued') }, NOW);
    expect(user).toMatchObject({ owner: ANA });
    expect([hasNews(user), mattersToTell(user, POLICY, NOW)]).toEqual([false, []]);
    expect(user.ownerChange).toBeUndefined();
  });

  it('ends a doubt: nobody else is named any more', () => {
    const held = looking(userAt('issued'), { owner: BEN, keys: keysAt('issued') }, NOW);
    const user = looking(held, { owner: NOBODY, keys: keysAt('issued') }, NOW + DAY);
    expect(user.owner).toEqual(ANA);
    expect(user.ownerChange).toBeUndefined();
  });

  it('leaves it to the admins when the owner has left', () => {
    const owner = { ...NOBODY, formerLeft: true } as const;
    const user = looking(userAt('issued'), { owner, keys: keysAt('issued') }, NOW);
    expect(user.owner).toEqual({ kind: 'nobody', why: 'left', named: ['U0ANA'] });
    const later = looking(user, { owner: NOBODY, keys: keysAt('issued') }, NOW + DAY);
    expect(later.owner).toMatchObject({ kind: 'nobody', why: 'left' });
    expect(looking(later, { owner: BEN, keys: keysAt('issued') }, NOW + 2 * DAY).owner).toEqual(BEN);
  });
});
