// More time: with a reason and a date; a little by the owner alone, more with an admin's word; over by itself.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { openModal, passDays, pressOnly, submit } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const ASK = 'I need more time';
const WHY = 'The vendor ships a new agent *next* week <!channel>';
let story: Story;
let ana: string;
let sam: string;

beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 85, usedHoursAgo: 30 }] }]);
  ({ ana, sam } = story.people);
});
afterEach(() => story.end());

const inDays = (days: number) => new Date(story.sandbox.clock.now() + days * DAY).toISOString().slice(0, 10);
const rotation = () => story.rotation(USER);
const asks = (days: number) => story.presses(ana, USER, ASK, { 'Until when?': inDays(days), 'Why?': WHY });
const rang = () => notifications(story.sandbox).filter(({ to }) => to === ana).length;

describe('an owner who needs a little more time', () => {
  it('takes it alone, with a reason on record, and hears nothing until it is over', async () => {
    const before = rang();
    await asks(14);
    expect(await rotation()).toMatchObject({ stage: 'postponed', why: WHY, by: { slackId: ana } });
    expect(story.reads(ana, USER)).toContain('next');
    expect(JSON.stringify(story.live(ana, USER))).not.toContain('<!channel>');

    await passDays(story.sandbox, 13);
    expect(rang()).toBe(before);
    await passDays(story.sandbox, 2);
    expect((await rotation())?.stage).toBe('due');
    expect(rang()).toBe(before + 1);
    expect(await story.history(USER)).toEqual(['open', 'postpone', 'wake']);
  });
});

describe('an owner who needs much more time', () => {
  it('waits for an admin, and goes on meanwhile as before', async () => {
    await asks(60);
    expect(await rotation()).toMatchObject({ stage: 'due', request: { why: WHY } });
    const post = story.adminPosts().at(-1);
    expect(plainText(post ?? { text: '', blocks: [] })).toContain(USER);
    expect(JSON.stringify(post)).not.toContain('<@');

    if (post) await story.pressesOn(sam, post, 'Approve');
    expect(await rotation()).toMatchObject({ stage: 'postponed', approvedBy: { slackId: sam, as: 'admin' } });
    expect(plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] })).not.toContain('Decline');
    await passDays(story.sandbox, 1);
    expect(story.reads(ana, USER)).toContain('Approved');
  });

  it('is told when an admin declines', async () => {
    await asks(60);
    const post = story.adminPosts().at(-1);
    if (post) await story.pressesOn(sam, post, 'Decline');
    expect(await rotation()).toMatchObject({ stage: 'due' });
    expect(await rotation()).not.toHaveProperty('request');
    const before = rang();
    await passDays(story.sandbox, 1);
    expect(rang()).toBe(before + 1);
  });

  it('cannot renew it for ever: what is theirs to take counts from the first deadline', async () => {
    await asks(12);
    await passDays(story.sandbox, 14);
    await asks(13);
    expect(await rotation()).toMatchObject({ stage: 'due', request: {} });
  });
});

describe('an owner with a new key to put in place', () => {
  const CONFIRM = 'I replaced it everywhere';
  const create = async () => {
    await story.presses(ana, USER, 'Create new key');
    // Tried out, and not in use yet.
    await story.uses(story.keyIds(USER)[1] ?? '', 'sts');
  };

  it('takes more time for it, keeps the new key, and hears nothing until it is over', async () => {
    await create();
    const { replacement } = (await rotation()) ?? {};
    const before = rang();
    await asks(14);
    expect(await rotation()).toMatchObject({ stage: 'issued', replacement, moreTime: { why: WHY } });
    expect(story.reads(ana, USER)).toContain('More time until');

    await passDays(story.sandbox, 13);
    expect(rang()).toBe(before);
    await passDays(story.sandbox, 2);
    expect(rang()).toBe(before + 1);
    expect(story.reads(ana, USER)).not.toContain('More time until');
    expect(await rotation()).toMatchObject({ stage: 'issued', replacement });
    await story.presses(ana, USER, CONFIRM);
    expect((await rotation())?.stage).toBe('confirmed');
  });

  it('who goes on sooner is reminded of the next step, by the deadline that was agreed on', async () => {
    await create();
    await asks(14);
    await story.presses(ana, USER, CONFIRM);
    const extendedTo = `${inDays(14)}T10:00:00.000Z`;
    expect(await rotation()).toMatchObject({ stage: 'confirmed', extendedTo });
    expect(await rotation()).not.toHaveProperty('moreTime');
    const before = rang();
    await passDays(story.sandbox, 9);
    expect(rang()).toBeGreaterThan(before);
  });

  it('waits for an admin where it is much more, before the old key is turned off as well', async () => {
    await create();
    await story.presses(ana, USER, CONFIRM);
    await asks(60);
    expect(await rotation()).toMatchObject({ stage: 'confirmed', request: { why: WHY } });
    await story.types(sam, `show ${USER}`);
    await story.presses(sam, USER, 'Approve');
    expect(await rotation()).toMatchObject({
      stage: 'confirmed',
      moreTime: { why: WHY, by: { slackId: ana }, approvedBy: { slackId: sam, as: 'admin' } },
    });
    expect(await rotation()).not.toHaveProperty('request');
    expect(story.reads(ana, USER)).toContain('Approved by');
  });

  it('says that it is not theirs: whoever takes over goes on with the same new key', async () => {
    await create();
    const { replacement } = (await rotation()) ?? {};
    await story.presses(ana, USER, 'Not mine', { 'Whose is it, if you know?': 'Ben has it' });
    expect((await story.user(USER))?.owner).toMatchObject({ kind: 'nobody', why: 'disowned' });
    const { ben } = story.people;
    await story.types(sam, `assign ${story.account}/${USER} <@${ben}|ben>`);
    await passDays(story.sandbox, 1);
    expect(await rotation()).toMatchObject({ stage: 'issued', replacement });
    expect(story.reads(ben, USER)).toContain('is ready');
  });
});

describe('a postponed rotation', () => {
  it('is put off once more, and a request outlives the date that it was put off to', async () => {
    await asks(10);
    await asks(14);
    expect(await rotation()).toMatchObject({ stage: 'postponed', why: WHY });
    await asks(60);
    await passDays(story.sandbox, 15);
    expect(await rotation()).toMatchObject({ stage: 'due', request: { why: WHY } });
    expect(await story.history(USER)).toEqual(['open', 'postpone', 'postpone', 'askForTime', 'wake']);
  });
});

describe('a form', () => {
  it('that names a day gone by is answered in words, and nothing is lost', async () => {
    await pressOnly(story.sandbox, ana, story.live(ana, USER), ASK);
    expect(openModal(story.sandbox, ana)).toBeDefined();
    await expect(submit(story.sandbox, ana, { 'Until when?': inDays(-3), 'Why?': WHY })).rejects.toThrow(
      'the form says',
    );
    expect(openModal(story.sandbox, ana)).toBeDefined();
    expect((await rotation())?.stage).toBe('due');
  });
});
