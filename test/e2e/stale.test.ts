// What was true when a message was drawn and is not any more: no press, tag or date of then counts for a key of now.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { deliver, drain, passDays, passTime } from '../sandbox/play/play.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
let story: Story;
let ana: string;
afterEach(() => story.end());

const end = (id = '') => id.slice(-4);

/** A press kept back by a client that still shows what the message said before. */
function kept(button: string): () => Promise<void> {
  const message = story.live(ana, USER);
  const click = story.sandbox.slack.people.click({ user: ana, message, button });
  return async () => {
    await deliver(story.sandbox, click);
    await drain(story.sandbox);
  };
}

describe('a press on what a message said before', () => {
  it('does not turn off the key that has taken the other one’s place', async () => {
    const keys = [
      { age: 95, usedHoursAgo: 60 },
      { age: 80, usedHoursAgo: 60 },
    ];
    story = await begin([{ name: USER, tags: ANAS, keys }]);
    ana = story.people.ana;
    const [old = '', second = ''] = story.keyIds(USER);
    const stale = kept(`Turn off …${end(old)}`);
    await story.presses(ana, USER, `Start with …${end(second)}`);
    await stale();
    expect([story.stateOf(USER, old), story.stateOf(USER, second)]).toEqual(['Active', 'Active']);
    expect(story.told(ana)).toContain('out of date');
  });

  it('does not adopt a key that the message never showed', async () => {
    const keys = [
      { age: 95, usedHoursAgo: 60 },
      { age: 12, usedHoursAgo: 1 },
    ];
    story = await begin([{ name: USER, tags: ANAS, keys }]);
    ana = story.people.ana;
    const [old = '', second = ''] = story.keyIds(USER);
    const stale = kept(`…${end(second)} replaces …${end(old)}`);
    console_.removeKey(story.sandbox, USER, second);
    console_.createKey(story.sandbox, USER);
    await stale();
    expect((await story.rotation(USER))?.stage).toBe('due');
  });
});

describe('what has happened since', () => {
  beforeEach(async () => {
    story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 60 }] }]);
    ana = story.people.ana;
  });
  const fresh = () => story.keyIds(USER)[1] ?? '';

  it('a tag that names somebody who left is held like any other change: nobody gets the rotation by a detour', async () => {
    await story.presses(ana, USER, 'Create new key');
    console_.tag(story.sandbox, USER, { 'keyrotate:owner': story.people.lena });
    await passDays(story.sandbox, 1);
    expect((await story.user(USER))?.owner).toMatchObject({ slackId: ana });
    console_.tag(story.sandbox, USER, { 'keyrotate:owner': 'ben@example.com' });
    await passDays(story.sandbox, 1);
    expect((await story.user(USER))?.owner).toMatchObject({ slackId: ana });
    expect(story.adminPosts().length).toBeGreaterThan(0);
  });

  it('an old key is not deleted at the first press while nobody has used the new one', async () => {
    const old = story.keyIds(USER)[0] ?? '';
    await story.presses(ana, USER, 'Create new key');
    await story.presses(ana, USER, 'I replaced it everywhere');
    await story.presses(ana, USER, 'Turn off the old key');
    await story.presses(ana, USER, 'Turn off anyway');
    expect(story.stateOf(USER, old)).toBe('Inactive');
    await passDays(story.sandbox, 8);
    await story.presses(ana, USER, 'Delete for good');
    expect(story.stateOf(USER, old)).toBe('Inactive');
    await story.presses(ana, USER, 'Delete for good, anyway');
    expect(story.stateOf(USER, old)).toBe('gone');
  });

  it('a key that was used while it was off has a new grace period', async () => {
    const old = story.keyIds(USER)[0] ?? '';
    await story.presses(ana, USER, 'Create new key');
    await story.uses(fresh());
    await story.presses(ana, USER, 'I replaced it everywhere');
    await story.presses(ana, USER, 'Turn off the old key');
    await passDays(story.sandbox, 5);
    await passTime(story.sandbox, 2 * HOUR);
    console_.turnOn(story.sandbox, USER, old);
    await story.uses(old);
    console_.turnOff(story.sandbox, USER, old);
    await passTime(story.sandbox, DAY);
    await passDays(story.sandbox, 3);
    expect(story.offered(ana, USER)).not.toContain('Delete for good');
    await passDays(story.sandbox, 4);
    expect(story.offered(ana, USER)).toContain('Delete for good');
  });

  it('a rotation that ended leaves nothing to look at again and again', async () => {
    const old = story.keyIds(USER)[0] ?? '';
    await story.presses(ana, USER, "I don't need this key");
    await passDays(story.sandbox, 8);
    console_.removeKey(story.sandbox, USER, old);
    await passDays(story.sandbox, 1);
    await story.presses(ana, USER, 'Delete for good');
    await passDays(story.sandbox, 1);
    const looks = () => story.sandbox.aws.wire.calls.filter(({ action }) => action === 'GetUser').length;
    const before = looks();
    for (let tick = 0; tick < 5; tick += 1) await passTime(story.sandbox, 5 * MINUTE);
    expect(looks()).toBe(before);
  });
});
