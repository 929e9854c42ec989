// Who answers for an IAM user: exactly one person, found exactly, or nobody.
import { expect, it } from 'vitest';
import type { Person } from '../../src/domain/owner.ts';
import { OutsideError } from '../../src/usecases/errors.ts';
import { findOwner } from '../../src/usecases/find-owner.ts';
import type { Directory } from '../../src/usecases/ports.ts';
import { only } from '../only.ts';

const ANA: Person = { slackId: 'U0000ANA', name: 'ana', timeZone: 'Europe/Madrid' };
const GUS: Person = { slackId: 'U0000GUS', name: 'gus', timeZone: 'Europe/Madrid', barred: 'guest' };
const ownerTags = { ownerTag: 'keyrotate:owner', mailTag: 'mail' };

/** Slack knows Ana and Gus, by id and by address. */
function world() {
  const asked: string[] = [];
  const known = new Map([
    ['U0000ANA', ANA],
    ['ana@example.com', ANA],
    ['gus@example.com', GUS],
  ]);
  const lookUp = async (key: string) => {
    asked.push(key);
    return known.get(key);
  };
  const directory = only<Directory>({ personByEmail: lookUp, personById: lookUp });
  return {
    asked,
    directory,
    owner: (userName: string, tags: Record<string, string> = {}) =>
      findOwner({ userName, tags }, { directory, ownerTags }),
  };
}

const ana = (from: string) => ({ kind: 'person', slackId: 'U0000ANA', from });

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
  ['somebody Slack does not know', 'joanna@example.com'],
  ['a guest', 'gus@example.com'],
])('the owner is nobody when it is %s, and no other tag is tried', async (_, named) => {
  const { owner, asked } = world();
  const found = await owner('ana@example.com', { 'keyrotate:owner': named, mail: 'ana@example.com' });
  expect(found).toEqual({ kind: 'nobody', why: 'none', named: [named] });
  expect(asked).toEqual([named]);
});

it('the owner is not "nobody" when Slack cannot be asked: that is no answer', async () => {
  const { directory } = world();
  directory.personByEmail = () =>
    Promise.reject(new OutsideError('busy', 'users.lookupByEmail', 'ratelimited'));
  const asking = findOwner({ userName: 'ana@example.com', tags: {} }, { directory, ownerTags });
  await expect(asking).rejects.toMatchObject({ outcome: 'busy' });
});
