// What a fresh look at IAM does to the record.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { openNow } from '../../src/domain/open-rotation.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { corrections } from '../../src/domain/wanted.ts';
import {
  drawn,
  keysAt,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  rotationAt,
  usedHoursAgo,
  userAt,
} from './given.ts';
import { ID, looking, snapshot } from './looking.ts';

describe('a key that falls due', () => {
  it('opens a rotation and says when and why', () => {
    const user = reconcile(ID, undefined, snapshot(), POLICY);
    expect(user.rotation).toMatchObject({ stage: 'due', oldKeyId: OLD, openedAt: NOW });
    expect(user.rotation?.history).toMatchObject([{ what: 'open', to: 'due', by: { kind: 'keyrotate' } }]);
  });

  it('opens at the warning age and not a moment before', () => {
    const at = (ageMs: number) =>
      reconcile(ID, undefined, snapshot({ keys: [oldKey({ createdAt: NOW - ageMs })] }), POLICY);
    expect(at(76 * DAY).rotation?.stage).toBe('due');
    expect(at(76 * DAY - 1).rotation).toBeUndefined();
  });

  it('takes the oldest by date, whatever the order of the list (danger 10)', () => {
    const older = oldKey({ id: 'AKIAZZZZZZZZZZZZOLDR', createdAt: NOW - 200 * DAY });
    for (const keys of [
      [older, oldKey()],
      [oldKey(), older],
    ]) {
      expect(reconcile(ID, undefined, snapshot({ keys }), POLICY).rotation?.oldKeyId).toBe(older.id);
    }
  });

  it('leaves keys alone that are off already', () => {
    const parked = snapshot({ keys: [oldKey({ status: 'Inactive', createdAt: NOW - 300 * DAY })] });
    expect(reconcile(ID, undefined, parked, POLICY).rotation).toBeUndefined();
  });

  it('condemns one key and not its neighbour (danger 15)', () => {
    const user = reconcile(ID, undefined, snapshot({ keys: [oldKey(), newKey()] }), POLICY);
    expect(user.rotation?.oldKeyId).toBe(OLD);
  });

  it('waits while the last rotation is not yet filed', () => {
    const closed = userAt('deleted', { keys: [newKey()] });
    const aged = snapshot({ keys: [newKey({ createdAt: NOW - 80 * DAY })] });
    expect(reconcile(ID, closed, aged, POLICY).rotation?.stage).toBe('deleted');
  });

  it('starts the next rotation with a new card, once the last one is filed', () => {
    const aged = snapshot({ keys: [newKey({ createdAt: NOW - 80 * DAY })] });
    const rotation = { ...rotationAt('deleted'), isFiled: true as const };
    const user = reconcile(ID, userAt('deleted', { rotation, toldEntries: 4 }), aged, POLICY);
    expect(user.rotation).toMatchObject({ stage: 'due', oldKeyId: newKey().id });
    expect(user).toMatchObject({ messages: [], toldEntries: 0 });
    // Its owner has not heard of this one, but of the user: another owner by tag is announced to them.
    expect(user.rotation).not.toHaveProperty('contactedAt');
    expect(user.notifiedAt).toBe(NOW - DAY);
  });
});

describe('looking twice', () => {
  it('changes nothing more', () => {
    const once = reconcile(ID, undefined, snapshot(), POLICY);
    expect(reconcile(ID, once, snapshot(), POLICY)).toEqual(once);
  });

  it('redraws the card only when there is something new to show', () => {
    const same = reconcile(ID, drawn(userAt('due')), snapshot(), POLICY);
    expect(corrections(same, POLICY, NOW)).toEqual([]);
    const used = reconcile(ID, same, snapshot({ keys: [oldKey({ lastUse: { seen: 'unknown' } })] }), POLICY);
    expect(corrections(used, POLICY, NOW)).toMatchObject([{ kind: 'redraw', isLast: false }]);
  });
});

describe('an exemption', () => {
  const exempt = { kind: 'until', until: NOW + 90 * DAY, why: 'the vendor' } as const;

  it('keeps a key that falls due from being rotated, and is kept in mind', () => {
    const user = reconcile(ID, undefined, snapshot({ exempt }), POLICY);
    expect(user.rotation).toBeUndefined();
    expect(user.exempt).toEqual(exempt);
  });

  it('ends with its tag', () => {
    const before = reconcile(ID, undefined, snapshot({ exempt }), POLICY);
    const after = reconcile(ID, before, snapshot(), POLICY);
    expect(after.exempt).toBeUndefined();
    expect(after.rotation?.stage).toBe('due');
  });

  it('that is unclear keeps nothing from being rotated', () => {
    const unclear = { kind: 'unclear', text: 'for ever' } as const;
    expect(reconcile(ID, undefined, snapshot({ exempt: unclear }), POLICY).rotation?.stage).toBe('due');
  });

  it('leaves a rotation under way as it is', () => {
    const user = looking(userAt('issued'), { exempt, keys: keysAt('issued') }, NOW);
    expect(user).toMatchObject({ exempt, rotation: { stage: 'issued' } });
  });
});

describe('a rotation that somebody asks for', () => {
  const by = { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const;
  const asked = { at: NOW, jobId: 'rotate-1', keys: [newKey()], by };
  const idle = (...keys: AccessKey[]) => {
    const { rotation: _, ...user } = userAt('due', { keys });
    return user;
  };

  it('opens at any age, of the oldest key that is on, and says who asked', () => {
    const young = newKey({ id: 'AKIATHIRDTHIRDTHIRDX', createdAt: NOW - DAY });
    expect(openNow(idle(young, newKey(), oldKey({ status: 'Inactive' })), asked)).toMatchObject({
      rotation: {
        ...{ stage: 'due', oldKeyId: NEW, openedAt: NOW },
        history: [{ what: 'open', jobId: 'rotate-1', by }],
      },
    });
  });

  it('is not opened beside another, nor where no key is on', () => {
    const open = userAt('issued');
    expect(openNow(open, asked)).toBe(open);
    const parked = idle(oldKey({ status: 'Inactive' }));
    expect(openNow(parked, asked)).toEqual({ kind: 'noKeyOn', userName: parked.userName });
  });
});

describe('a stranded key', () => {
  const stranded = userAt('due', { stranded: ['AKIASTRANDED0000LOST'], changedAt: NOW - 20 * MINUTE });

  it('stays on record while IAM lists it', () => {
    const keys = [oldKey(), newKey({ id: 'AKIASTRANDED0000LOST' })];
    expect(reconcile(ID, stranded, snapshot({ keys }), POLICY).stranded).toEqual(['AKIASTRANDED0000LOST']);
  });

  it('is none any more once its secret is found in the vault: whoever was at it was only slow', () => {
    const keys = [oldKey(), newKey({ id: 'AKIASTRANDED0000LOST' })];
    const stored = ['AKIASTRANDED0000LOST'];
    const user = reconcile(ID, stranded, snapshot({ keys, stored }), POLICY);
    expect(user.stranded).toEqual([]);
  });

  it('is forgotten once it is gone, but not so soon that IAM may merely lag', () => {
    expect(reconcile(ID, stranded, snapshot(), POLICY).stranded).toEqual([]);
    const soon = { ...stranded, changedAt: NOW - 14 * MINUTE };
    expect(reconcile(ID, soon, snapshot(), POLICY).stranded).toEqual(['AKIASTRANDED0000LOST']);
  });
});

describe('a question', () => {
  const question = {
    move: 'deactivate',
    doubts: [{ kind: 'oldKeyInUse', at: NOW, service: 's3' }],
    askedAt: NOW,
  } satisfies IamUser['question'];
  const asked = userAt('confirmed', { question });

  it('is over by itself when its doubts are gone', () => {
    const user = reconcile(ID, asked, snapshot({ keys: asked.keys }), POLICY);
    expect(user.question).toBeUndefined();
  });

  it('stands while there is a doubt', () => {
    const busy = snapshot({ keys: [oldKey({ lastUse: usedHoursAgo(1) }), newKey()] });
    expect(reconcile(ID, asked, busy, POLICY).question).toEqual(question);
  });
});
