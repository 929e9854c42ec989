// Who owns an IAM user: exact, case-folded, and nobody when in doubt.
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  decideOwner,
  mentions,
  type Owner,
  ownerCandidates,
  type Person,
  sameOwner,
} from '../../src/domain/owner.ts';

const TAGS = { ownerTag: 'keyrotate:owner', mailTag: 'mail' };
const ann: Person = { slackId: 'U0ANN0000', name: 'Ann', timeZone: 'UTC' };

const candidates = (userName: string, tags: Record<string, string> = {}) =>
  ownerCandidates({ userName, tags }, TAGS).map((group) =>
    group.map(({ source, kind, value }) => `${source} ${kind} ${value}`).join(', '),
  );

describe('candidates', () => {
  it('come from the owner tag first, then the mail tag, then the user name', () => {
    const tags = { 'keyrotate:owner': 'a@example.com', mail: 'b@example.com' };
    expect(candidates('c@example.com', tags)).toEqual([
      'ownerTag email a@example.com',
      'mailTag email b@example.com',
      'userName email c@example.com',
    ]);
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
    expect(candidates('x', { mail: 'a@example.com A@example.com' })).toEqual(['mailTag email a@example.com']);
  });

  it('come from a tag whose key is written in any case of letters, as IAM takes it', () => {
    expect(candidates('x', { 'Keyrotate:Owner': 'a@example.com', MAIL: 'b@example.com' })).toEqual([
      'ownerTag email a@example.com',
      'mailTag email b@example.com',
    ]);
  });

  it.each([' ', ',', ';', ':', '/', '|', ', ', '=', '+', '-', '_', '.', '&', '·'])(
    'are two beside %j',
    (mark) => {
      const two = (one: string, other: string) =>
        ownerCandidates({ userName: 'x', tags: { 'keyrotate:owner': `${one}${mark}${other}` } }, TAGS);
      expect(two('ana@example.com', 'ben@example.com')).toMatchObject([[{}, {}]]);
      expect(two('U012ABCDE', 'U012ABCDF')).toMatchObject([[{}, {}]]);
    },
  );

  it('are parts of nothing: what stands before or after makes another address', () => {
    expect(candidates('x', { 'keyrotate:owner': 'owner=ana@example.com' })).toEqual([
      'ownerTag email owner=ana@example.com',
    ]);
    expect(candidates('x', { 'keyrotate:owner': 'team-U012ABCDE' })).toEqual([]);
  });
});

describe('the decision', () => {
  const inMail = (mail: string) => ownerCandidates({ userName: 'x', tags: { mail } }, TAGS).flat();
  const one = inMail('ann@example.com');

  it('is the person found', () => {
    expect(decideOwner(one, [ann])).toEqual({
      kind: 'person',
      slackId: ann.slackId,
      from: 'mailTag',
      timeZone: 'UTC',
    });
  });

  it('is nobody when two are named', () => {
    const two = inMail('ann@example.com joanna@example.com');
    expect(decideOwner(two, [ann])).toMatchObject({ kind: 'nobody', why: 'ambiguous' });
  });

  it('is nobody when Slack knows nobody, or only a guest or a closed account', () => {
    expect(decideOwner(one, [])).toMatchObject({ kind: 'nobody', why: 'none', named: ['ann@example.com'] });
    expect(decideOwner(one, [{ ...ann, barred: 'guest' }])).toMatchObject({ kind: 'nobody', why: 'none' });
  });

  it('tells somebody who left from somebody who never was', () => {
    expect(decideOwner(one, [{ ...ann, barred: 'deactivated' }])).toEqual({
      kind: 'nobody',
      why: 'left',
      named: ['ann@example.com'],
    });
  });
});

describe('a person is mentioned', () => {
  const named = (tags: Record<string, string>, person: Person = { ...ann, email: 'ann@example.com' }) =>
    mentions(ownerCandidates({ userName: 'x', tags }, TAGS), person);

  it('by the whole address or the whole id, and by nothing else (danger 25)', () => {
    expect(named({ mail: 'Ann@Example.com' })).toBe(true);
    expect(named({ 'keyrotate:owner': 'U0ANN0000' })).toBe(true);
    expect(named({ mail: 'joann@example.com' })).toBe(false);
    expect(named({ mail: 'ann@example.com.evil.org' })).toBe(false);
    expect(named({ 'keyrotate:owner': 'U0ANN00001' })).toBe(false);
  });

  it('also where somebody else is named beside, or before: who owns it is another question', () => {
    expect(named({ mail: 'ann@example.com bob@example.com' })).toBe(true);
    expect(named({ 'keyrotate:owner': 'bob@example.com', mail: 'ann@example.com' })).toBe(true);
  });

  it('not by an address that Slack does not show, nor by no name at all', () => {
    expect(named({ mail: 'ann@example.com' }, ann)).toBe(false);
    expect(named({}, ann)).toBe(false);
  });
});

describe('an owner', () => {
  const person: Owner = { kind: 'person', slackId: 'U0ANN0000', from: 'mailTag', timeZone: 'UTC' };
  const channel: Owner = { kind: 'channel', channelId: 'C0TEAM000' };
  const nobody: Owner = { kind: 'nobody', why: 'none', named: [] };

  it('is written to as a person or in a channel, and nobody is not written to', () => {
    expect([person, channel, nobody].map(addressOf)).toEqual(['U0ANN0000', 'C0TEAM000', undefined]);
  });

  it('stays the same wherever the name was found and whatever the time zone', () => {
    expect(sameOwner(person, { kind: 'person', slackId: 'U0ANN0000', from: 'link' })).toBe(true);
    expect(sameOwner(nobody, { ...nobody, why: 'left' })).toBe(true);
  });

  it('is another when the person, the channel or the kind is another', () => {
    expect(sameOwner(person, { ...person, slackId: 'U0BOB0000' })).toBe(false);
    expect(sameOwner(channel, { ...channel, channelId: 'C0OTHER00' })).toBe(false);
    expect(sameOwner(person, channel)).toBe(false);
    expect(sameOwner(person, nobody)).toBe(false);
  });
});
