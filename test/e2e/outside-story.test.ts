// Changes made past keyrotate, in the console: each leads to the stage that is true, and is told once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { seedIam } from '../sandbox/organisation.ts';
import * as console_ from '../sandbox/play/console.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import { cards, passDays, passTime, run } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { isClaim } from './dangers/strikes.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
let story: Story;
let ana: string;
let old: string;

beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] }]);
  ana = story.people.ana;
  [old = ''] = story.keyIds(USER);
});
afterEach(() => story.end());

const newKey = () => story.keyIds(USER).find((id) => id !== old) ?? '';
const stage = async () => (await story.rotation(USER))?.stage;
const rang = () => notifications(story.sandbox).filter(({ to }) => to === ana).length;

async function migrated(): Promise<void> {
  await story.presses(ana, USER, 'Create new key');
  await story.uses(newKey());
  await story.presses(ana, USER, 'I replaced it everywhere');
}

describe('a key that somebody turns off in the console', () => {
  it('counts as off from the first look that showed it, and has its own grace period', async () => {
    console_.turnOff(story.sandbox, USER, old);
    await passTime(story.sandbox, 16 * MINUTE);
    await run(story.sandbox, 'sweep');
    const seenAt = story.sandbox.clock.now();
    expect(await stage()).toBe('due'); // seen once: IAM may lag
    await passTime(story.sandbox, 16 * MINUTE);
    expect(await story.rotation(USER)).toMatchObject({ stage: 'retired', offBy: 'outside' });
    expect(Date.parse((await story.rotation(USER))?.offSince ?? '')).toBeLessThanOrEqual(seenAt);
    expect(story.reads(ana, USER)).toContain('off in AWS');
    expect(story.offered(ana, USER)).toEqual(expect.arrayContaining(['Turn it back on', 'Create new key']));
    expect(story.offered(ana, USER)).not.toContain('Delete for good');
  });

  it('is told once, in the next message of the day, and not again', async () => {
    const before = rang();
    console_.turnOff(story.sandbox, USER, old);
    await story.looksTwice();
    expect(rang()).toBe(before); // today's message was sent already
    await passDays(story.sandbox, 1);
    expect(rang()).toBe(before + 1);
    await passDays(story.sandbox, 1);
    expect(rang()).toBe(before + 1);
  });
});

describe('an IAM user that is renamed', () => {
  const NEW_NAME = 'ci-release';
  const rename = () => console_.renameUser(story.sandbox, USER, NEW_NAME);

  it.each([
    ['', NEW_NAME],
    [', also where only the case of its letters changes', 'CI-Deploy'],
  ])(
    'goes on under its new name, in the same card, and its owner is told the name it had%s',
    async (_, to) => {
      console_.renameUser(story.sandbox, USER, to);
      await passDays(story.sandbox, 1);
      expect(story.reads(ana, to)).toContain(`until then it was ${USER}`);
      expect(cards(story.sandbox, ana)).toHaveLength(1);
      expect(await story.history(to)).toEqual(['open', 'renamed']);
      expect((await story.user(USER))?.rotation).toBeUndefined();
      await story.presses(ana, to, 'Create new key');
      expect((await story.rotation(to))?.stage).toBe('issued');
    },
  );

  it('leaves its secret to nobody else: who is made anew under the old name gets one of their own', async () => {
    await story.presses(ana, USER, 'Create new key');
    const path = secretPath(story.sandbox, USER);
    expect(story.reads(ana, USER)).toContain(path);
    rename();
    await passDays(story.sandbox, 1);
    expect(story.reads(ana, NEW_NAME)).toContain(path);
    const { aws, clock, organisation } = story.sandbox;
    const bens = { 'keyrotate:owner': 'ben@example.com' };
    const theirs = { name: USER, tags: bens, keys: [{ age: 83, usedHoursAgo: 30 }] };
    seedIam(aws.iam, clock, [theirs], organisation.region);
    await passDays(story.sandbox, 1);
    const { ben } = story.people;
    const [old = ''] = story.keyIds(USER);
    await story.presses(ben, USER, 'Create new key');

    const reads = (userName: string, keyId: string, from: string) =>
      readSecret(story.sandbox, credentialsOf(story.sandbox, userName, keyId), from);
    expect(await reads(USER, old, path)).toEqual({ refused: 'AccessDeniedException' });
    expect(await reads(USER, old, secretPath(story.sandbox, USER))).toHaveProperty('value');
    expect(await reads(NEW_NAME, story.keyIds(NEW_NAME)[0] ?? '', path)).toHaveProperty('value');
  });

  it.each([
    ['read once more', 'ListAccessKeys'],
    ['deleted', 'DeleteAccessKey'],
  ])('while its old key is %s loses nothing: the key is not on record as deleted', async (_, action) => {
    await migrated();
    await passTime(story.sandbox, DAY + 8 * MINUTE);
    await story.presses(ana, USER, 'Turn off the old key');
    await passDays(story.sandbox, 8);
    const { wire } = story.sandbox.aws;
    let isClaimed = false;
    wire.interfere((call) => {
      if (isClaim(call)) isClaimed = true;
      if (!isClaimed || call.action !== action) return undefined;
      wire.interfere(undefined);
      rename();
      return undefined;
    });
    await story.presses(ana, USER, 'Delete for good');
    expect(story.stateOf(NEW_NAME, old)).toBe('Inactive');
    expect(story.told(ana)).toContain('deleted or renamed');
    expect(await story.rotation(NEW_NAME)).toMatchObject({ stage: 'deactivated', oldKeyId: old });
    await story.presses(ana, NEW_NAME, 'Delete for good');
    expect(story.stateOf(NEW_NAME, old)).toBe('gone');
  });

  it('is looked for at once when somebody presses on the card of the old name', async () => {
    const card = story.live(ana, USER);
    rename();
    await story.pressesOn(ana, card, 'Create new key');
    expect(story.told(ana)).toContain('deleted or renamed');
    expect(story.offered(ana, NEW_NAME)).toContain('Create new key');
    expect(story.keyIds(NEW_NAME)).toEqual([old]);
  });

  it('is told apart from somebody made anew under the old name', async () => {
    await story.presses(ana, USER, 'Create new key');
    rename();
    const { aws, clock, organisation } = story.sandbox;
    seedIam(aws.iam, clock, [{ name: USER, tags: ANAS, keys: [{ age: 1 }] }], organisation.region);
    const [theirs = ''] = story.keyIds(USER);
    await story.looksTwice();
    expect((await story.rotation(NEW_NAME))?.stage).toBe('issued');
    expect((await story.user(USER))?.rotation).toBeUndefined();
    expect(story.stateOf(USER, theirs)).toBe('Active');
  });
});

describe('a new key', () => {
  it('that is deleted in the console leads back to due, and a new one can be made', async () => {
    await story.presses(ana, USER, 'Create new key');
    const lost = newKey();
    await passTime(story.sandbox, 16 * MINUTE);
    console_.removeKey(story.sandbox, USER, lost);
    await story.looksTwice();
    expect(await stage()).toBe('due');
    await story.presses(ana, USER, 'Create new key');
    expect(story.keyIds(USER)).toHaveLength(2);
    expect(newKey()).not.toBe(lost);
  });

  it.each([
    ['turned off', console_.turnOff],
    ['deleted', console_.removeKey],
  ])(
    'that is %s while the old one is off raises an alarm: nothing works, and turning back on comes first',
    async (_, happens) => {
      await migrated();
      await passTime(story.sandbox, DAY + 8 * MINUTE);
      await story.presses(ana, USER, 'Turn off the old key');
      await passTime(story.sandbox, 16 * MINUTE);
      happens(story.sandbox, USER, newKey());
      await story.looksTwice();
      expect(await stage()).toBe('deactivated');
      expect(story.reads(ana, USER)).toMatch(/nothing works/i);
      expect(story.adminPosts().at(-1)?.text).toBe(
        'Nothing works any more for ci-deploy: turn the old key back on.',
      );
      await passDays(story.sandbox, 8);
      expect(story.offered(ana, USER)).toContain('Turn it back on');
      expect(story.offered(ana, USER)).not.toContain('Delete for good');
      await story.presses(ana, USER, 'Turn it back on');
      const settled = plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] });
      expect(settled).toContain('Nothing worked');
      expect(settled).toContain('The old key was turned back on by ana');
    },
  );
});

describe('a key where none was', () => {
  it('is told and never touched', async () => {
    const found = console_.createKey(story.sandbox, USER);
    await passDays(story.sandbox, 1);
    expect(await story.history(USER)).toEqual(['open', 'otherKeyFound']);
    expect(story.reads(ana, USER)).toContain(`…${found.slice(-4)}`);
    await passDays(story.sandbox, 2);
    expect(await story.history(USER)).toEqual(['open', 'otherKeyFound']);
    expect(story.stateOf(USER, found)).toBe('Active');
  });
});

describe('an IAM user', () => {
  it('that is deleted ends its rotation, and its owner is told, once', async () => {
    console_.removeUser(story.sandbox, USER);
    await story.looksTwice();
    expect(await stage()).toBe('resolved');
    expect((await story.history(USER)).at(-1)).toBe('userGone');
    const before = rang();
    await passDays(story.sandbox, 1);
    expect(rang()).toBe(before + 1);
    expect(story.reads(ana, USER)).toContain('gone');
    await passDays(story.sandbox, 3);
    expect(rang()).toBe(before + 1);
    expect(await story.user(USER)).not.toHaveProperty('dueIn');
  });

  it('that is made anew under its name is another user: the rotation ends, and its keys are left alone', async () => {
    await story.presses(ana, USER, 'Create new key');
    await passTime(story.sandbox, 16 * MINUTE);
    const fresh = console_.recreateUser(story.sandbox, USER);
    await story.looksTwice();
    expect(await stage()).toBe('resolved');
    expect(story.stateOf(USER, fresh)).toBe('Active');
  });
});
