// Two keys at once: which one replaces which is the owner's to say, on evidence for both, and nothing is preselected.
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { passDays } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
let story: Story;
afterEach(() => story.end());

const end = (id = '') => id.slice(-4);

async function givenTwoKeys(other: { age: number; status?: 'Inactive'; usedHoursAgo?: number }) {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 85, usedHoursAgo: 50 }, other] }]);
  const { ana } = story.people;
  const [old = '', second = ''] = story.keyIds(USER);
  return { ana, old, second };
}

describe('a newer key that is in use already', () => {
  it('is adopted as the replacement: nothing changes in AWS until the old key is turned off', async () => {
    const { ana, old, second } = await givenTwoKeys({ age: 12, usedHoursAgo: 1 });
    expect(story.reads(ana, USER)).toContain(`…${end(old)}`);
    expect(story.reads(ana, USER)).toContain(`…${end(second)}`);
    expect(story.offered(ana, USER)).not.toContain('Create new key');

    await story.presses(ana, USER, `…${end(second)} replaces …${end(old)}`);
    expect([story.stateOf(USER, old), story.stateOf(USER, second)]).toEqual(['Active', 'Active']);
    expect(await story.rotation(USER)).toMatchObject({
      stage: 'issued',
      replacement: { kind: 'adopted', keyId: second },
    });
    expect(story.offered(ana, USER)).not.toContain('Discard new key');

    await story.presses(ana, USER, 'I replaced it everywhere');
    await story.presses(ana, USER, 'Turn off the old key');
    expect([story.stateOf(USER, old), story.stateOf(USER, second)]).toEqual(['Inactive', 'Active']);
    await passDays(story.sandbox, 8);
    await story.presses(ana, USER, 'Delete for good');
    expect(story.keyIds(USER)).toEqual([second]);
  });

  it('is given back when it was not the replacement, and nothing has changed in AWS', async () => {
    const { ana, old, second } = await givenTwoKeys({ age: 12, usedHoursAgo: 1 });
    const calls = () =>
      story.sandbox.aws.wire.calls.filter(({ action }) => /^(Create|Update|Delete)AccessKey/.test(action));
    await story.presses(ana, USER, `…${end(second)} replaces …${end(old)}`);
    await story.presses(ana, USER, 'Not the replacement, go back');
    expect((await story.rotation(USER))?.stage).toBe('due');
    expect(calls()).toEqual([]);
    expect(await story.history(USER)).toEqual(['open', 'adopt', 'undoAdopt']);
  });

  it('stays when both are needed: the owner learns what to do, and admins know', async () => {
    const { ana } = await givenTwoKeys({ age: 12, usedHoursAgo: 1 });
    await story.presses(ana, USER, 'Both are needed');
    expect(story.reads(ana, USER)).toContain('IAM user');
    expect(story.offered(ana, USER)).not.toContain('Both are needed');
    expect(plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] })).toContain(USER);
    expect((await story.rotation(USER))?.stage).toBe('due');
  });
});

describe('two keys that were both needed', () => {
  it('are no matter for anybody once one of them is gone', async () => {
    const { ana, second } = await givenTwoKeys({ age: 12, usedHoursAgo: 1 });
    await story.presses(ana, USER, 'Both are needed');
    console_.removeKey(story.sandbox, USER, second);
    await passDays(story.sandbox, 1);
    expect(await story.rotation(USER)).not.toHaveProperty('bothNeeded');
    expect(story.offered(ana, USER)).toContain('Create new key');
  });
});

describe('danger 14: another application’s key is deleted to make room', () => {
  it('removes an inactive key only when asked twice, by its name', async () => {
    const { ana, old, second } = await givenTwoKeys({ age: 300, status: 'Inactive' });
    const remove = `Remove …${end(second)} to make room`;
    expect(story.offered(ana, USER)).toContain(remove);

    await story.presses(ana, USER, remove);
    expect(story.stateOf(USER, second)).toBe('Inactive');
    expect(story.reads(ana, USER)).toContain(`…${end(second)}`);

    await story.presses(ana, USER, `Remove …${end(second)} for good`);
    expect(story.keyIds(USER)).toEqual([old]);
    await story.presses(ana, USER, 'Create new key');
    expect(story.keyIds(USER)).toHaveLength(2);
  });

  it('keeps it when the owner thinks better of it', async () => {
    const { ana, second } = await givenTwoKeys({ age: 300, status: 'Inactive' });
    await story.presses(ana, USER, `Remove …${end(second)} to make room`);
    await story.presses(ana, USER, 'Keep it');
    expect(story.stateOf(USER, second)).toBe('Inactive');
    expect(story.offered(ana, USER)).toContain(`Remove …${end(second)} to make room`);
  });

  it('does not remove it when somebody turned it on meanwhile', async () => {
    const { ana, second } = await givenTwoKeys({ age: 300, status: 'Inactive' });
    await story.presses(ana, USER, `Remove …${end(second)} to make room`);
    story.sandbox.aws.iam.console.setKeyStatus(USER, second, 'Active');
    await story.presses(ana, USER, `Remove …${end(second)} for good`);
    expect(story.stateOf(USER, second)).toBe('Active');
    expect(story.told(ana)).toContain(`…${end(second)}`);
  });
});

describe('two keys that are both due', () => {
  it('go one after the other, the older first unless the owner switches', async () => {
    const { ana, old, second } = await givenTwoKeys({ age: 80, usedHoursAgo: 60 });
    expect(await story.rotation(USER)).toMatchObject({ oldKeyId: old });
    await story.presses(ana, USER, `Start with …${end(second)}`);
    expect(await story.rotation(USER)).toMatchObject({ oldKeyId: second, stage: 'due' });

    await story.presses(ana, USER, `Turn off …${end(second)}`);
    expect([story.stateOf(USER, old), story.stateOf(USER, second)]).toEqual(['Active', 'Inactive']);
    await passDays(story.sandbox, 8);
    await story.presses(ana, USER, 'Delete for good');
    expect(story.keyIds(USER)).toEqual([old]);

    story.sandbox.clock.advance(DAY);
    await passDays(story.sandbox, 1);
    expect(await story.rotation(USER)).toMatchObject({ oldKeyId: old, stage: 'due' });
  });
});
