// What the keys must be like before a move, and which doubts must be answered first.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import type { Doubt } from '../../src/domain/evidence.ts';
import type { Claim, IamUser, Question } from '../../src/domain/iam-user.ts';
import { judge, judgeAgain, movesOffered, needsAdmin } from '../../src/domain/legality.ts';
import { MOVE_ROWS } from '../../src/domain/moves/rows.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { MoveName, Stage } from '../../src/domain/transitions.ts';
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
  situated,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

const OFF = oldKey({ status: 'Inactive', lastUse: usedHoursAgo(10 * 24) });

describe('delete', () => {
  it('waits for the grace period, counted from the true deactivation (danger 8)', () => {
    const early = userAt('deactivated', { rotation: rotationAt('deactivated', 6.9) });
    const verdict = judge(situated(early), press('delete'));
    expect(verdict).toMatchObject({ refusal: { kind: 'graceNotOver' } });
    expect(movesOffered(situated(early))).toEqual(['reactivate']);
  });

  it('is possible at the very moment the grace period ends', () => {
    const user = userAt('deactivated', { rotation: rotationAt('deactivated', 7) });
    expect(judge(situated(user), press('delete')).verdict).toBe('allowed');
  });

  it('is refused while the key is on, which AWS itself would not do (danger 17)', () => {
    const user = userAt('deactivated', { keys: [oldKey(), newKey()] });
    expect(judge(situated(user), press('delete'))).toMatchObject({ refusal: { kind: 'oldKeyOn' } });
  });

  it.each([
    ['off', [OFF, newKey({ status: 'Inactive' })], 'newKeyOff'],
    ['gone', [OFF], 'newKeyMissing'],
  ] as const)('is refused while the new key is %s: it may be the last one that works', (_, keys, kind) => {
    const user = userAt('deactivated', { keys: [...keys] });
    expect(judge(situated(user), press('delete'))).toMatchObject({ refusal: { kind } });
  });

  it('is allowed when the key is gone already: that is the end that was asked for', () => {
    const user = userAt('deactivated', { keys: [newKey()] });
    expect(judge(situated(user), press('delete')).verdict).toBe('allowed');
  });
});

describe('createKey', () => {
  it('is neither offered nor allowed when both slots are taken, and names the other key (danger 13)', () => {
    const user = userAt('due', { keys: [oldKey(), newKey()] });
    expect(movesOffered(situated(user))).toEqual(['adopt', 'retire', 'keepBoth', 'postpone', 'notMine']);
    expect(judge(situated(user), press('createKey'))).toMatchObject({
      refusal: { kind: 'slotTaken', otherKeyId: newKey().id },
    });
  });

  it('counts an inactive key as a taken slot, as AWS does', () => {
    const user = userAt('due', { keys: [oldKey(), newKey({ status: 'Inactive' })] });
    expect(judge(situated(user), press('createKey'))).toMatchObject({ refusal: { kind: 'slotTaken' } });
  });
});

describe('deactivate', () => {
  it('asks when the old key was used within the quiet hours', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: usedHoursAgo(23.9) }), newKey()] });
    expect(judge(situated(user), press('deactivate'))).toMatchObject({
      verdict: 'ask',
      doubts: [{ kind: 'oldKeyInUse', service: 's3', at: NOW - 23.9 * HOUR }],
    });
  });

  it('is allowed once the old key has been quiet for the quiet hours', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: usedHoursAgo(24) }), newKey()] });
    expect(judge(situated(user), press('deactivate')).verdict).toBe('allowed');
  });

  it('takes a failed look-up for a doubt and never for silence (danger 9)', () => {
    const user = userAt('confirmed', { keys: [oldKey({ lastUse: UNKNOWN }), newKey({ lastUse: UNKNOWN })] });
    expect(judge(situated(user), press('deactivate'))).toMatchObject({
      doubts: [{ kind: 'oldKeyUseUnknown' }, { kind: 'newKeyUseUnknown' }],
    });
  });

  it('asks when nobody has used the new key: its secret may not have been fetched (danger 5)', () => {
    const user = userAt('confirmed', { keys: [oldKey(), newKey({ lastUse: NEVER })] });
    expect(judge(situated(user), press('deactivate'))).toMatchObject({
      doubts: [{ kind: 'newKeyNeverUsed' }],
    });
  });

  it('is refused when the new key does not work', () => {
    const off = userAt('confirmed', { keys: [oldKey(), newKey({ status: 'Inactive' })] });
    expect(judge(situated(off), press('deactivate', true))).toMatchObject({
      refusal: { kind: 'newKeyOff' },
    });
    const gone = userAt('confirmed', { keys: [oldKey()] });
    expect(judge(situated(gone), press('deactivate', true))).toMatchObject({
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
    expect(judge(situated(user), press('deactivate', true)).verdict).toBe('allowed');
  });

  it('does not count when nothing was shown', () => {
    const user = userAt('confirmed', { keys: busy });
    expect(judge(situated(user), press('deactivate', true)).verdict).toBe('ask');
  });

  it('does not count for another move, another service, or a doubt that came since', () => {
    const ask = (question: NonNullable<ReturnType<typeof userAt>['question']>, keys = busy) =>
      judge(situated(userAt('confirmed', { keys, question })), press('deactivate', true)).verdict;
    expect(ask({ move: 'retire', doubts: [shown], askedAt: NOW })).toBe('ask');
    expect(ask({ move: 'deactivate', doubts: [{ ...shown, service: 'ecr' }], askedAt: NOW })).toBe('ask');
    const unproven = [oldKey({ lastUse: usedHoursAgo(1) }), newKey({ lastUse: NEVER })];
    expect(ask({ move: 'deactivate', doubts: [shown], askedAt: NOW }, unproven)).toBe('ask');
  });
});

describe('discardNewKey', () => {
  it('is refused while the old key is off: the user would have nothing (danger 13)', () => {
    const user = userAt('issued', { keys: [oldKey({ status: 'Inactive' }), newKey({ lastUse: NEVER })] });
    expect(judge(situated(user), press('discardNewKey'))).toMatchObject({
      refusal: { kind: 'oldKeyOff' },
    });
  });

  it('asks when the new key has been used, or when that is unknown', () => {
    const used = userAt('issued', { keys: [oldKey(), newKey()] });
    expect(judge(situated(used), press('discardNewKey'))).toMatchObject({
      doubts: [{ kind: 'newKeyInUse' }],
    });
    const unknown = userAt('issued', { keys: [oldKey(), newKey({ lastUse: UNKNOWN })] });
    expect(judge(situated(unknown), press('discardNewKey'))).toMatchObject({
      doubts: [{ kind: 'newKeyUseUnknown' }],
    });
  });
});

describe('while the owner is in doubt', () => {
  const change = { to: { kind: 'nobody', why: 'none', named: [] }, at: NOW } satisfies IamUser['ownerChange'];
  const user = userAt('confirmed', { ownerChange: change });

  it('moves wait for an admin: the owner is offered none, and may press none', () => {
    expect(movesOffered(situated(user))).toEqual([]);
    expect(judge(situated(user), press('deactivate'))).toMatchObject({
      refusal: { kind: 'ownerInDoubt' },
    });
  });

  it('nobody asks who is an admin before a key is turned back on', () => {
    const off = userAt('deactivated', { ownerChange: change });
    expect(needsAdmin(off, 'reactivate')).toBe(false);
    expect(needsAdmin(off, 'delete')).toBe(true);
    expect(needsAdmin(userAt('due'), 'approve')).toBe(true);
    expect(needsAdmin(userAt('due'), 'createKey')).toBe(false);
  });

  it('admins go on', () => {
    expect(movesOffered(situated(user), 'admin')).toEqual([
      ...['deactivate', 'turnOffWhenQuiet', 'reopen', 'postpone'],
    ]);
    expect(judge(situated(user), press('deactivate', false, 'admin')).verdict).toBe('allowed');
  });
});

describe('a retired key', () => {
  it('can get a new key in its place, where a slot is free', () => {
    expect(movesOffered(situated(userAt('retired')))).toEqual(['delete', 'reactivate', 'createKey']);
    const full = userAt('retired', { keys: [OFF, newKey()] });
    expect(movesOffered(situated(full))).toEqual(['delete', 'reactivate']);
  });
});

describe('a move that broke off', () => {
  const claim = (move: MoveName, changes: Partial<Claim> = {}): Claim => ({
    ...{ jobId: 'j', move, actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' }, at: NOW - HOUR },
    ...{ leaseUntil: NOW, knownKeyIds: [OLD, NEW], ...changes },
  });

  const off = oldKey({ status: 'Inactive' });

  it.each<[MoveName, Stage, AccessKey[], boolean]>([
    ['deactivate', 'confirmed', [off, newKey()], true],
    ['deactivate', 'confirmed', [oldKey(), newKey()], false],
    ['deactivate', 'confirmed', [newKey()], false],
    ['retire', 'due', [off], true],
    ['reactivate', 'deactivated', [oldKey(), newKey()], true],
    ['reactivate', 'deactivated', [off, newKey()], false],
    ['reactivate', 'deactivated', [newKey()], false],
    ['delete', 'deactivated', [newKey()], true],
    ['delete', 'deactivated', [off, newKey()], false],
    ['discardNewKey', 'issued', [oldKey()], true],
    ['discardNewKey', 'issued', [oldKey(), newKey()], false],
    ['clearSlot', 'due', [oldKey()], true],
    ['clearSlot', 'due', [oldKey(), newKey()], false],
    ['discardStranded', 'due', [oldKey()], true],
    ['createKey', 'due', [oldKey(), newKey()], false],
    ['adopt', 'due', [oldKey()], false],
    ['resume', 'postponed', [], false],
  ])('only remains to be written down when AWS shows its effect: %s at %s', (move, stage, keys, isDone) => {
    // In preview whatever is judged anew is refused.
    const situation = situated(userAt(stage, { keys }), { ...POLICY, mode: 'preview' });
    const { about } = MOVE_ROWS[move];
    const named = about === 'other' || about === 'stranded' ? { keyId: NEW } : {};
    expect(judgeAgain(situation, claim(move, named)).verdict).toBe(isDone ? 'allowed' : 'refused');
  });

  it('counts "anyway" only where the doubts it was pressed against are still the question', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(1) }), newKey()];
    const doubts: Doubt[] = [{ kind: 'oldKeyInUse', at: NOW - HOUR, service: 's3', region: 'eu-west-1' }];
    const verdict = (question?: Question) =>
      judgeAgain(situated(userAt('confirmed', { keys, ...(question && { question }) })), claim('deactivate'))
        .verdict;
    expect(verdict({ move: 'deactivate', doubts, askedAt: NOW })).toBe('allowed');
    expect(verdict({ move: 'retire', doubts, askedAt: NOW })).toBe('ask');
    expect(verdict()).toBe('ask');
  });

  it('is refused when its rotation is over', () => {
    expect(judgeAgain(undefined, claim('deactivate')).verdict).toBe('refused');
    expect(judgeAgain(undefined, claim('adopt', { keyId: NEW })).verdict).toBe('refused');
  });

  it('is judged with what its form said, and in the role it was pressed in', () => {
    const postponed = claim('postpone', { input: LATER });
    expect(judgeAgain(situated(userAt('due')), postponed).verdict).toBe('allowed');
    const approved = claim('approve', { actor: { kind: 'person', slackId: 'U0SAM', as: 'admin' } });
    const asked = userAt('due', { rotation: { ...rotationAt('due'), request: MORE_TIME } });
    expect(judgeAgain(situated(asked), approved).verdict).toBe('allowed');
  });

  it('is refused when the keys have changed under it', () => {
    const off = situated(userAt('due', { keys: [oldKey(), newKey({ status: 'Inactive' })] }));
    const adopted = claim('adopt', { keyId: NEW });
    expect(judgeAgain(off, adopted)).toMatchObject({ refusal: { kind: 'otherKeyOff' } });
  });
});
