// Who owns an IAM user: exact, case-folded, and nobody when in doubt.
import { describe, expect, it } from 'vitest';
import { decideOwner, ownerCandidates, type Person } from '../../src/domain/owner.ts';

const TAGS = { ownerTag: 'keyrotate:owner', mailTag: 'mail' };
const ann: Person = { slackId: 'U0ANN0000', name: 'Ann', timeZone: 'UTC' };

const candidates = (userName: string, tags: Record<string, string> = {}) =>
  ownerCandidates({ userName, tags }, TAGS).map(({ source, kind, value }) => `${source} ${kind} ${value}`);

describe('candidates', () => {
  it('come from the owner tag first, then the mail tag, then the user name', () => {
    const tags = { 'keyrotate:owner': 'a@example.com', mail: 'b@example.com' };
    expect(candidates('c@example.com', tags)).toEqual(['ownerTag email a@example.com']);
    expect(candidates('c@example.com', { mail: 'b@example.com' })).toEqual(['mailTag email b@example.com']);
    expect(candidates('c@example.com')).toEqual(['userName email c@example.com']);
    expect(candidates('ci-deploy')).toEqual([]);
  });

  it('are folded in case and compared whole (danger 25)', () => {
    expect(candidates('x', { mail: 'Ann@Example.COM' })).toEqual(['mailTag email ann@example.com']);
    expect(candidates('x', { mail: 'ann' })).toEqual([]);
  });

  it('may be a Slack user id in the owner tag only', () => {
    expect(candidates('x', { 'keyrotate:owner': 'U012ABCDE' })).toEqual(['ownerTag slackId U012ABCDE']);
    expect(candidates('x', { mail: 'U012ABCDE' })).toEqual([]);
  });

  it('count once when the same person is named twice', () => {
    expect(candidates('x', { mail: 'a@example.com A@example.com' })).toHaveLength(1);
  });
});

describe('the decision', () => {
  const one = ownerCandidates({ userName: 'x', tags: { mail: 'ann@example.com' } }, TAGS);

  it('is the person found', () => {
    expect(decideOwner(one, [ann])).toEqual({ kind: 'person', slackId: ann.slackId, from: 'mailTag' });
  });

  it('is nobody when two are named', () => {
    const two = ownerCandidates(
      { userName: 'x', tags: { mail: 'ann@example.com joanna@example.com' } },
      TAGS,
    );
    expect(decideOwner(two, [ann])).toMatchObject({ kind: 'nobody', why: 'ambiguous' });
  });

  it('is nobody when Slack knows nobody, or only a guest or a closed account', () => {
    expect(decideOwner(one, [])).toMatchObject({ kind: 'nobody', why: 'none', named: ['ann@example.com'] });
    expect(decideOwner(one, [{ ...ann, barred: 'guest' }])).toMatchObject({ kind: 'nobody' });
    expect(decideOwner(one, [{ ...ann, barred: 'deactivated' }])).toMatchObject({ kind: 'nobody' });
  });
});
