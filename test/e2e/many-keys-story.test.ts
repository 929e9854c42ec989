// An owner of many keys presses once for all of them, and hears of each what came of it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeKey } from '../sandbox/play/console.ts';
import {
  applicationUses,
  buttons,
  cards,
  deliver,
  drain,
  fillInHome,
  home,
  keysOf,
  openHome,
  openModal,
  openRow,
  press,
  pressInHome,
  pressOnly,
  submit,
  whispers,
} from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;
const NAMES = ['ci', 'etl', 'reports', 'web', 'backup'];

beforeEach(async () => {
  const users = NAMES.map((name, nth) => ({ name, tags: ANAS, keys: [{ age: 83 + nth, usedHoursAgo: 40 }] }));
  story = await begin(users);
});
afterEach(() => story.end());

const ana = () => story.people.ana;
/** The newest list that Ana has. */
function list(): Message {
  const lists = cards(story.sandbox, ana()).filter(({ deleted, ephemeralTo }) => !deleted && !ephemeralTo);
  return lists.findLast((one) => /access keys? (?:need|needs) you/.test(plainText(one))) ?? raise();
}
function raise(): never {
  throw new Error('she has no list');
}
const stages = () => Promise.all(NAMES.map(async (name) => (await story.rotation(name))?.stage));

describe('“Create 5 new keys”', () => {
  it('names every IAM user before it does anything, and then makes a key for each', async () => {
    await pressOnly(story.sandbox, ana(), list(), 'Create 5 new keys');
    const form = plainText({ text: '', blocks: openModal(story.sandbox, ana())?.view.blocks ?? [] });
    for (const name of NAMES) expect(form).toContain(name);
    expect(await stages()).toEqual(NAMES.map(() => 'due'));
    await submit(story.sandbox, ana(), {});
    expect(await stages()).toEqual(NAMES.map(() => 'issued'));
    expect(whispers(story.sandbox, ana()).at(-1)).toMatch(
      /5 new keys were made\.[\s\S]*New key …\w+ of backup is ready[^•]*Old key …\w+ · /,
    );
  });

  it('does what still is so, and says of each other why not', async () => {
    const before = list();
    const [old] = keysOf(story.sandbox, 'web');
    removeKey(story.sandbox, 'web', old?.id ?? '');
    await story.sandbox.aws.iam.console.createKey('etl');
    await press(story.sandbox, ana(), before, 'Create 5 new keys');
    expect(await stages()).toEqual(['issued', 'due', 'issued', expect.anything(), 'issued']);
    const answer = whispers(story.sandbox, ana()).at(-1) ?? '';
    expect(answer).toContain('3 new keys were made.');
    expect(answer).toContain('Nothing was done for 2 IAM users.');
    expect(answer).toMatch(/• web: AWS does not show this key .+\n• etl: This IAM user has two keys already/);
  });

  it('makes one key for each when it is pressed twice, and when its job comes twice', async () => {
    const before = list();
    await press(story.sandbox, ana(), before, 'Create 5 new keys');
    await press(story.sandbox, ana(), before, 'Create 5 new keys');
    for (const name of NAMES) expect(keysOf(story.sandbox, name)).toHaveLength(2);
    expect(whispers(story.sandbox, ana()).at(-1)).toContain('Nothing was done for 5 IAM users.');
    // The list stays as it was: its own buttons are not the ones that work.
    expect(whispers(story.sandbox, ana()).at(-1)).toContain('“Open” beside it brings the buttons that work.');
    expect(whispers(story.sandbox, ana()).at(-1)).not.toContain('The buttons shown now');
  });

  it('is nobody else’s to press', async () => {
    const { sandbox, people } = story;
    await pressOnly(sandbox, ana(), list(), 'Create 5 new keys');
    const view = openModal(sandbox, ana()) ?? raise();
    await deliver(sandbox, sandbox.slack.people.submit({ view: { ...view, user: people.ben } }));
    await drain(sandbox);
    expect(await stages()).toEqual(NAMES.map(() => 'due'));
    for (const name of NAMES) expect(keysOf(sandbox, name)).toHaveLength(1);
  });
});

it('“rotate” without a name is answered with the names on record, after three questions to AWS at most', async () => {
  const { wire } = story.sandbox.aws;
  wire.forget();
  const answer = await story.types(ana(), 'rotate');
  expect(answer).toContain('5 IAM users fit. Type one of these:');
  for (const name of NAMES) expect(answer).toContain(`/keyrotate rotate main/${name}`);
  expect(answer).toContain('These are the ones I have on record.');
  const asked = wire.calls.filter(({ caller }) => caller?.includes('assumed-role/worker/'));
  expect(asked.map(({ service }) => service)).not.toContain('iam');
  expect(asked.filter(({ service }) => service === 'dynamodb').length).toBeLessThanOrEqual(3);
});

describe('in Home', () => {
  const reads = () => plainText(home(story.sandbox, ana()));
  const offered = () => buttons(home(story.sandbox, ana()));
  const directly = () => cards(story.sandbox, ana()).length + whispers(story.sandbox, ana()).length;

  it('one press makes a key for each, and Home says what came of it and where each stands', async () => {
    await openHome(story.sandbox, ana());
    expect(offered().slice(0, 2)).toEqual(['Create 5 new keys', 'None of these is needed']);
    const before = directly();
    await pressInHome(story.sandbox, ana(), 'Create 5 new keys');
    expect(await stages()).toEqual(NAMES.map(() => 'issued'));
    expect(reads()).toMatch(
      /^\s*5 new keys were made\.[\s\S]*5 access keys need you[\s\S]*of backup is ready/,
    );
    expect(offered()).not.toContain('Create 5 new keys');
    expect(directly()).toBe(before);
  });

  it('what was decided since it was drawn is left, and Home says why', async () => {
    await openHome(story.sandbox, ana());
    const { people } = story.sandbox.slack;
    await deliver(story.sandbox, people.clickInHome({ user: ana(), button: 'None of these is needed' }));
    await openRow(story.sandbox, ana(), 'web');
    await pressOnly(story.sandbox, ana(), story.live(ana(), 'web'), 'Create new key');
    await submit(story.sandbox, ana(), {});
    expect(await stages()).toEqual(['retired', 'retired', 'retired', 'issued', 'retired']);
    expect(reads()).toContain('4 keys were turned off. Nothing was done for 1 IAM user.');
    expect(reads()).toMatch(/• web: .*does not fit any more/);
  });

  it('is offered for several only, and not where an admin looks at it', async () => {
    await openHome(story.sandbox, story.people.sam);
    await fillInHome(story.sandbox, story.people.sam, 'Choose a person', ana());
    expect(buttons(home(story.sandbox, story.people.sam))).toEqual(['Back']);
    for (const name of NAMES.slice(1)) {
      await openRow(story.sandbox, ana(), name);
      await story.presses(ana(), name, 'Create new key');
    }
    await openHome(story.sandbox, ana());
    expect(offered().filter((label) => /Create \d|None of these/.test(label))).toEqual([]);
  });

  it('how a new key is put in place is shown there, where it is asked', async () => {
    await openHome(story.sandbox, ana());
    await pressInHome(story.sandbox, ana(), 'Create 5 new keys');
    const before = directly();
    await deliver(
      story.sandbox,
      story.sandbox.slack.people.clickInHome({ user: ana(), button: 'GitHub Actions', nth: 1 }),
    );
    await drain(story.sandbox);
    expect(reads()).toMatch(/^\s*GitHub Actions, for (ci|etl|reports|web|backup)[\s\S]*gh secret set/);
    expect(directly()).toBe(before);
  });
});

it('“None of these is needed” turns off what is quiet, and asks about what is not', async () => {
  const [busy] = keysOf(story.sandbox, 'ci');
  await applicationUses(story.sandbox, busy?.id ?? '', 's3');
  await pressOnly(story.sandbox, ana(), list(), 'None of these is needed');
  await submit(story.sandbox, ana(), {});
  expect(await stages()).toEqual(['due', 'retired', 'retired', 'retired', 'retired']);
  const answer = whispers(story.sandbox, ana()).at(-1);
  expect(answer).toContain('4 keys were turned off.');
  expect(answer).toContain('About 1 key I ask you first.');
  expect(keysOf(story.sandbox, 'ci')[0]?.status).toBe('Active');
});
