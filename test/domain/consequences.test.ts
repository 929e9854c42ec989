// What a move means beyond its rotation: what is remembered of the IAM user.
import { describe, expect, it } from 'vitest';
import { withConsequences } from '../../src/domain/consequences.ts';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { matters } from '../../src/domain/matters.ts';
import type { PersonActing } from '../../src/domain/rotation.ts';
import type { MoveName } from '../../src/domain/transitions.ts';
import { NEW, NOW, OLD, POLICY, userAt } from './given.ts';

const ANA: PersonActing = { kind: 'person', slackId: 'U0ANA', as: 'owner' };

function done(move: MoveName, changes: Partial<Claim> = {}, user: IamUser = userAt('due')): IamUser {
  const claim: Claim = {
    jobId: 'j',
    move,
    actor: ANA,
    at: NOW,
    leaseUntil: NOW,
    knownKeyIds: [OLD],
    ...changes,
  };
  return withConsequences(user, claim, NOW);
}

describe('"not mine"', () => {
  const why = 'I moved to another team';
  const link = { to: { kind: 'person', slackId: 'U0ANA' }, by: 'U0SAM', at: NOW } as const;
  const user = done('notMine', { input: { text: why } }, userAt('due', { link }));

  it('leaves it to nobody, even where an admin had linked it', () => {
    expect(user.owner).toEqual({ kind: 'nobody', why: 'disowned', named: ['U0ANA'] });
    expect(user.link).toBeUndefined();
  });

  it('is remembered with who said it and why, and is for admins to decide', () => {
    expect(user.disowned).toEqual({ slackId: 'U0ANA', why, at: NOW });
    expect(matters(user, POLICY, NOW)).toEqual([{ kind: 'notMine', level: 1 }]);
  });
});

describe('where a key was replaced', () => {
  it('is remembered in the words of whoever confirmed it, for the next time', () => {
    const text = 'GitHub secrets of acme/shop';
    expect(done('confirmMigration', { input: { text } }).usedAt).toEqual({ text, at: NOW, by: 'U0ANA' });
  });

  it('stays what it was when nothing is said', () => {
    const usedAt = { text: 'Jenkins', at: NOW, by: 'U0BEN' };
    expect(done('confirmMigration', {}, userAt('issued', { usedAt })).usedAt).toEqual(usedAt);
    expect(done('confirmMigration', { input: { text: '' } }, userAt('issued', { usedAt })).usedAt).toEqual(
      usedAt,
    );
  });
});

describe('a stranded key', () => {
  const user = userAt('due', { stranded: [NEW, 'AKIAOTHER'] });

  it('is forgotten once it is discarded, and only that one', () => {
    expect(done('discardStranded', { keyId: NEW }, user).stranded).toEqual(['AKIAOTHER']);
  });

  it('stays on record whatever else is done', () => {
    expect(done('retire', {}, user).stranded).toEqual([NEW, 'AKIAOTHER']);
  });
});
