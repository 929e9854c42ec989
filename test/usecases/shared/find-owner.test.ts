// Who answers for an IAM user: exactly one person, found exactly, or nobody.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Link, Owner, Person } from '../../../src/domain/owner.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { Directory } from '../../../src/usecases/ports.ts';
import { findOwner } from '../../../src/usecases/shared/find-owner.ts';
import { only } from '../../only.ts';

const ANA: Person = { slackId: 'U0000ANA', name: 'ana', timeZone: 'Europe/Madrid' };
const GUS: Person = { slackId: 'U0000GUS', name: 'gus', timeZone: 'Europe/Madrid', barred: 'guest' };
const ownerTags = { ownerTag: 'keyrotate:owner', mailTag: 'mail', exemptTag: 'keyrotate:exempt' };

const LEA: Person = { slackId: 'U0000LEA', name: 'lea', timeZone: 'Europe/Madrid', barred: 'deactivated' };

/** Slack knows Ana and Gus, by id and by address; Lea, who left, by her id alone; and two channels, one of them shared. */
function world() {
  const asked: string[] = [];
  const known = new Map([
    ['U0000ANA', ANA],
    ['ana@example.com', ANA],
    ['gus@example.com', GUS],
    ['U0000GUS', GUS],
    ['U0000LEA', LEA],
  ]);
  const lookUp = async (key: string) => {
    asked.push(key);
    return known.get(key);
  };
  const channels = new Map([
    ['C0000TEAM', { mayOwn: true }],
    ['C0000SHARED', { mayOwn: false }],
  ]);
  const directory = only<Directory>({
    personByEmail: lookUp,
    personById: lookUp,
    channel: async (id) => channels.get(id),
  });
  return {
    asked,
    directory,
    owner: (userName: string, tags: Record<string, string> = {}, known?: Known) =>
      findOwner({ userName, tags }, known, { directory, ownerTags }),
  };
}

type Known = Pick<IamUser, 'owner' | 'link' | 'disowned'>;

const ana = (from: string) => ({ kind: 'person', slackId: 'U0000ANA', from, timeZone: 'Europe/Madrid' });

it.each([
  ['an owner tag with a Slack id', { 'keyrotate:owner': 'U0000ANA' }, 'ownerTag'],
  ['an owner tag with an address', { 'keyrotate:owner': ' Ana@Example.com ' }, 'ownerTag'],
  ['a mail tag', { mail: 'ANA@example.com' }, 'mailTag'],
  ['an owner tag before a mail tag', { 'keyrotate:owner': 'U0000ANA', mail: 'gus@example.com' }, 'ownerTag'],
  [
    'a mail tag where the owner tag names nobody',
    { 'keyrotate:owner': 'team-a', mail: 'ana@example.com' },
    'mailTag',
  ],
  ['a tag whose key is in another case of letters', { 'Keyrotate:Owner': 'ana@example.com' }, 'ownerTag'],
  ['one person beside a word that is no Slack id', { 'keyrotate:owner': 'UNKNOWN, U0000ANA' }, 'ownerTag'],
])('the owner is found by %s', async (_, tags, from) => {
  expect(await world().owner('ci', tags)).toEqual(ana(from));
});

it('the owner is found by a user name that is an address', async () => {
  expect(await world().owner('ana@example.com')).toEqual(ana('userName'));
});

it.each([
  ['named by nothing', 'ci', {}],
  ['a Slack id in a tag for addresses', 'ci', { mail: 'U0000ANA' }],
  ['a name', 'ana', { 'keyrotate:owner': 'ana' }],
  ['an empty tag', 'ci', { 'keyrotate:owner': '' }],
])('the owner is nobody, and Slack is not asked: %s', async (_, userName, tags) => {
  const { owner, asked } = world();
  expect(await owner(userName, tags)).toEqual({ kind: 'nobody', why: 'none', named: [] });
  expect(asked).toEqual([]);
});

it('the owner is nobody where two people are named, and Slack is not asked which', async () => {
  const { owner, asked } = world();
  expect(await owner('ci', { 'keyrotate:owner': 'ana@example.com gus@example.com' })).toEqual({
    kind: 'nobody',
    why: 'ambiguous',
    named: ['ana@example.com', 'gus@example.com'],
  });
  expect(asked).toEqual([]);
});

it.each([
  ['nobody', 'UNKNOWN'],
  ['nobody, twice', 'UNKNOWN / UNASSIGNED'],
  ['nobody, in other words', 'TBD'],
  ['a Slack id that does not exist', 'U0TYPO000'],
  ['an address that Slack does not know', 'joanna@example.com'],
  ['nothing', ''],
])('an owner tag that names %s hides no other: %j', async (_, named) => {
  const tags = { 'keyrotate:owner': named, mail: 'ana@example.com' };
  expect(await world().owner('ci', tags)).toEqual(ana('mailTag'));
});

it.each([
  ['a guest', 'gus@example.com', 'none'],
  ['somebody who left', 'U0000LEA', 'left'],
  ['two people', 'ana@example.com:gus@example.com', 'ambiguous'],
])('the owner is nobody when it is %s, and no other tag is tried', async (_, named, why) => {
  const found = await world().owner('ci', { 'keyrotate:owner': named, mail: 'ana@example.com' });
  expect(found).toMatchObject({ kind: 'nobody', why });
});

it('the owner is nobody where Slack knows none of those named, and all of these are told', async () => {
  const { owner, asked } = world();
  const tags = { 'keyrotate:owner': 'UNKNOWN', mail: 'joanna@example.com' };
  expect(await owner('ci', tags)).toEqual({
    kind: 'nobody',
    why: 'none',
    named: ['UNKNOWN', 'joanna@example.com'],
  });
  expect(asked).toEqual(['UNKNOWN', 'joanna@example.com']);
});

it('the owner is not "nobody" when Slack cannot be asked: that is no answer', async () => {
  const { directory } = world();
  directory.personByEmail = () =>
    Promise.reject(new OutsideError('busy', 'users.lookupByEmail', 'ratelimited'));
  const asking = findOwner({ userName: 'ana@example.com', tags: {} }, undefined, { directory, ownerTags });
  await expect(asking).rejects.toMatchObject({ outcome: 'busy' });
});

describe('an admin’s link', () => {
  const linkedTo = (to: Link['to']): Known => ({
    owner: { kind: 'nobody', why: 'none', named: [] },
    link: { to, by: 'U0000SAM', at: 0 },
  });

  it('to a person outweighs the tags, which are not even looked up', async () => {
    const { owner, asked } = world();
    const known = linkedTo({ kind: 'person', slackId: 'U0000ANA' });
    expect(await owner('ci', { mail: 'gus@example.com' }, known)).toEqual(ana('link'));
    expect(asked).toEqual(['U0000ANA']);
  });

  it('to a channel makes all its members owners', async () => {
    const to = { kind: 'channel', channelId: 'C0000TEAM' } as const;
    expect(await world().owner('ci', { mail: 'ana@example.com' }, linkedTo(to))).toEqual(to);
  });

  it.each([
    ['somebody who left', 'U0000LEA'],
    ['somebody who became a guest', 'U0000GUS'],
    ['somebody Slack does not know', 'U000GHOST'],
  ])('to %s yields to the tags, and leaves it to the admins where these name nobody', async (_, slackId) => {
    const { owner } = world();
    const known = linkedTo({ kind: 'person', slackId });
    expect(await owner('ci', { mail: 'ana@example.com' }, known)).toEqual(ana('mailTag'));
    for (const mail of ['', 'joanna@example.com', 'ana@example.com gus@example.com'])
      expect(await owner('ci', { mail }, known)).toEqual({ kind: 'nobody', why: 'left', named: [slackId] });
  });

  it.each<[string, Link['to'], string]>([
    ['a channel that was shared since', { kind: 'channel', channelId: 'C0000SHARED' }, 'C0000SHARED'],
    ['a channel that keyrotate was removed from', { kind: 'channel', channelId: 'C000GHOST' }, 'C000GHOST'],
  ])('to %s leaves it to the admins, and not to whom the tags name', async (_, to, named) => {
    const owner = await world().owner('ci', { mail: 'ana@example.com' }, linkedTo(to));
    expect(owner).toEqual({ kind: 'nobody', why: 'left', named: [named] });
  });
});

describe('what somebody disowned', () => {
  const disowned: Known = {
    owner: { kind: 'nobody', why: 'disowned', named: ['U0000ANA'] },
    disowned: { slackId: 'U0000ANA', why: 'not mine', at: 0 },
  };

  it('does not become theirs again by the tags', async () => {
    const owner = await world().owner('ci', { mail: 'ana@example.com' }, disowned);
    expect(owner).toEqual({ kind: 'nobody', why: 'disowned', named: ['U0000ANA'] });
  });

  it('becomes that of another whom the tags name', async () => {
    const bens = { ...disowned, disowned: { slackId: 'U0000BEN', why: 'not mine', at: 0 } };
    expect(await world().owner('ci', { mail: 'ana@example.com' }, bens)).toEqual(ana('mailTag'));
  });
});

describe('somebody who owned it', () => {
  const wasOwnedBy = (slackId: string): Known => ({ owner: { kind: 'person', slackId, from: 'mailTag' } });
  const none = (...named: string[]): Owner => ({ kind: 'nobody', why: 'none', named });

  it.each([
    ['their id is closed', 'U0000LEA'],
    ['they are a guest by now', 'U0000GUS'],
    ['Slack knows nothing of them at all', 'U000GHOST'],
  ])('has left when %s, whomever the tags name', async (_, id) => {
    const { owner } = world();
    expect(await owner('ci', { mail: 'lea@example.com' }, wasOwnedBy(id))).toEqual({
      ...none('lea@example.com'),
      formerLeft: true,
    });
    expect(await owner('ci', { mail: 'ana@example.com' }, wasOwnedBy(id))).toEqual({
      ...ana('mailTag'),
      formerLeft: true,
    });
  });

  it('has not left when only the tag, or their address, has changed', async () => {
    expect(await world().owner('ci', { mail: 'team@example.com' }, wasOwnedBy('U0000ANA'))).toEqual(
      none('team@example.com'),
    );
  });

  it('is not passed over where the tag that named them has their old address', async () => {
    const tags = { 'keyrotate:owner': 'lea@example.com', mail: 'ana@example.com' };
    const lea: Known = { owner: { kind: 'person', slackId: 'U0000ANA', from: 'ownerTag' } };
    expect(await world().owner('ci', tags, lea)).toEqual(none('lea@example.com'));
  });
});

it('a channel in the owner tag owns nothing, and is kept, so that admins read why', async () => {
  const { owner, asked } = world();
  const tags = { 'keyrotate:owner': 'C0TEAM1234', mail: 'CUSTOMERS' };
  expect(await owner('ci', tags)).toEqual({ kind: 'nobody', why: 'none', named: ['C0TEAM1234'] });
  expect(asked).toEqual([]);
});
