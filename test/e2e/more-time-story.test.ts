// More time: with a reason and a date; a little by the owner alone, more with an admin's word; over by itself.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { openModal, passDays, pressOnly, recordOf, run, submit } from '../sandbox/play/play.ts';
import { visibleMessages } from '../sandbox/servers/slack/conversations.ts';
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

  it('may go on sooner', async () => {
    await asks(14);
    await story.presses(ana, USER, 'Go on now');
    expect((await rotation())?.stage).toBe('due');
  });

  it('is on the summary, with date and reason', async () => {
    await asks(14);
    await run(story.sandbox, 'summary');
    const summary = plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] });
    expect(summary).toContain('vendor');
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

  it('cannot approve it alone, not even with a made-up press', async () => {
    await asks(60);
    const post = story.adminPosts().at(-1);
    story.sandbox.slack.workspace.channels.get(story.adminChannel)?.members.push(ana);
    if (post) await story.pressesOn(ana, post, 'Approve');
    expect((await rotation())?.stage).toBe('due');
    const channel = visibleMessages(story.sandbox.slack.workspace, story.adminChannel, ana);
    expect(channel.filter(({ ephemeralTo }) => ephemeralTo === ana)).toHaveLength(1);
  });

  it('cannot renew it for ever: what is theirs to take counts from the first deadline', async () => {
    await asks(12);
    await passDays(story.sandbox, 14);
    await asks(13);
    expect(await rotation()).toMatchObject({ stage: 'due', request: {} });
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

  it('that is closed changes nothing', async () => {
    await pressOnly(story.sandbox, ana, story.live(ana, USER), ASK);
    const { current } = await recordOf(story.sandbox, USER);
    expect(current?.rotation?.history).toHaveLength(1);
  });
});
