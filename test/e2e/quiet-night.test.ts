// What a night costs in which nothing has changed, and that nothing is missed for it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { passDays, run } from '../sandbox/play/play.ts';
import { begin, type Story } from './story.ts';

const USERS = Array.from({ length: 8 }, (_, nth) => `ci-${nth}`);

let story: Story;
beforeEach(async () => {
  story = await begin(
    USERS.map((name) => ({
      ...{ name, tags: { 'keyrotate:owner': 'ana@example.com' } },
      keys: [{ age: 83, usedHoursAgo: 200 }],
    })),
  );
  // The members of the workspace are on record by now, and everybody has been told.
  await passDays(story.sandbox, 1);
  forget();
});
afterEach(() => story.end());

const wires = () => [story.sandbox.aws.wire, story.sandbox.slack.wire];
const forget = () => {
  for (const wire of wires()) wire.forget();
};
const called = (...actions: string[]) =>
  wires().flatMap(({ calls }) => calls.filter(({ action }) => actions.includes(action)));
const asksOfUsers = () => called('GetUser', 'ListAccessKeys', 'GetAccessKeyLastUsed');
const lookUps = () => called('users.info', 'users.lookupByEmail');

describe('a night in which nothing has changed', () => {
  it('asks IAM for the report and one list, and Slack for nobody', async () => {
    await run(story.sandbox, 'sweep');
    expect(called('GetAccountAuthorizationDetails')).toHaveLength(1);
    expect(asksOfUsers()).toEqual([]);
    expect(lookUps()).toEqual([]);
  });

  it('has everybody looked at when an admin asks for it in the middle of the day', async () => {
    await story.types(story.people.sam, 'sweep');
    expect(called('GetUser')).toHaveLength(USERS.length);
  });

  it('has everybody looked at once a week all the same', async () => {
    for (let nights = 0; nights < 7; nights += 1) {
      story.sandbox.clock.advance(DAY);
      await run(story.sandbox, 'sweep');
    }
    expect(new Set(called('GetUser').map(({ input }) => input.UserName))).toEqual(new Set(USERS));
  });
});

describe('a night after which something is different', () => {
  it.each<[string, () => unknown]>([
    ['whose key was used', () => story.uses(story.keyIds('ci-3')[0] ?? '')],
    ['whose key is off', () => console_.turnOff(story.sandbox, 'ci-3', story.keyIds('ci-3')[0] ?? '')],
    ['who has one key more', () => console_.createKey(story.sandbox, 'ci-3')],
    [
      'who is tagged for somebody else',
      () => console_.tag(story.sandbox, 'ci-3', { 'keyrotate:owner': 'ben@example.com' }),
    ],
    ['who is gone', () => console_.removeUser(story.sandbox, 'ci-3')],
  ])('has the one user looked at %s, and no other', async (_, happens) => {
    await happens();
    forget();
    await run(story.sandbox, 'sweep');
    expect(new Set(called('GetUser').map(({ input }) => input.UserName))).toEqual(new Set(['ci-3']));
  });

  it('has all users looked at whose owner has left, as soon as the members are read', async () => {
    const ana = story.sandbox.slack.workspace.members.get(story.people.ana);
    if (ana) ana.deleted = true;
    story.sandbox.clock.advance(16 * HOUR);
    await run(story.sandbox, 'sweep');
    expect(called('users.list')).toHaveLength(1);
    expect(await story.user('ci-5')).toMatchObject({ owner: { kind: 'nobody', why: 'left' } });
  });
});
