// "Turn it off when quiet": a person decides, keyrotate watches and carries it out, and whatever speaks against it comes
// before the owner instead.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { passDays, passTime, run } from '../sandbox/play/play.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const OFF = 'Turn off the old key';
const WHEN_QUIET = 'Turn it off when quiet';
const KEEP = 'Keep it on';

let story: Story;
let ana: string;
let old: string;

/** Ten on a Monday morning in Madrid, where Ana is: the old key was used at nine. */
beforeEach(() => starts());
afterEach(() => story.end());

async function starts(options: { start?: Date } = {}): Promise<void> {
  const keys = [{ age: 83, usedHoursAgo: 1, service: 's3' }];
  story = await begin([{ name: USER, tags: ANAS, keys }], options);
  ana = story.people.ana;
  [old = ''] = story.keyIds(USER);
}

const presses = (button: string, who = ana) => story.presses(who, USER, button);
const reads = (who = ana) => story.reads(who, USER);
const offered = (who = ana) => story.offered(who, USER);
const newKey = () => story.keyIds(USER).find((id) => id !== old) ?? '';
const state = () => story.stateOf(USER, old);
const rotation = () => story.rotation(USER);
const rang = (who = ana) => notifications(story.sandbox).filter(({ to }) => to === who).length;
const changes = () =>
  story.sandbox.aws.wire.calls.filter(({ action }) => action === 'UpdateAccessKey').length;
/** With the ticks on the way: one every quarter of an hour. */
const hours = async (count: number) => {
  for (let quarter = 0; quarter < 4 * count; quarter += 1) await passTime(story.sandbox, 15 * MINUTE);
};

async function migrated({ isUsed = true } = {}): Promise<void> {
  await presses('Create new key');
  if (isUsed) await story.uses(newKey());
  await presses('I replaced it everywhere');
}

async function decided(options?: { isUsed: boolean }): Promise<void> {
  await migrated(options);
  await presses(WHEN_QUIET);
}

describe('somebody at work on a migration', () => {
  it('sees within the hour what AWS has shown of it, and for some days', async () => {
    await story.end();
    await starts({ start: A_MONDAY });
    await presses('Create new key');
    expect(reads()).toContain('New key used: not yet');
    await story.uses(newKey());
    await hours(1.25);
    expect(reads()).toContain('New key used: yes');
  });

  it('has AWS asked about it only by the sweep, once nobody has pressed for days', async () => {
    await story.end();
    await starts({ start: A_MONDAY });
    await presses('Create new key');
    for (let day = 0; day < 4; day += 1) await passTime(story.sandbox, DAY);
    story.sandbox.forget();
    await hours(3);
    expect(story.sandbox.aws.wire.calls.filter(({ action }) => action === 'GetUser')).toEqual([]);
  });
});

describe('whoever wants to turn off a key that is busy', () => {
  it('may leave the waiting to keyrotate: one press, and it is done the next day, in their name', async () => {
    await story.end();
    await starts({ start: A_MONDAY });
    await migrated();
    await presses(OFF);
    expect(offered().slice(0, 3)).toEqual([WHEN_QUIET, 'Check again', 'Turn off anyway']);
    await presses(WHEN_QUIET);
    expect(reads()).toContain(
      'goes off on Nov 17, 2026 at 08:00 UTC, if nothing uses it until then: you decided',
    );
    expect(offered()).toContain(KEEP);
    await hours(22);
    expect(state()).toBe('Active');
    const before = rang();
    await hours(2);
    expect(state()).toBe('Inactive');
    const entry = (await rotation())?.history.at(-1);
    expect(entry).toMatchObject({
      ...{ what: 'deactivate', outcome: 'done', by: { slackId: ana, as: 'owner' } },
      decidedAt: expect.stringContaining('2026-11-16'),
    });
    expect(entry?.awsRequestIds).toHaveLength(1);
    expect(reads()).toContain('Off since');
    // Nobody was looking at the moment it was done.
    expect(rang()).toBe(before + 1);
    await hours(24);
    expect(rang()).toBe(before + 1);
    expect(changes()).toBe(1);
  });

  it('sees the date move when something uses it again, and is right about it', async () => {
    await decided();
    await hours(5);
    await story.uses(old, 'sqs');
    await run(story.sandbox, 'sweep');
    expect(reads()).toContain('so that date has moved');
    await hours(20);
    expect(state()).toBe('Active');
    await hours(5);
    expect(state()).toBe('Inactive');
  });

  it('is not hurried: what uses it in the last hour counts, though no look had seen it', async () => {
    await decided();
    await hours(21.75);
    await story.uses(old);
    await hours(2);
    expect(state()).toBe('Active');
    expect(changes()).toBe(0);
  });

  it('takes it back with one press', async () => {
    await decided();
    await hours(5);
    await presses(KEEP);
    expect(reads()).toContain('Turn off the old key');
    expect(offered()).not.toContain(KEEP);
    await passDays(story.sandbox, 5);
    expect(state()).toBe('Active');
    expect(await story.history(USER)).toEqual([
      ...['open', 'createKey', 'confirmMigration', 'turnOffWhenQuiet', 'keepOn'],
    ]);
  });

  it('takes it back too late, and hears so', async () => {
    await decided();
    await hours(23);
    const late = story.live(ana, USER);
    await hours(1);
    expect(state()).toBe('Inactive');
    expect(late).toBeDefined();
    expect(offered()[0]).toBe('Turn it back on');
    await presses('Turn it back on');
    expect(state()).toBe('Active');
    await passDays(story.sandbox, 3);
    expect(state()).toBe('Active');
  });

  it('is asked anew, and reminded, after a week in which it was never quiet', async () => {
    await decided();
    for (let day = 0; day < 8; day += 1) {
      for (let ticks = 0; ticks < 5; ticks += 1) await passTime(story.sandbox, 4 * HOUR);
      await story.uses(old);
      await passTime(story.sandbox, 4 * HOUR);
    }
    expect(state()).toBe('Active');
    expect(await rotation()).not.toHaveProperty('decided');
    expect(offered().slice(0, 3)).toEqual([WHEN_QUIET, 'Check again', 'Turn off anyway']);
    expect(rang()).toBeGreaterThan(1);
  });
});

describe('what was decided', () => {
  it('is not done while the new key was never used: the owner is asked, and told', async () => {
    await decided({ isUsed: false });
    const before = rang();
    await passDays(story.sandbox, 2);
    expect(state()).toBe('Active');
    expect(reads()).toContain('has not been used yet');
    expect(rang()).toBe(before + 1);
    await passDays(story.sandbox, 10);
    expect(state()).toBe('Active');
  });

  it('is nothing to whoever owns it next', async () => {
    await decided();
    const { ben, sam } = story.people;
    await story.types(sam, `assign ${story.account}/${USER} <@${ben}|ben>`);
    await passDays(story.sandbox, 5);
    expect(state()).toBe('Active');
    expect(reads(ben)).toContain('Turn off the old key');
    expect(offered(ben)).not.toContain(KEEP);
    expect(changes()).toBe(0);
  });

  it('waits for no admin where the tags name somebody else: it is dropped', async () => {
    await decided();
    console_.tag(story.sandbox, USER, { 'keyrotate:owner': 'ben@example.com' });
    await passDays(story.sandbox, 3);
    expect(state()).toBe('Active');
    expect(changes()).toBe(0);
    expect(await rotation()).not.toHaveProperty('decided');
  });

  it('is dropped by whoever asks for more time', async () => {
    await decided();
    const in60Days = new Date(story.sandbox.clock.now() + 60 * DAY).toISOString().slice(0, 10);
    const why = { 'Until when?': in60Days, 'Why?': 'The vendor' };
    await story.presses(ana, USER, 'I need more time', why);
    await passDays(story.sandbox, 3);
    expect(state()).toBe('Active');
    expect(await rotation()).toMatchObject({ request: { why: 'The vendor' } });
  });

  it('is over when somebody turns the key off by hand', async () => {
    await decided();
    console_.turnOff(story.sandbox, USER, old);
    await story.looksTwice();
    await hours(30);
    expect(await rotation()).toMatchObject({ stage: 'deactivated', offBy: 'outside' });
    expect(changes()).toBe(0);
  });

  it('is not done when the new key is off by then', async () => {
    await decided();
    await hours(22);
    console_.turnOff(story.sandbox, USER, newKey());
    await hours(3);
    expect(state()).toBe('Active');
    expect((await rotation())?.stage).toBe('due');
  });

  it('is not done in the name of somebody who may not press any more', async () => {
    const { sam } = story.people;
    await migrated();
    await story.types(sam, `show ${USER}`);
    await presses(WHEN_QUIET, sam);
    const member = story.sandbox.slack.workspace.members.get(sam);
    if (member) member.deleted = true;
    await passDays(story.sandbox, 3);
    expect(state()).toBe('Active');
    expect(changes()).toBe(0);
    expect(await rotation()).not.toHaveProperty('decided');
    expect(offered()).toContain(WHEN_QUIET);
  });

  it('waits for Monday where the day it would be is a Friday afternoon or a weekend', async () => {
    // On a Thursday, at four in the afternoon: quiet on Friday at three.
    await story.end();
    await starts({ start: new Date('2026-11-19T15:00:00Z') });
    await decided();
    expect(reads()).toContain('goes off on Nov 23, 2026 at 08:00 UTC');
    await passDays(story.sandbox, 3);
    expect(state()).toBe('Active');
    await passDays(story.sandbox, 1);
    expect(state()).toBe('Inactive');
  });
});
