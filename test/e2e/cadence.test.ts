// When people hear of it: at work, once a day, all of one owner's keys in one message; never forgotten, never a flood.
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR } from '../sandbox/clock.ts';
import { type Notification, notifications } from '../sandbox/play/notifications.ts';
import { cards, openRow, passDays, passTime, run } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

let story: Story;
afterEach(() => story.end());

const USER = 'ci-deploy';
const one = [{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] }];
const rangFor = (person: string) => notifications(story.sandbox).filter(({ to }) => to === person);
const zone = (person: string) => story.sandbox.slack.workspace.members.get(person)?.tz ?? 'UTC';
const local = ({ at, to }: Notification) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: zone(to),
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).format(at);

/** A sweep a day, and ticks so many hours apart. */
async function liveThrough(days: number, hoursApart: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await run(story.sandbox, 'sweep');
    for (let hour = 0; hour < 24; hour += hoursApart) await passTime(story.sandbox, hoursApart * HOUR);
  }
}

describe('an owner of several IAM users', () => {
  const names = Array.from({ length: 30 }, (_, nth) => `app-${String(nth).padStart(2, '0')}`);
  const many = names.map((name, nth) => ({ name, tags: ANAS, keys: [{ age: 85 + nth, usedHoursAgo: 30 }] }));

  it('gets one message with a row each, and opens what they want to deal with', async () => {
    story = await begin(many);
    const { ana } = story.people;
    expect(rangFor(ana)).toHaveLength(1);
    const [digest] = cards(story.sandbox, ana);
    if (!digest) throw new Error('no message');
    for (const name of names) expect(plainText(digest)).toContain(name);
    expect(digest.blocks.length).toBeLessThanOrEqual(50);

    await openRow(story.sandbox, ana, 'app-07');
    expect(story.offered(ana, 'app-07')).toContain('Create new key');
  });

  it('hears of them at most once a day, whatever happens', async () => {
    story = await begin(many.slice(0, 4));
    const { ana } = story.people;
    for (const name of names.slice(0, 4)) {
      await liveThrough(1, 3);
      story.sandbox.aws.iam.console.setKeyStatus(name, story.keyIds(name)[0] ?? '', 'Inactive');
      await liveThrough(1, 3);
    }
    const days = rangFor(ana).map(({ at }) => new Date(at).toISOString().slice(0, 10));
    expect(new Set(days).size).toBe(days.length);
    expect(
      rangFor(ana)
        .map(local)
        .filter((when) => /Sat|Sun/.test(when)),
    ).toEqual([]);
  });
});

describe('the first word', () => {
  it('says who runs this, why, and where to ask; later ones do not', async () => {
    story = await begin(one, { params: { HELP_CHANNEL: 'C0HELP00001' } });
    const { ana } = story.people;
    expect(story.reads(ana, USER)).toMatch(/admins/i);
    expect(JSON.stringify(story.live(ana, USER))).toContain('C0HELP00001');
    const first = story.reads(ana, USER);
    await passDays(story.sandbox, 4);
    expect(rangFor(ana).length).toBeGreaterThan(1);
    expect(story.reads(ana, USER).length).toBeLessThan(first.length);
  });

  it('comes a week before any deadline, however old the key is', async () => {
    story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 200, usedHoursAgo: 30 }] }], {
      start: A_MONDAY,
    });
    expect(story.reads(story.people.ana, USER)).toContain('November 23');
    await run(story.sandbox, 'summary');
    expect(plainText(story.adminPosts().at(-1) ?? { text: '', blocks: [] })).toContain('1 is overdue');
  });

  it('comes to no more owners a day than set, the oldest keys first', async () => {
    const people = ['ana', 'ben', 'chloe'];
    story = await begin(
      people.map((person, nth) => ({
        name: `of-${person}`,
        tags: { mail: `${person}@example.com` },
        keys: [{ age: 100 + 10 * nth, usedHoursAgo: 30 }],
      })),
      { params: { MAX_NEW_PER_DAY: '1' } },
    );
    const { ana, ben, chloe } = story.people;
    const order = () => notifications(story.sandbox).map(({ to }) => to);
    expect(order()).toEqual([chloe]);
    await passDays(story.sandbox, 1);
    expect(order().filter((to) => to !== chloe)).toEqual([ben]);
    await passDays(story.sandbox, 1);
    expect(order()).toContain(ana);
  });
});
