// Who answers for an IAM user when that changes: somebody says "not mine", is assigned, leaves, or a tag is altered.
import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import { buttons, cards, passDays, passTime, press, run } from '../sandbox/play/play.ts';
import { visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';
let story: Story;
afterEach(() => story.end());

const given = (tags: Record<string, string> = ANAS) =>
  begin([{ name: USER, tags, keys: [{ age: 83, usedHoursAgo: 30 }] }]).then((begun) => {
    story = begun;
    return begun.people;
  });
const ownerOf = async () => (await story.user(USER))?.owner;
const lastPost = () => plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] });
const offeredToAdmins = () => buttons(story.adminPosts().at(-1) ?? { blocks: [] });
const assign = (to: string) => story.types(story.people.sam, `assign ${story.account}/${USER} ${to}`);

describe('"not mine"', () => {
  it('takes a reason, goes to the admins, and asks that person no more', async () => {
    const { ana } = await given();
    await story.presses(ana, USER, 'Not mine', { 'Whose is it, if you know?': 'Ben took it over in May' });
    expect(await ownerOf()).toMatchObject({ kind: 'nobody', why: 'disowned' });
    expect(lastPost()).toContain('Ben took it over in May');
    expect(offeredToAdmins()).toContain('Show');
    const before = notifications(story.sandbox).length;
    await passDays(story.sandbox, 3);
    expect(notifications(story.sandbox)).toHaveLength(before);
    await run(story.sandbox, 'summary');
    expect(lastPost()).toContain(USER);
  });
});

describe('an admin', () => {
  it('assigns a person, who is then asked and may press', async () => {
    const { ana, ben } = await given({});
    await assign(`<@${ben}|ben>`);
    expect(await ownerOf()).toMatchObject({ kind: 'person', slackId: ben, from: 'link' });
    await passTime(story.sandbox, 6 * MINUTE);
    await story.presses(ben, USER, CREATE);
    expect(story.keyIds(USER)).toHaveLength(2);
    expect(cards(story.sandbox, ana)).toEqual([]);
  });

  it('undoes it, and whom the tags name is asked again and may press', async () => {
    const { ana, ben, sam } = await given();
    await assign(`<@${ben}|ben>`);
    await passDays(story.sandbox, 1);
    expect(await story.types(sam, `unassign ${USER}`)).toContain('say who owns');
    expect(await ownerOf()).toMatchObject({ slackId: ana, from: 'ownerTag' });
    expect(cards(story.sandbox, ben)).toEqual([]);
    await passDays(story.sandbox, 1);
    await story.presses(ana, USER, CREATE);
    expect(story.keyIds(USER)).toHaveLength(2);
  });

  it('gets the card with "show", and what they do for the owner is told to the owner', async () => {
    const { ana, sam } = await given();
    await story.types(sam, `show ${story.account}/${USER}`);
    const card = story.live(sam, USER);
    await press(story.sandbox, sam, card, CREATE);
    expect((await story.rotation(USER))?.history.at(-1)).toMatchObject({ by: { slackId: sam, as: 'admin' } });
    const before = notifications(story.sandbox).filter(({ to }) => to === ana).length;
    await passDays(story.sandbox, 1);
    expect(notifications(story.sandbox).filter(({ to }) => to === ana)).toHaveLength(before + 1);
    expect(story.reads(ana, USER)).toContain('admin');
    // Both cards stay true.
    expect(buttons(story.live(sam, USER))).toContain('I replaced it everywhere');
  });

  it('opens the card of somebody without an owner from the summary', async () => {
    const { sam } = await given({});
    await run(story.sandbox, 'summary');
    const summary = story.adminPosts().at(-1);
    if (summary) await press(story.sandbox, sam, summary, 'Decide');
    const { workspace } = story.sandbox.slack;
    const list = visibleMessages(workspace, story.adminChannel, sam).at(-1);
    if (list) await press(story.sandbox, sam, list, 'Show');
    expect(story.offered(sam, USER)).toContain(CREATE);
  });
});

describe('a private channel', () => {
  it('owns: its members press, the acting person is on record, and membership is read when acting', async () => {
    const { ana, ben, dan } = await given({});
    await assign(`<#${story.teamChannel}|payments-team>`);
    await passTime(story.sandbox, 6 * MINUTE);
    const { workspace } = story.sandbox.slack;
    const posted = visibleMessages(workspace, story.teamChannel, ben).at(-1);
    if (!posted) throw new Error('nothing in the channel');
    await press(story.sandbox, ben, posted, CREATE);
    expect((await story.rotation(USER))?.history.at(-1)).toMatchObject({
      what: 'createKey',
      by: { slackId: ben, as: 'owner' },
    });

    const channel = workspace.channels.get(story.teamChannel);
    if (channel) channel.members = [dan, ana, workspace.bot.userId];
    const again = visibleMessages(workspace, story.teamChannel, ana).at(-1) ?? posted;
    channel?.members.push(ben);
    const click = story.sandbox.slack.people.click({ user: ben, message: again, button: 'Discard new key' });
    if (channel) channel.members = [dan, ana, workspace.bot.userId];
    await story.sandbox.functions.slack.invoke(click);
    await passTime(story.sandbox, 6 * MINUTE);
    expect(story.keyIds(USER)).toHaveLength(2);
  });
});

describe('a tag that names somebody else while a rotation is open', () => {
  it('is announced to the old owner and the admins, and moves wait for an admin', async () => {
    const { ana, ben, sam } = await given();
    console_.tag(story.sandbox, USER, { 'keyrotate:owner': 'ben@example.com' });
    await passDays(story.sandbox, 1);
    expect(await ownerOf()).toMatchObject({ slackId: ana });
    expect(lastPost()).toContain(USER);
    expect(cards(story.sandbox, ben)).toEqual([]);
    expect(buttons(cards(story.sandbox, ana).at(-1) ?? { blocks: [] })).not.toContain(CREATE);

    const post = story.adminPosts().at(-1);
    const handOver = post && buttons(post).find((label) => label.startsWith('Hand over'));
    if (post && handOver) await press(story.sandbox, sam, post, handOver);
    expect(await ownerOf()).toMatchObject({ slackId: ben });
    await passTime(story.sandbox, 6 * MINUTE);
    await story.presses(ben, USER, CREATE);
    expect(story.keyIds(USER)).toHaveLength(2);
  });
});

describe('a tag that names somebody else between rotations', () => {
  /** Ana has been through a whole rotation, and her key is young. */
  async function givenBetween(tags: Record<string, string>) {
    const people = await given();
    await story.presses(people.ana, USER, CREATE);
    story.uses(story.keyIds(USER).at(-1) ?? '');
    for (const button of ['I replaced it everywhere', 'Turn off the old key'])
      await story.presses(people.ana, USER, button);
    await passDays(story.sandbox, 8);
    await story.presses(people.ana, USER, 'Delete for good');
    expect((await story.rotation(USER))?.stage).toBe('deleted');
    console_.tag(story.sandbox, USER, tags);
    return people;
  }

  it('is announced before that person can act: to the former owner, and to the admins, who decide', async () => {
    const { ana, ben, sam } = await givenBetween({ 'keyrotate:owner': 'ben@example.com' });
    expect(await story.types(ben, `rotate ${USER}`)).toContain('an admin decides who owns it');
    expect((await story.rotation(USER))?.stage).toBe('deleted');
    await passDays(story.sandbox, 1);
    expect(story.reads(ana, USER)).toContain('now name somebody else');
    expect(lastPost()).toMatch(/^Who owns .+? Its tags name .+ instead of /m);
    const post = story.adminPosts().at(-1);
    const handOver = post && buttons(post).find((label) => label.startsWith('Hand over'));
    if (post && handOver) await press(story.sandbox, sam, post, handOver);
    await story.types(ben, `rotate ${USER}`);
    expect(await story.rotation(USER)).toMatchObject({ stage: 'due', history: [{ by: { slackId: ben } }] });
  });
});

describe('an owner whose address is another in Slack by now', () => {
  it('goes on as before', async () => {
    const { ana } = await given();
    const member = story.sandbox.slack.workspace.members.get(ana);
    if (member) member.email = 'ana.ruiz@example.com';
    await passDays(story.sandbox, 1);
    await story.presses(ana, USER, CREATE);
    expect(story.keyIds(USER)).toHaveLength(2);
    expect(story.adminPosts()).toEqual([]);
  });
});

describe('opting out by a tag', () => {
  it('holds until its date, in every summary, and not a day longer', async () => {
    const tags = { ...ANAS, 'keyrotate:exempt': '2026-11-25 migration planned' };
    story = await begin([{ name: USER, tags, keys: [{ age: 100, usedHoursAgo: 3 }] }], { start: A_MONDAY });
    const { ana } = story.people;
    expect(cards(story.sandbox, ana)).toEqual([]);
    await run(story.sandbox, 'summary');
    expect(lastPost()).toContain('migration planned');
    await passDays(story.sandbox, 10); // Thursday, November 26th
    expect(story.offered(ana, USER)).toContain(CREATE);
  });
});
