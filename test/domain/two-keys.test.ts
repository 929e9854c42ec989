// Two keys: which moves about the other one are possible, and that none is ever about the wrong one.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { judge, judgeAgain, keyMeant, movesOffered } from '../../src/domain/legality.ts';
import type { RefusalKind } from '../../src/domain/refusal.ts';
import { DAY } from '../../src/domain/time.ts';
import type { MoveName } from '../../src/domain/transitions.ts';
import { NEW, NOW, newKey, OLD, oldKey, press, rotationAt, situated, userAt } from './given.ts';

const beside = (...changes: Parameters<typeof newKey>) => [oldKey(), newKey(...changes)];
/** The other key has reached its warning age, too. */
const BOTH_DUE = beside({ createdAt: NOW - 80 * DAY });
const STRANDED = { keys: beside(), stranded: [NEW] };
const ADOPTED = {
  rotation: { ...rotationAt('issued'), replacement: { kind: 'adopted', keyId: NEW } as const },
};

describe('a move about the other key', () => {
  it.each<[MoveName, string, Partial<IamUser>, RefusalKind]>([
    ['adopt', 'without another key', { keys: [oldKey()] }, 'otherKeyMissing'],
    ['adopt', 'of a key that is off', { keys: beside({ status: 'Inactive' }) }, 'otherKeyOff'],
    ['adopt', 'of an older key', { keys: beside({ createdAt: NOW - 84 * DAY }) }, 'otherKeyOlder'],
    [
      'adopt',
      'of a key of the very same age',
      { keys: beside({ createdAt: NOW - 83 * DAY }) },
      'otherKeyOlder',
    ],
    ['adopt', 'of a key whose secret nobody has', STRANDED, 'otherKeyStranded'],
    ['adopt', 'once the old key is gone', { keys: [newKey()] }, 'oldKeyMissing'],
    ['switchKey', 'without another key', { keys: [oldKey()] }, 'otherKeyMissing'],
    ['switchKey', 'to a key that is not due', { keys: beside() }, 'otherKeyNotDue'],
    ['switchKey', 'to a key that is off', { keys: beside({ status: 'Inactive' }) }, 'otherKeyOff'],
    [
      'switchKey',
      'to a key whose secret nobody has',
      { keys: BOTH_DUE, stranded: [NEW] },
      'otherKeyStranded',
    ],
    ['clearSlot', 'without another key', { keys: [oldKey()] }, 'otherKeyMissing'],
    ['clearSlot', 'of a key that is on', { keys: beside() }, 'otherKeyOn'],
    ['discardStranded', 'where nothing is stranded', { keys: beside() }, 'nothingStranded'],
    ['discardStranded', 'once it is gone', { keys: [oldKey()], stranded: [NEW] }, 'nothingStranded'],
    ['keepBoth', 'without another key', { keys: [oldKey()] }, 'otherKeyMissing'],
    ['keepBoth', 'where the other is off', { keys: beside({ status: 'Inactive' }) }, 'otherKeyOff'],
    [
      'keepBoth',
      'where the old one is off',
      { keys: [oldKey({ status: 'Inactive' }), newKey()] },
      'oldKeyOff',
    ],
    [
      'keepBoth',
      'when it is known',
      {
        keys: beside(),
        rotation: { ...rotationAt('due'), bothNeeded: { at: NOW, by: { kind: 'keyrotate' } } },
      },
      'bothNeededKnown',
    ],
  ])('%s is neither offered nor allowed %s', (move, _, changes, kind) => {
    const user = userAt('due', changes);
    expect(judge(situated(user), press(move, true))).toMatchObject({ refusal: { kind } });
    expect(movesOffered(situated(user))).not.toContain(move);
  });

  it('is never about the old key, be it stranded itself', () => {
    const user = userAt('due', { keys: [oldKey()], stranded: [OLD] });
    expect(movesOffered(situated(user))).not.toContain('discardStranded');
    expect(judge(situated(user), press('discardStranded', true))).toMatchObject({
      refusal: { kind: 'nothingStranded' },
    });
    expect(keyMeant(situated(user), 'discardStranded')).toBeUndefined();
  });

  it('names the key it is about, and others name none', () => {
    const user = userAt('due', { keys: BOTH_DUE });
    expect(keyMeant(situated(user), 'switchKey')?.id).toBe(NEW);
    expect(keyMeant(situated(user), 'retire')).toBeUndefined();
    expect(keyMeant(situated(user), 'discardStranded')).toBeUndefined();
  });
});

describe('a key that was adopted', () => {
  it('can be let go of even when it is gone', () => {
    const user = userAt('issued', { ...ADOPTED, keys: [oldKey()] });
    expect(movesOffered(situated(user))).toEqual(['undoAdopt', 'postpone', 'notMine']);
    expect(judge(situated(user), press('undoAdopt')).verdict).toBe('allowed');
  });

  it('can be let go of, and is never deleted: keyrotate did not make it', () => {
    const user = userAt('issued', ADOPTED);
    expect(movesOffered(situated(user))).toEqual(['confirmMigration', 'undoAdopt', 'postpone', 'notMine']);
    expect(judge(situated(user), press('discardNewKey'))).toMatchObject({
      refusal: { kind: 'notMadeHere', keyId: NEW },
    });
  });

  it('is told from one that keyrotate made, which can be discarded and not let go of', () => {
    const user = userAt('issued');
    expect(movesOffered(situated(user))).toEqual([
      'confirmMigration',
      'discardNewKey',
      'postpone',
      'notMine',
    ]);
    expect(judge(situated(user), press('undoAdopt'))).toMatchObject({
      refusal: { kind: 'madeHere', keyId: NEW },
    });
  });
});

describe('a move about the other key that broke off', () => {
  const other = 'AKIATHIRDTHIRDTH3RD';
  it.each(['adopt', 'switchKey', 'keepBoth'] as const)(
    'is not taken up for a key that has come in its place since: %s',
    (move) => {
      const claim = {
        ...{ jobId: 'click-1', move, at: NOW, leaseUntil: NOW, knownKeyIds: [OLD, NEW], keyId: NEW },
        actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const,
      };
      const age = { createdAt: NOW - 80 * DAY };
      const replaced = situated(userAt('due', { keys: beside({ ...age, id: other }) }));
      expect(judgeAgain(replaced, claim)).toEqual({
        verdict: 'refused',
        refusal: { kind: 'otherKeyMissing' },
      });
      const same = situated(userAt('due', { keys: beside(age) }));
      expect(judgeAgain(same, claim).verdict).toBe('allowed');
    },
  );
});
