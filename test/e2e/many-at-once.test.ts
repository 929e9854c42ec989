// Many at once make one message: people before rows, what is settled counted off, and a press for all that is one person's.
import { afterEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../sandbox/clock.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import {
  buttons,
  home,
  openHome,
  openRow,
  passDays,
  passTime,
  pressInHome,
  pressOnly,
  run,
  submit,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { pressables } from '../sandbox/servers/slack/pressables.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { sharedSandbox } from '../sandbox/shared.ts';
import { begin, beginIn, type Story } from './story.ts';

const NUDGE = 'Nudge';
const HAND_OVER = 'Hand over all of these';

let story: Story;
afterEach(() => story.end());

/** So many IAM users of somebody, the oldest key first: `ana-0`, `ana-1` … */
const usersOf = (first: string, number: number, age = 83) =>
  Array.from({ length: number }, (_, nth) => ({
    name: `${first}-${nth}`,
    tags: first === 'nobody' ? {} : { 'keyrotate:owner': `${first}@example.com` },
    keys: [{ age: age - nth / 100, usedHoursAgo: 30 }],
  }));

/** Nobody does anything for two weeks: the week until the deadline, and the one until admins hear of it. */
async function silentFor(...users: ReturnType<typeof usersOf>[]): Promise<void> {
  story = await begin(users.flat());
  await passTime(story.sandbox, 7 * DAY);
  await passTime(story.sandbox, 7 * DAY);
}

const posts = () => story.adminPosts();
function newest(): Message {
  const post = posts().at(-1);
  if (!post) throw new Error('nothing was posted');
  return post;
}
const reads = (post = newest()) => plainText(post);
/** The IAM user that each row begins with. */
const oldestOf = (post: Message) => [...reads(post).matchAll(/(\w+-\d) .* old/g)].map(([, name]) => name);
const rang = (person: string) => notifications(story.sandbox).filter(({ to }) => to === person).length;
const ownerOf = async (userName: string) => (await story.user(userName))?.owner.slackId;

/** What somebody alone was told in the admin channel, last. */
function answer(person = story.people.sam): string {
  const { messages = [] } = story.sandbox.slack.workspace.channels.get(story.adminChannel) ?? {};
  const told = messages.findLast(({ ephemeralTo }) => ephemeralTo === person);
  return told ? plainText(told).replaceAll('\n', ' ') : '';
}

/** A button of the row that begins with this IAM user. */
async function pressesInRow(button: string, userName: string, post = newest(), person = story.people.sam) {
  const alike = pressables(post).filter(({ label }) => label === button);
  const at = alike.findIndex(
    ({ element }) => 'value' in element && element.value?.split('#')[0]?.endsWith(`/${userName}`),
  );
  await pressOnly(story.sandbox, person, post, button, at + 1);
}

async function handsOver(userName: string, to: string, post = newest(), person = story.people.sam) {
  await pressesInRow(HAND_OVER, userName, post, person);
  await submit(story.sandbox, person, { 'To whom?': to });
}

describe('three owners of fifteen IAM users who never answer', () => {
  it('are told in one message, people before rows, and again in one when it lasts', async () => {
    await silentFor(usersOf('ana', 6), usersOf('ben', 5, 82.9), usersOf('chloe', 4, 82.8));
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('3 people do not answer (15 access keys)');
    expect(oldestOf(newest())).toEqual(['ana-0', 'ben-0', 'chloe-0']);
    // Whoever hands over all of them reads which.
    expect(reads()).toContain('Also ana-1, ana-2, ana-3, ana-4, ana-5');
    expect(JSON.stringify(posts())).not.toContain('<@');

    const [first] = posts();
    await passTime(story.sandbox, 6 * DAY);
    expect(posts()).toHaveLength(1);
    await passTime(story.sandbox, DAY);
    expect(posts()).toHaveLength(2);
    expect(reads()).toContain('3 people do not answer (15 access keys)');
    expect(reads(first)).toContain('Nothing had happened: 15 IAM users, told anew in a later message');
    expect(reads(first)).not.toContain('settled');
    expect(buttons(first ?? newest())).toEqual([]);
  });
});

describe('an owner whose working hours keyrotate never saw', () => {
  it('is not called silent: the list says that nobody asked them, and is settled once somebody has', async () => {
    story = await begin(usersOf('dan', 3, 85));
    await passDays(story.sandbox, 14);
    expect(rang(story.people.dan)).toBe(0);
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('1 person was not asked yet (3 access keys)');
    expect(reads()).toContain('dan (3), not asked yet: dan-0');
    expect(reads()).toContain('I write to owners on weekdays from 9 to 17 where they live');
    expect(buttons(newest())).toEqual([HAND_OVER, 'Show']);
    await passTime(story.sandbox, 7 * HOUR);
    expect(rang(story.people.dan)).toBe(1);
    await passTime(story.sandbox, HOUR);
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('Nothing had happened: 3 IAM users, settled');
  });
});

describe('one person leaving with ten IAM users', () => {
  it('brings one message, and one press gives all of them to somebody else', async () => {
    story = await begin(usersOf('ben', 10));
    const { ben, dan } = story.people;
    const member = story.sandbox.slack.workspace.members.get(ben);
    if (member) member.deleted = true;
    await passDays(story.sandbox, 1);
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('1 owner left: 10 access keys need another');
    expect(buttons(newest())).toEqual([HAND_OVER, 'Show']);

    await handsOver('ben-0', dan);
    for (let nth = 0; nth < 10; nth += 1) expect(await ownerOf(`ben-${nth}`)).toBe(dan);
    expect(answer()).toContain('10 IAM users belong to');
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('settled');
    expect(buttons(newest())).toEqual([]);

    await passDays(story.sandbox, 1);
    await passTime(story.sandbox, 6 * HOUR);
    expect(rang(dan)).toBe(1);
    await openRow(story.sandbox, dan, 'ben-3');
    expect(story.offered(dan, 'ben-3')).toContain('Create new key');
  });
});

describe('going live over many keys', () => {
  it('brings one message about those without an owner, and one to each owner', async () => {
    const preview = await sharedSandbox({ seed: 'nobody', mode: 'preview' });
    story = await beginIn(preview, [...usersOf('nobody', 9), ...usersOf('ana', 6), ...usersOf('ben', 6)]);
    expect([posts().length, rang(story.people.ana)]).toEqual([0, 0]);
    story = await beginIn(await redeployed(preview, 'live', 'follow'), []);
    expect(posts()).toHaveLength(1);
    expect(reads()).toContain('9 access keys have no owner');
    expect([rang(story.people.ana), rang(story.people.ben)]).toEqual([1, 1]);
  });
});

describe('what one person does not answer', () => {
  it('is counted off where it is settled, until the list says that all of it is', async () => {
    await silentFor(usersOf('ana', 3));
    const { ana } = story.people;
    expect(reads()).toContain('1 person does not answer (3 access keys)');
    for (const [nth, left] of ['(2 access keys)', '(1 access key)', 'settled'].entries()) {
      await openRow(story.sandbox, ana, `ana-${nth}`);
      await story.presses(ana, `ana-${nth}`, 'Create new key');
      expect(reads()).toContain(left);
    }
    expect(posts()).toHaveLength(1);
    expect(buttons(newest())).toEqual([]);
  });

  it('is in a message at once when they had none today, and that was all', async () => {
    await silentFor(usersOf('ana', 4));
    const { ana } = story.people;
    // Overdue keys are spoken of every other day.
    await passTime(story.sandbox, DAY + HOUR);
    await passTime(story.sandbox, DAY);
    const before = rang(ana);
    await pressesInRow(NUDGE, 'ana-0');
    await pressesInRow(NUDGE, 'ana-0');
    expect(rang(ana)).toBe(before + 1);
    expect(answer()).toContain('had today’s message');
    await openRow(story.sandbox, ana, 'ana-2');
    expect(story.offered(ana, 'ana-2')).toContain('Create new key');
  });

  it('waits for working hours when they are nudged at night', async () => {
    await silentFor(usersOf('ana', 3));
    const { ana } = story.people;
    await passTime(story.sandbox, DAY + 14 * HOUR);
    const before = rang(ana);
    await pressesInRow(NUDGE, 'ana-0');
    expect(answer()).toContain('hears of 3 access keys on');
    expect(rang(ana)).toBe(before);
    await passTime(story.sandbox, 10 * HOUR);
    expect(rang(ana)).toBe(before + 1);
  });

  it('is handed over from an old list as far as it is still theirs, and the answer says what is not', async () => {
    await silentFor(usersOf('ana', 5));
    const { ana, ben, dan, sam } = story.people;
    await story.types(sam, `assign ana-1 <@${dan}|dan>`);
    await openRow(story.sandbox, ana, 'ana-2');
    // The list is not drawn anew: Slack is away.
    await withoutRedraws(async () => {
      await story.presses(ana, 'ana-2', 'Create new key');
    });
    await handsOver('ana-0', ben);
    const owners = await Promise.all([0, 1, 2, 3, 4].map((nth) => ownerOf(`ana-${nth}`)));
    expect(owners).toEqual([ben, dan, ana, ben, ben]);
    expect(answer()).toContain('3 IAM users belong to');
    expect(answer()).toMatch(/ana-1 .* another owner by now/);
    expect(answer()).toMatch(/ana-2 .* settled by now/);
    expect((await story.history('ana-0')).at(-1)).toBe('assign');
    await passTime(story.sandbox, DAY);
    expect(rang(ben)).toBe(1);
  });
});

describe('a request for more time among many', () => {
  it('is approved in its row', async () => {
    story = await begin(usersOf('ana', 3));
    const { ana } = story.people;
    const until = new Date(story.sandbox.clock.now() + 60 * DAY).toISOString().slice(0, 10);
    for (const nth of [0, 1, 2]) {
      await openRow(story.sandbox, ana, `ana-${nth}`);
      await story.presses(ana, `ana-${nth}`, 'I need more time', { 'Until when?': until, 'Why?': 'Vendor' });
    }
    await passTime(story.sandbox, 7 * DAY);
    expect(reads()).toContain('More time is asked for 3 access keys');
    await pressesInRow('Approve', 'ana-1');
    expect((await story.rotation('ana-1'))?.stage).toBe('postponed');
    await pressesInRow('Decline', 'ana-2');
    expect(reads()).toContain('1 access key');
  });
});

describe('a list that the summary opens', () => {
  /** What only the admin was shown, last. */
  const list = (): Message => {
    const shown = inbox(story.sandbox.slack.workspace, story.people.sam);
    return shown.findLast(({ ephemeralTo }) => ephemeralTo === story.people.sam) ?? newest();
  };

  it('names the people who do not answer, the oldest key first, each with the buttons of a notice', async () => {
    await silentFor(usersOf('ana', 6), usersOf('ben', 5, 82.9), usersOf('chloe', 1, 82.8));
    const { sam, ana, ben, dan } = story.people;
    await story.types(sam, 'summary');
    expect(reads(list())).toContain('3 people do not answer (12 access keys)');
    expect(reads(list())).toContain('ana: 6 keys, the oldest 97 days · ben: 5 keys');

    await pressOnly(story.sandbox, sam, list(), 'See who');
    expect(oldestOf(list())).toEqual(['ana-0', 'ben-0', 'chloe-0']);
    await handsOver('ben-0', dan, list());
    for (const nth of [0, 1, 2, 3, 4]) expect(await ownerOf(`ben-${nth}`)).toBe(dan);
    expect(reads(list())).toContain('5 IAM users belong to');
    expect(await ownerOf('ana-0')).toBe(ana);
    expect(await ownerOf('chloe-0')).not.toBe(dan);
    expect(ben).not.toBe(dan);

    await story.types(sam, 'summary');
    expect(reads(list())).toContain('2 people do not answer (7 access keys)');
  });

  it('hands over those that its row names, and not what else their owner is silent about', async () => {
    story = await begin(usersOf('ana', 8, 100), { params: { MAX_NEW_PER_DAY: '2' } });
    await passTime(story.sandbox, 7 * DAY);
    await passTime(story.sandbox, 7 * DAY);
    const { sam, ana, dan } = story.people;
    await story.types(sam, 'summary');
    expect(reads(list())).toContain('1 person does not answer (2 access keys)');
    expect(reads(list())).toContain('1 person was not asked yet (2 access keys)');
    await pressOnly(story.sandbox, sam, list(), 'See who', 1);
    expect(oldestOf(list())).toEqual(['ana-0']);
    expect(reads(list())).toContain('Also ana-1');
    await handsOver('ana-0', dan, list());
    const owners = await Promise.all([0, 1, 6, 7].map((nth) => ownerOf(`ana-${nth}`)));
    expect(owners).toEqual([dan, dan, ana, ana]);
  });

  it('brings the card of each request for more time, and says later that nobody is on it', async () => {
    story = await begin(usersOf('ana', 2));
    const { ana, sam } = story.people;
    const until = new Date(story.sandbox.clock.now() + 60 * DAY).toISOString().slice(0, 10);
    for (const nth of [0, 1]) {
      await openRow(story.sandbox, ana, `ana-${nth}`);
      await story.presses(ana, `ana-${nth}`, 'I need more time', { 'Until when?': until, 'Why?': 'Vendor' });
    }
    await story.types(sam, 'summary');
    const summary = list();
    await pressOnly(story.sandbox, sam, summary, 'See all');
    const requests = list();
    await pressesInRow('Show', 'ana-1', requests);
    await story.presses(sam, 'ana-1', 'Approve');
    await pressesInRow('Show', 'ana-0', requests);
    await story.presses(sam, 'ana-0', 'Decline');
    expect((await story.rotation('ana-1'))?.stage).toBe('postponed');
    expect((await story.rotation('ana-0'))?.stage).toBe('due');
    await pressOnly(story.sandbox, sam, summary, 'See all');
    expect(reads(list())).toContain('Nobody is on this list any more.');
    expect(buttons(list())).toEqual([]);
  });

  it('shows whoever is no admin nothing', async () => {
    await silentFor(usersOf('ana', 3), usersOf('ben', 3));
    const { ana } = story.people;
    await run(story.sandbox, 'summary');
    story.sandbox.slack.workspace.channels.get(story.adminChannel)?.members.push(ana);
    await pressOnly(story.sandbox, ana, newest(), 'See who');
    expect(answer(ana)).toContain('Only admins');
    expect(answer(ana)).not.toContain('ben');
  });

  it('opens in Home, and back', async () => {
    await silentFor(usersOf('ana', 3), usersOf('ben', 3));
    const { sam, dan } = story.people;
    await openHome(story.sandbox, sam);
    await pressInHome(story.sandbox, sam, 'See who');
    const shown = () => plainText(home(story.sandbox, sam));
    expect(shown()).toContain('2 people do not answer (6 access keys)');
    expect(shown()).toContain('ana-0');
    await pressInHome(story.sandbox, sam, HAND_OVER, { 'To whom?': dan }, 1);
    for (const nth of [0, 1, 2]) expect(await ownerOf(`ana-${nth}`)).toBe(dan);
    await pressInHome(story.sandbox, sam, 'Back');
    expect(shown()).toContain('All accounts, for admins');
  });
});

/** Slack does not take changes to what stands in the admin channel. */
async function withoutRedraws(act: () => Promise<void>): Promise<void> {
  const { wire } = story.sandbox.slack;
  wire.interfere(({ action }) =>
    action === 'chat.update' ? { kind: 'refuse', status: 200, code: 'fatal_error' } : undefined,
  );
  await act();
  wire.interfere(undefined);
}
