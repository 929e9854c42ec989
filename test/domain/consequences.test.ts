// What a move means beyond its rotation: who is told, and what is remembered of the IAM user.
import { describe, expect, it } from 'vitest';
import { withConsequences } from '../../src/domain/consequences.ts';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import type { Actor } from '../../src/domain/rotation.ts';
import { MOVE_NAMES, type MoveName } from '../../src/domain/transitions.ts';
import { NEW, NOW, OLD, userAt } from './given.ts';

const ANA: Actor = { kind: 'person', slackId: 'U0ANA', as: 'owner' };
const SAM: Actor = { kind: 'person', slackId: 'U0SAM', as: 'admin' };

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

describe('what an admin does for an owner', () => {
  it.each(MOVE_NAMES.filter((move) => move !== 'notMine'))('is told to the owner: %s', (move) => {
    expect(done(move, { actor: SAM }).owed).toContain('notify');
  });

  it('is told to nobody where nobody owns it', () => {
    const orphan = userAt('due', { owner: { kind: 'nobody', why: 'left', named: ['U0ANA'] } });
    expect(done('retire', { actor: SAM }, orphan).owed).toEqual([]);
  });

  it('is told to a channel that owns', () => {
    const shared = userAt('due', { owner: { kind: 'channel', channelId: 'C0TEAM' } });
    expect(done('retire', { actor: SAM }, shared).owed).toEqual(['notify']);
  });
});

describe('what owners do themselves', () => {
  it.each(['createKey', 'retire', 'postpone', 'delete'] as const)('needs no message about it: %s', (move) => {
    const user = done(move);
    expect(user.owed).toEqual([]);
    expect(user.news).toEqual([]);
  });

  it('is told to the admins where they must decide or help', () => {
    expect(done('askForTime')).toMatchObject({ owed: ['announce'], news: [{ kind: 'timeAsked' }] });
    expect(done('keepBoth')).toMatchObject({
      owed: ['announce'],
      news: [{ kind: 'bothNeeded', slackId: 'U0ANA' }],
    });
  });

  it('is told once, however often it is done before anybody was told', () => {
    const twice = done('askForTime', {}, done('keepBoth', {}, done('askForTime')));
    expect(twice.news.map(({ kind }) => kind)).toEqual(['bothNeeded', 'timeAsked']);
  });
});

describe('"not mine"', () => {
  const why = 'I moved to another team';
  const link = { to: { kind: 'person', slackId: 'U0ANA' }, by: 'U0SAM', at: NOW } as const;
  const user = done('notMine', { input: { text: why } }, userAt('due', { link }));

  it('leaves it to nobody, even where an admin had linked it', () => {
    expect(user.owner).toEqual({ kind: 'nobody', why: 'disowned', named: ['U0ANA'] });
    expect(user.link).toBeUndefined();
  });

  it('is remembered with who said it and why, and told to the admins', () => {
    expect(user.disowned).toEqual({ slackId: 'U0ANA', why, at: NOW });
    expect(user.news).toEqual([{ kind: 'notMine', slackId: 'U0ANA', why }]);
    expect(user.owed).toEqual(['announce']);
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
