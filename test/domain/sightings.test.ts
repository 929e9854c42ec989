// What a fresh look at IAM does to the record.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { isOverdue } from '../../src/domain/policy.ts';
import { type Look, reconcile } from '../../src/domain/sightings.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import type { OpenStage } from '../../src/domain/transitions.ts';
import { NOW, newKey, OLD, oldKey, POLICY, rotationAt, usedHoursAgo, userAt } from './given.ts';

const ID = { account: '111122223333', userName: 'ci-deploy' };

function look(changes: Partial<Look> = {}): Look {
  return {
    at: NOW,
    jobId: 'sweep-1',
    userId: 'AIDACIDEPLOY000000001',
    arn: 'arn:aws:iam::111122223333:user/ci-deploy',
    owner: { kind: 'person', slackId: 'U0ANA', from: 'ownerTag' },
    keys: [oldKey()],
    ...changes,
  };
}

describe('a key that falls due', () => {
  it('opens a rotation and says when and why', () => {
    const user = reconcile(ID, undefined, look(), POLICY);
    expect(user.rotation).toMatchObject({ stage: 'due', oldKeyId: OLD, openedAt: NOW });
    expect(user.rotation?.history).toMatchObject([{ what: 'open', to: 'due', by: { kind: 'keyrotate' } }]);
  });

  it('opens at the warning age and not a moment before', () => {
    const at = (ageMs: number) =>
      reconcile(ID, undefined, look({ keys: [oldKey({ createdAt: NOW - ageMs })] }), POLICY);
    expect(at(76 * DAY).rotation?.stage).toBe('due');
    expect(at(76 * DAY - 1).rotation).toBeUndefined();
  });

  it('takes the oldest by date, whatever the order of the list (danger 10)', () => {
    const older = oldKey({ id: 'AKIAZZZZZZZZZZZZOLDR', createdAt: NOW - 200 * DAY });
    for (const keys of [
      [older, oldKey()],
      [oldKey(), older],
    ]) {
      expect(reconcile(ID, undefined, look({ keys }), POLICY).rotation?.oldKeyId).toBe(older.id);
    }
  });

  it('leaves keys alone that are off already', () => {
    const parked = look({ keys: [oldKey({ status: 'Inactive', createdAt: NOW - 300 * DAY })] });
    expect(reconcile(ID, undefined, parked, POLICY).rotation).toBeUndefined();
  });

  it('condemns one key and not its neighbour (danger 15)', () => {
    const user = reconcile(ID, undefined, look({ keys: [oldKey(), newKey()] }), POLICY);
    expect(user.rotation?.oldKeyId).toBe(OLD);
  });

  it('waits while the last rotation is not yet filed', () => {
    const closed = userAt('deleted', { owed: ['file'], keys: [newKey()] });
    const aged = look({ keys: [newKey({ createdAt: NOW - 80 * DAY })] });
    expect(reconcile(ID, closed, aged, POLICY).rotation?.stage).toBe('deleted');
  });

  it('starts the next rotation with a new card, once the last one is filed', () => {
    const aged = look({ keys: [newKey({ createdAt: NOW - 80 * DAY })] });
    const user = reconcile(ID, userAt('deleted'), aged, POLICY);
    expect(user.rotation).toMatchObject({ stage: 'due', oldKeyId: newKey().id });
    expect(user.card).toBeUndefined();
    expect(user.notifiedAt).toBeUndefined();
  });
});

describe('looking twice', () => {
  it('changes nothing more', () => {
    const once = reconcile(ID, undefined, look(), POLICY);
    expect(reconcile(ID, once, look(), POLICY)).toEqual(once);
  });

  it('redraws the card only when there is something new to show', () => {
    const same = reconcile(ID, userAt('due'), look({ keys: userAt('due').keys }), POLICY);
    expect(same.owed).toEqual([]);
    const used = reconcile(
      ID,
      userAt('due'),
      look({ keys: [oldKey({ lastUse: { seen: 'unknown' } })] }),
      POLICY,
    );
    expect(used.owed).toEqual(['redraw']);
  });
});

describe('an off key that somebody turned on again', () => {
  const off = userAt('retired', { rotation: rotationAt('retired', 3), changedAt: NOW - 3 * DAY });
  const seen = reconcile(ID, off, look({ keys: [oldKey({ createdAt: NOW - 120 * DAY })] }), POLICY);

  it('starts its grace period anew, and its owner is told once (danger 8)', () => {
    expect(seen.rotation).toMatchObject({ stage: 'retired', offSince: NOW });
    expect(seen.owed).toEqual(['notify']);
    const again = reconcile(ID, { ...seen, owed: [] }, look({ keys: seen.keys, at: NOW + DAY }), POLICY);
    expect(again.owed).toEqual([]);
  });

  it('counts as overdue again: what matters is whether the key works', () => {
    const rotation = { ...rotationAt('retired', 0), oldKeyCreatedAt: NOW - 120 * DAY };
    expect(isOverdue(rotation, seen.keys, POLICY, NOW)).toBe(true);
    expect(isOverdue(rotation, off.keys, POLICY, NOW)).toBe(false);
  });
});

describe('an owner who is another than before', () => {
  it('gets the card anew, also after a time when there was nobody', () => {
    const ben = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' } as const;
    const nobody = userAt('due', { owner: { kind: 'nobody', why: 'none', named: [] } });
    for (const before of [userAt('due'), nobody]) {
      expect(reconcile(ID, before, look({ keys: before.keys, owner: ben }), POLICY).owed).toEqual(['notify']);
    }
  });
});

describe('a stranded key', () => {
  const stranded = userAt('due', { stranded: ['AKIASTRANDED0000LOST'], changedAt: NOW - 20 * MINUTE });

  it('stays on record while IAM lists it', () => {
    const keys = [oldKey(), newKey({ id: 'AKIASTRANDED0000LOST' })];
    expect(reconcile(ID, stranded, look({ keys }), POLICY).stranded).toEqual(['AKIASTRANDED0000LOST']);
  });

  it('is forgotten once it is gone, but not so soon that IAM may merely lag', () => {
    expect(reconcile(ID, stranded, look(), POLICY).stranded).toEqual([]);
    const soon = { ...stranded, changedAt: NOW - 14 * MINUTE };
    expect(reconcile(ID, soon, look(), POLICY).stranded).toEqual(['AKIASTRANDED0000LOST']);
  });
});

describe('a question', () => {
  const question = {
    move: 'deactivate',
    doubts: [{ kind: 'oldKeyInUse', at: NOW, service: 's3' }],
    askedAt: NOW,
  } satisfies IamUser['question'];
  const asked = userAt('confirmed', { question });

  it('settles by itself when its doubts are gone, and the card is redrawn', () => {
    const user = reconcile(ID, asked, look({ keys: asked.keys }), POLICY);
    expect(user.question).toBeUndefined();
    expect(user.owed).toEqual(['redraw']);
  });

  it('stands while there is a doubt', () => {
    const busy = look({ keys: [oldKey({ lastUse: usedHoursAgo(1) }), newKey()] });
    expect(reconcile(ID, asked, busy, POLICY).question).toEqual(question);
  });
});

describe.each(['due', 'issued', 'confirmed', 'deactivated', 'retired'] satisfies OpenStage[])(
  'the old key gone, at %s',
  (stage) => {
    const left = userAt(stage).keys.filter((key) => key.id !== OLD);
    const first = reconcile(ID, userAt(stage), look({ keys: left }), POLICY);

    it('is not believed the first time', () => {
      expect(first.rotation?.stage).toBe(stage);
      expect(first.absence).toEqual({ keyId: OLD, firstSeenAt: NOW });
    });

    it('is not believed a second time within a quarter of an hour', () => {
      const again = reconcile(ID, first, look({ keys: left, at: NOW + 14 * MINUTE }), POLICY);
      expect(again.rotation?.stage).toBe(stage);
    });

    it('resolves the rotation when seen again a quarter of an hour later', () => {
      const again = reconcile(ID, first, look({ keys: left, at: NOW + 15 * MINUTE }), POLICY);
      expect(again.rotation).toMatchObject({ stage: 'resolved', closedAt: NOW + 15 * MINUTE });
      expect(again.rotation?.history.at(-1)).toMatchObject({
        what: 'oldKeyGone',
        from: stage,
        to: 'resolved',
      });
      expect(again.owed).toEqual(expect.arrayContaining(['file', 'redraw']));
    });

    it('is forgotten when the key shows up again', () => {
      const again = reconcile(ID, first, look({ keys: userAt(stage).keys, at: NOW + 15 * MINUTE }), POLICY);
      expect(again.absence).toBeUndefined();
      expect(again.rotation?.stage).toBe(stage);
    });

    it('does not count within a quarter of an hour of our own change', () => {
      const changed = userAt(stage, { changedAt: NOW - 14 * MINUTE });
      expect(reconcile(ID, changed, look({ keys: left }), POLICY).absence).toBeUndefined();
    });
  },
);
