// What the keys must be like before a move, and which doubts must be answered first.
import { describe, expect, it } from 'vitest';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { judge, judgeAgain, movesOffered, needsAdmin } from '../../src/domain/legality.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { MoveName } from '../../src/domain/transitions.ts';
import {
  LATER,
  MORE_TIME,
  NEVER,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  press,
  rotationAt,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

describe('delete', () => {
  it('waits for the grace period, counted from the true deactivation (danger 8)', () => {
    const early = userAt('deactivated', { rotation: rotationAt('deactivated', 6.9) });
    const verdict = judge(early, press('delete'), POLICY, NOW);
    expect(verdict).toMatchObject({ refusal: { kind: 'graceNotOver' } });
    expect(movesOffered(early, POLICY, NOW)).toEqual(['reactivate']);
  });

  it('is possible at the very moment the grace period ends', () => {
    const user = userAt('deactivated', { rotation: rotationAt('deactivated', 7) });
    expect(judge(user, press('delete'), POLICY, NOW).verdict).toBe('allowed');
  });

  it('is refused while the key is on, which AWS itself would not do (danger 17)', () => {
    const user = userAt('deactivated', { keys: [oldKey(), newKey()] });
    expect(judge(user, press('delete'), POLICY, NOW)).toMatchObject({ refusal: { kind: 'oldKeyOn' } });
  });

  it('is allowed when the key is gone already: that is the end that was asked for', () => {
    const user = userAt('deactivated', { keys: [newKey()] });
    expect(judge(user, press('delete'), POLICY, NOW).verdict).toBe('allowed');
  });
});

describe('createKey', () => {
  it('is neither offered nor allowed when both slots are taken, and names the other key (danger 13)', () => {
    const user = userAt('due', { keys: [oldKey(), newKey()] });
    expect(movesOffered(user, POLICY, NOW)).toEqual(['adopt', 'retire', 'keepBoth', 'postpone', 'notMine']);
    expect(judge(user, press('createKey'), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'slotTaken', otherKeyId: newKey().id },
    });
  });

  it('counts an inactive key as a taken slot, as AWS does', () => {
    const user = userAt('due', { keys: [oldKey(), newKey({ status: 'Inactive' })] });
    expect(judge(user, press('createKey'), POLICY, NOW)).toMatchObject({ refusal: { kind: 'slotTaken' } });
  });
});

describe('deactivate', () => {
  it('asks when the old key was used within the quiet hours', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: usedHoursAgo(23.9) }), newKey()] });
    expect(judge(user, press('deactivate'), POLICY, NOW)).toMatchObject({
      verdict: 'ask',
      doubts: [{ kind: 'oldKeyInUse', service: 's3', at: NOW - 23.9 * HOUR }],
    });
  });

  it('is allowed once the old key has been quiet for the quiet hours', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: usedHoursAgo(24) }), newKey()] });
    expect(judge(user, press('deactivate'), POLICY, NOW).verdict).toBe('allowed');
  });

  it('takes a failed look-up for a doubt and never for silence (danger 9)', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: UNKNOWN }), newKey({ lastUse: UNKNOWN })] });
    expect(judge(user, press('deactivate'), POLICY, NOW)).toMatchObject({
      doubts: [{ kind: 'oldKeyUseUnknown' }, { kind: 'newKeyUseUnknown' }],
    });
  });

  it('asks when nobody has used the new key: its secret may not have been fetched (danger 5)', () => {
    const user = userAt('confirmed', { keys: [oldKey(), newKey({ lastUse: NEVER })] });
    expect(judge(user, press('deactivate'), POLICY, NOW)).toMatchObject({
      doubts: [{ kind: 'newKeyNeverUsed' }],
    });
  });

  it('is refused when the new key does not work', () => {
    const off = userAt('confirmed', { keys: [oldKey(), newKey({ status: 'Inactive' })] });
    expect(judge(off, press('deactivate', true), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'newKeyOff' },
    });
    const gone = userAt('confirmed', { keys: [oldKey()] });
    expect(judge(gone, press('deactivate', true), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'newKeyMissing' },
    });
  });
});

describe('pressing "anyway"', () => {
  const busy = [oldKey({ lastUse: usedHoursAgo(1) }), newKey()];
  const shown = { kind: 'oldKeyInUse', at: NOW - 3 * HOUR, service: 's3', region: 'eu-west-1' } as const;

  it('counts when just these doubts were shown', () => {
    const question = { move: 'deactivate', doubts: [shown], askedAt: NOW - HOUR } as const;
    const user = userAt('confirmed', { keys: busy, question: { ...question, doubts: [...question.doubts] } });
    expect(judge(user, press('deactivate', true), POLICY, NOW).verdict).toBe('allowed');
  });

  it('does not count when nothing was shown', () => {
    const user = userAt('confirmed', { keys: busy });
    expect(judge(user, press('deactivate', true), POLICY, NOW).verdict).toBe('ask');
  });

  it('does not count for another move, another service, or a doubt that came since', () => {
    const ask = (question: NonNullable<ReturnType<typeof userAt>['question']>, keys = busy) =>
      judge(userAt('confirmed', { keys, question }), press('deactivate', true), POLICY, NOW).verdict;
    expect(ask({ move: 'retire', doubts: [shown], askedAt: NOW })).toBe('ask');
    expect(ask({ move: 'deactivate', doubts: [{ ...shown, service: 'ecr' }], askedAt: NOW })).toBe('ask');
    const unproven = [oldKey({ lastUse: usedHoursAgo(1) }), newKey({ lastUse: NEVER })];
    expect(ask({ move: 'deactivate', doubts: [shown], askedAt: NOW }, unproven)).toBe('ask');
  });
});

describe('discardNewKey', () => {
  it('is refused while the old key is off: the user would have nothing (danger 13)', () => {
    const user = userAt('issued', { keys: [oldKey({ status: 'Inactive' }), newKey({ lastUse: NEVER })] });
    expect(judge(user, press('discardNewKey'), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'oldKeyOff' },
    });
  });

  it('asks when the new key has been used, or when that is unknown', () => {
    const used = userAt('issued', { keys: [oldKey(), newKey()] });
    expect(judge(used, press('discardNewKey'), POLICY, NOW)).toMatchObject({
      doubts: [{ kind: 'newKeyInUse' }],
    });
    const unknown = userAt('issued', { keys: [oldKey(), newKey({ lastUse: UNKNOWN })] });
    expect(judge(unknown, press('discardNewKey'), POLICY, NOW)).toMatchObject({
      doubts: [{ kind: 'newKeyUseUnknown' }],
    });
  });
});

describe('while the owner is in doubt', () => {
  const change = { to: { kind: 'nobody', why: 'none', named: [] }, at: NOW } satisfies IamUser['ownerChange'];
  const user = userAt('confirmed', { ownerChange: change });

  it('moves wait for an admin: the owner is offered none, and may press none', () => {
    expect(movesOffered(user, POLICY, NOW)).toEqual([]);
    expect(judge(user, press('deactivate'), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'ownerInDoubt' },
    });
  });

  it('nobody asks who is an admin before a key is turned back on', () => {
    const off = userAt('deactivated', { ownerChange: change });
    expect(needsAdmin(off, 'reactivate')).toBe(false);
    expect(needsAdmin(off, 'delete')).toBe(true);
  });

  it('admins go on', () => {
    expect(movesOffered(user, POLICY, NOW, 'admin')).toEqual(['deactivate', 'reopen']);
    expect(judge(user, press('deactivate', false, 'admin'), POLICY, NOW).verdict).toBe('allowed');
  });
});

describe('a retired key', () => {
  it('can get a new key in its place, where a slot is free', () => {
    expect(movesOffered(userAt('retired'), POLICY, NOW)).toEqual(['delete', 'reactivate', 'createKey']);
    const off = oldKey({ status: 'Inactive', lastUse: usedHoursAgo(10 * 24) });
    const full = userAt('retired', { keys: [off, newKey()] });
    expect(movesOffered(full, POLICY, NOW)).toEqual(['delete', 'reactivate']);
  });
});

describe('a move that broke off', () => {
  const claim = (move: MoveName, changes: Partial<Claim> = {}): Claim => ({
    ...{ jobId: 'j', move, actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' }, at: NOW - HOUR },
    ...{ leaseUntil: NOW, knownKeyIds: [OLD, NEW], ...changes },
  });

  it('only remains to be written down when AWS shows its effect', () => {
    const cleared = userAt('due', { keys: [oldKey()], claim: claim('clearSlot', { keyId: NEW }) });
    expect(judgeAgain(cleared, POLICY, NOW)).toEqual({ verdict: 'allowed' });
    const discarded = userAt('due', { keys: [oldKey()], claim: claim('discardStranded', { keyId: NEW }) });
    expect(judgeAgain(discarded, POLICY, NOW)).toEqual({ verdict: 'allowed' });
  });

  it('is judged with what its form said, and in the role it was pressed in', () => {
    const input = LATER;
    expect(judgeAgain(userAt('due', { claim: claim('postpone', { input }) }), POLICY, NOW).verdict).toBe(
      'allowed',
    );
    const approved = claim('approve', { actor: { kind: 'person', slackId: 'U0SAM', as: 'admin' } });
    expect(
      judgeAgain(
        userAt('due', { rotation: { ...rotationAt('due'), request: MORE_TIME }, claim: approved }),
        POLICY,
        NOW,
      ).verdict,
    ).toBe('allowed');
  });

  it('is refused when the keys have changed under it', () => {
    const off = userAt('due', {
      keys: [oldKey(), newKey({ status: 'Inactive' })],
      claim: claim('adopt', { keyId: NEW }),
    });
    expect(judgeAgain(off, POLICY, NOW)).toMatchObject({ refusal: { kind: 'otherKeyOff' } });
  });
});
