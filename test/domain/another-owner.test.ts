// Another owner than before: held, handed over, or left to the admins.
import { describe, expect, it } from 'vitest';
import { hasNews, owesReminder } from '../../src/domain/agenda.ts';
import { matters, mattersToTell } from '../../src/domain/matters.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { DAY } from '../../src/domain/time.ts';
import { corrections } from '../../src/domain/wanted.ts';
import { adminsTold, CARD, keysAt, NOW, POLICY, rotationAt, userAt } from './given.ts';
import { ANA, looking, QUARTER } from './looking.ts';

const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' };
const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };

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
    const nobody = looking(again, { ...ben, owner: NOBODY }, NOW + 2 * DAY);
    expect(nobody).toMatchObject({ ownerChange: { to: NOBODY, at: NOW + 2 * DAY } });
    expect(hasNews(nobody)).toBe(true);
    expect(corrections(nobody, POLICY, NOW + 2 * DAY)).toContainEqual(
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
    const fresh = looking(userAt('due', { rotation, quietUntil: NOW + DAY }), { owner: BEN }, NOW);
    expect(fresh.owner).toEqual(BEN);
    expect(owesReminder(fresh, POLICY, NOW)).toBe(true);
    for (const field of ['ownerChange', 'notifiedAt', 'quietUntil']) expect(fresh).not.toHaveProperty(field);
  });

  it('is told also of what is postponed: its date may be far', () => {
    const user = looking(userAt('postponed', { owner: NOBODY }), { owner: BEN }, NOW);
    expect(user.rotation?.stage).toBe('postponed');
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
  });

  it('takes over at once where there was nobody, and has a first deadline of their own', () => {
    const user = looking(userAt('due', { owner: NOBODY }), { owner: BEN }, NOW);
    expect(user.owner).toEqual(BEN);
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
    expect(user.rotation).not.toHaveProperty('contactedAt');
  });

  it('leaves the card that somebody else holds to be removed', () => {
    const user = looking(userAt('due', { owner: NOBODY }), { owner: BEN }, NOW);
    expect(corrections(user, POLICY, NOW)).toEqual([{ kind: 'remove', message: CARD }]);
  });

  it.each<[string, Owner]>([
    ['a person linked by an admin', { kind: 'person', slackId: 'U0BEN', from: 'link' }],
    ['a channel, which only an admin can link', { kind: 'channel', channelId: 'C0TEAM' }],
  ])('is not held when it is %s: that is decided', (_, owner) => {
    const user = looking(userAt('issued'), { owner, keys: keysAt('issued') }, NOW);
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

  it('just takes its place where nothing is open', () => {
    const user = looking(userAt('deleted'), { owner: BEN, keys: keysAt('deleted') }, NOW);
    expect(user.owner).toEqual(BEN);
    expect(matters(user, POLICY, NOW)).toEqual([]);
  });
});
