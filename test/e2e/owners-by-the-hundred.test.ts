// An admin gives owners to many IAM users at once, in Slack alone: by picking, by rules, from a table; shown before it is done.
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../sandbox/clock.ts';
import type { SeededUser } from '../sandbox/organisation.ts';
import { recreateUser, removeUser } from '../sandbox/play/console.ts';
import { notifications } from '../sandbox/play/notifications.ts';
import {
  buttons,
  command,
  deliver,
  drain,
  openModal,
  passTime,
  pressInModal,
  pressOnly,
  run,
  submit,
  write,
} from '../sandbox/play/play.ts';
import { openDm, visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { queue } from './mortal-world.ts';
import { ANAS, begin, type Story } from './story.ts';

const ASSIGN = 'Assign owners…';
const RULES = 'Or write who owns what, a rule on each line';
const PERSON = 'To a person';
const CHANNEL = 'Or to a private channel';
const ALL = 'Or all of them';

let story: Story;
afterEach(() => story.end());

const nobodys = (...names: string[]): SeededUser[] =>
  names.map((name, nth) => ({ name, keys: [{ age: 120 - nth / 10, usedHoursAgo: 30 }] }));

/** `ci-0`, `ci-1` … */
const many = (first: string, number: number) => Array.from({ length: number }, (_, nth) => `${first}-${nth}`);

const sam = () => story.people.sam;
const form = () => openModal(story.sandbox, sam())?.view;
const reads = () => plainText({ text: '', blocks: form()?.blocks ?? [] }).replaceAll('\n', ' ');
/** What was answered to what Sam typed in the admin channel, to nobody else. */
const answered = () =>
  visibleMessages(story.sandbox.slack.workspace, story.adminChannel, sam())
    .map((message) => plainText(message))
    .at(-1);
const labels = () =>
  (form()?.blocks ?? []).flatMap((block) => (block.type === 'input' ? [block.label.text] : []));
const options = (label: string) =>
  (form()?.blocks ?? []).flatMap((block) =>
    block.type === 'input' && block.label.text === label && 'options' in block.element
      ? (block.element.options ?? []).map(({ text }) => text.text)
      : [],
  );
const users = () => labels().find((label) => label.startsWith('IAM users')) ?? '';
const pickerId = () => form()?.blocks.find(({ block_id }) => block_id?.startsWith('users:'))?.block_id;
const ownerOf = async (userName: string) => (await story.user(userName))?.owner;
const opens = (text = 'owners') => command(story.sandbox, sam(), text, story.adminChannel);
const sends = (values: Record<string, string>) => submit(story.sandbox, sam(), values);
const closes = () => story.sandbox.slack.workspace.modals.clear();
function joins(person: string, channel: string): void {
  story.sandbox.slack.workspace.channels.get(channel)?.members.push(person);
}
function newest(): Message {
  const post = story.adminPosts().at(-1);
  if (!post) throw new Error('nothing was posted');
  return post;
}

describe('IAM users by the hundred without an owner', () => {
  /** `npm run thorough` plays 150; `npm test` 60, which are more than are brought up to date at once. */
  const share = (all: number) => (process.env.THOROUGH ? all : (all * 2) / 5);
  const [ci, batch, etl, legacy] = [share(60), share(40), share(30), share(20)] as const;
  const teams: [string, number][] = [
    ['ci', ci],
    ['batch', batch],
    ['etl', etl],
    ['legacy', legacy],
  ];
  const names = teams.flatMap(([first, number]) => many(first, number));

  it('are settled from the summary in a few presses and less than 300 characters, and make one message for each owner', async () => {
    story = await begin(nobodys(...names), { params: { MAX_NEW_PER_DAY: '200' } });
    const { ana, ben } = story.people;
    joins(sam(), story.teamChannel);
    await run(story.sandbox, 'summary');
    let done = 0;
    let typed = 0;
    const counts = <Acting>(acting: Promise<Acting>, ...texts: string[]): Promise<Acting> => {
      done += 1;
      typed += texts.join('').length;
      return acting;
    };
    const summary = story.adminPosts().find((post) => buttons(post).includes(ASSIGN)) ?? newest();
    await counts(pressOnly(story.sandbox, sam(), summary, ASSIGN));
    expect(reads()).toContain(`${names.length} IAM users have no owner`);

    const rules =
      'ci-* → #payments-team\nbatch-?? -> ana@example.com\nbatch-? -> ana@example.com\netl-* -> ben@example.com';
    await counts(sends({ [RULES]: rules }), rules);
    expect(reads()).toContain(`This would assign ${ci + batch + etl} IAM users to 3 owners.`);
    expect(reads()).toContain(`${legacy} IAM users stay without an owner`);
    await counts(sends({}));
    expect(reads()).toContain(`${legacy} IAM users have no owner`);

    await counts(pressInModal(story.sandbox, sam(), 'Search', { Search: 'legacy' }), 'legacy');
    done += 2; // the tick, and the person
    await counts(sends({ Search: 'legacy', [ALL]: `All ${legacy} that fit legacy`, [PERSON]: ben }));
    await counts(sends({}));
    expect(reads()).toContain('Every IAM user whose key is due has an owner');

    expect(
      await Promise.all(
        [`ci-${ci - 1}`, 'batch-9', `batch-${batch - 1}`, `etl-${etl - 1}`, 'legacy-0'].map(ownerOf),
      ),
    ).toMatchObject([
      { kind: 'channel' },
      ...[ana, ana, ben, ben].map((slackId) => ({ kind: 'person', slackId, from: 'link' })),
    ]);
    expect({ done, typed }).toEqual({
      done: expect.toSatisfy((n) => n <= 25),
      typed: expect.toSatisfy((n) => n <= 300),
    });
    await passTime(story.sandbox, 6 * MINUTE);
    expect(notifications(story.sandbox).map(({ to }) => to)).toEqual([ana, ben]);
    expect(visibleMessages(story.sandbox.slack.workspace, story.teamChannel, sam())).toHaveLength(1);
    expect(story.adminPosts().map(plainText).join()).toContain(
      `No owner: ${names.length} IAM users, settled.`,
    );
    const redrawn = story.sandbox.slack.wire.calls.filter(({ action }) => action === 'chat.update');
    expect(redrawn.length).toBeLessThan(12);
  }, 120_000);
});

describe('what an admin picks', () => {
  it('is looked for page by page, and only that is assigned', async () => {
    story = await begin(nobodys(...many('job', 104), 'odd'));
    joins(sam(), story.teamChannel);
    await opens();
    expect(options(users())).toHaveLength(75);
    expect(users()).toBe('IAM users 1 to 75 of 105, the oldest key first');
    expect(reads()).toContain('Only what is chosen on the page that is shown is assigned');
    const first = pickerId();
    await pressInModal(story.sandbox, sam(), 'Next 30');
    await pressInModal(story.sandbox, sam(), 'Back to the first');
    // Slack keeps what is picked in a block while its id stays.
    expect(pickerId()).not.toBe(first);
    await pressInModal(story.sandbox, sam(), 'Next 30');
    expect(options(users())).toHaveLength(30);
    await sends({ [users()]: 'odd\njob-99', [CHANNEL]: story.teamChannel });
    expect(reads()).toContain(`2 IAM users to everybody in #${story.teamChannel}: job-99, odd`);
    expect(await ownerOf('odd')).toMatchObject({ kind: 'nobody' });
    await sends({});
    expect(reads()).toContain(`2 IAM users belong to everybody in #${story.teamChannel} from now on`);
    expect(reads()).toContain('103 IAM users have no owner');
    expect(options(users())).not.toContain('odd');
    expect(await ownerOf('odd')).toMatchObject({ kind: 'channel', channelId: story.teamChannel });
  }, 60_000);

  it('names whoever was chosen and cannot own', async () => {
    story = await begin(nobodys('web'));
    const { gus } = story.people;
    await opens();
    expect(reads()).not.toContain('Only what is chosen on the page');
    await sends({ [users()]: 'web', [PERSON]: gus });
    expect(reads()).toMatch(
      new RegExp(
        `This would assign nothing\\..*@(?:Gus Guest|${gus}) cannot own IAM users: only a full member`,
        's',
      ),
    );
  });

  it('is narrowed by sending the form as well, and a search that fits nothing says so', async () => {
    story = await begin(nobodys('etl-a', 'etl-b', 'web'));
    await opens();
    await sends({ Search: 'etl' });
    expect(options(users())).toEqual(['etl-a', 'etl-b']);
    await sends({ Search: 'w?b', [ALL]: 'All 2 that fit etl', [PERSON]: story.people.ana });
    expect(options(users())).toEqual(['web']);
    await pressInModal(story.sandbox, sam(), 'Search', { Search: 'nothing' });
    expect(reads()).toContain('0 fit nothing');
    expect(users()).toBe('');
    await opens('owners etl-*');
    expect(options(users())).toEqual(['etl-a', 'etl-b']);
  });

  it('is complained about where it cannot be meant', async () => {
    story = await begin(nobodys('web'));
    const { ana } = story.people;
    joins(sam(), story.teamChannel);
    await opens();
    await expect(sends({})).rejects.toThrow('or write a rule');
    await expect(sends({ [PERSON]: ana })).rejects.toThrow('Choose IAM users here');
    await expect(sends({ [users()]: 'web' })).rejects.toThrow('Choose a person here');
    await expect(sends({ [users()]: 'web', [PERSON]: ana, [CHANNEL]: story.teamChannel })).rejects.toThrow(
      'not both',
    );
    await expect(sends({ [users()]: 'web', [RULES]: 'w* -> ana@example.com' })).rejects.toThrow('not both');
    await expect(sends({ [RULES]: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' })).rejects.toThrow('secret');
  });
});

describe('rules', () => {
  it('are told line by line before anything is done, with what is wrong with each', async () => {
    story = await begin(nobodys('ci-1', 'ci-2', 'etl', 'web', 'x'));
    const { ana } = story.people;
    await opens();
    const rules = [
      `main/CI-1 → ${ana}`,
      'ci-* -> gus@example.com',
      'other/etl => ana@example.com',
      'web = @ana',
      'what is this',
      'none-* -> ana@example.com',
      'x -> nobody@example.com',
    ];
    await sends({ [RULES]: rules.join('\n') });
    expect(reads()).toContain('This would assign 1 IAM user to 1 owner.');
    expect(reads()).toMatch(/1 IAM user to @\w+ \(main\/CI-1 → \w+\): ci-1/);
    expect(reads()).toContain('Line 2: ci-* -> gus@example.com names somebody who cannot own');
    expect(reads()).toMatch(/Line 3: other\/etl => ana@example.com fits no IAM user/);
    expect(reads()).toMatch(/Line 4: web = @ana names nobody whom I can find/);
    expect(reads()).toMatch(/Line 5: what is this is no rule/);
    expect(reads()).toMatch(/Line 6: .* fits no IAM user/);
    expect(reads()).toMatch(/Line 7: .* names nobody whom I can find/);
    expect(reads()).toContain('4 IAM users stay without an owner');
    await pressInModal(story.sandbox, sam(), 'Back');
    expect(JSON.stringify(form())).toContain('none-* -> ana@example.com');
    expect(reads()).toContain('5 IAM users have no owner');
  });

  it('can be typed or written at once, and are shown before they are done', async () => {
    story = await begin(nobodys('ci-1', 'ci-2', 'web'));
    const { ana } = story.people;
    await opens(`owners ci-* -&gt; <@${ana}|ana>`);
    await sends({});
    expect(await ownerOf('ci-2')).toMatchObject({ slackId: ana });
    closes();
    await write(story.sandbox, sam(), 'owners web → <mailto:ben@example.com|ben@example.com>');
    const preview = direct();
    expect(await ownerOf('web')).toMatchObject({ kind: 'nobody' });
    await pressOnly(story.sandbox, sam(), preview, 'Assign these 1');
    expect(await ownerOf('web')).toMatchObject({ slackId: story.people.ben });
    expect(reads()).toContain('Every IAM user whose key is due has an owner');
  });
});

/** The last message in the direct conversation. */
function direct(): Message {
  const { workspace } = story.sandbox.slack;
  const last = visibleMessages(workspace, openDm(workspace, sam()).id, sam()).at(-1);
  if (!last) throw new Error('there is no message');
  return last;
}

describe('the table', () => {
  it('goes out with what hints at an owner and comes back with owners, whatever names are like formulas', async () => {
    const odd = ['=cmd', '+1', '-x', '@sum', 'a,b', `long-${'n'.repeat(59)}`];
    const [first, ...others] = nobodys(...odd);
    story = await begin([{ ...(first as SeededUser), tags: { team: '=HYPERLINK("x","y")' } }, ...others]);
    const { ana, ben } = story.people;
    await opens();
    await pressInModal(story.sandbox, sam(), 'Get them as CSV');
    expect(reads()).toContain('in our direct conversation');
    closes();
    const [, table = ''] = /```([\s\S]*)```/.exec(raw(direct())) ?? [];
    const lines = table.trim().split('\n');
    expect(lines[0]).toBe('account,user,key age,last used,named,tags,owner');
    expect(lines[1]).toMatch(/^main,'=cmd,120,\d{4}-\d\d-\d\d,,"team==HYPERLINK\(""x"",""y""\)",$/);
    expect(lines).toHaveLength(7);
    const filled = lines.map((line, nth) =>
      nth === 0 || nth === 6 ? line : `${line}${nth === 2 ? 'ben@example.com' : 'ana@example.com'}`,
    );
    await write(story.sandbox, sam(), filled.join('\n'));
    expect(plainText(direct())).toContain('This would assign 5 IAM users to 2 owners.');
    await pressOnly(story.sandbox, sam(), direct(), 'Assign these 5');
    expect(await Promise.all(odd.map(ownerOf))).toMatchObject(
      [ana, ben, ana, ana, ana, undefined].map((slackId) => (slackId ? { slackId } : { kind: 'nobody' })),
    );
  });

  it('of several messages goes on after Slack wants to be asked later: no row twice, none left out', async () => {
    const names = many('ci', 120);
    const tags = { team: 't'.repeat(120), stack: 's'.repeat(120) };
    story = await begin(nobodys(...names).map((user) => ({ ...user, tags })));
    const { wire } = story.sandbox.slack;
    let posted = 0;
    wire.interfere(({ action, input }) => {
      if (action !== 'chat.postMessage' || !JSON.stringify(input).includes('as CSV')) return undefined;
      posted += 1;
      return posted % 2 === 0
        ? { kind: 'refuse', status: 429, code: 'ratelimited', headers: { 'retry-after': '1' } }
        : undefined;
    });
    await opens('owners csv');
    wire.interfere(undefined);
    const { workspace } = story.sandbox.slack;
    const messages = visibleMessages(workspace, openDm(workspace, sam()).id, sam()).map(raw);
    const rows = messages.join('\n').match(/main,ci-\d+,/g) ?? [];
    expect(rows).toEqual(names.map((name) => `main,${name},`));
    expect(messages.length).toBeGreaterThan(2);
    expect(messages[1]).toContain(`IAM users ${(messages[0]?.match(/main,/g)?.length ?? 0) + 1} to`);
    expect(answered()).toContain('in our direct conversation');
  });

  it('can be of all, due or not, opens no form, and comes back with the owners that there are without a word about them', async () => {
    const owned = { name: 'owned', tags: ANAS, keys: [{ age: 100, usedHoursAgo: 30 }] };
    const young = (name: string, tags: Record<string, string>) => ({ name, tags, keys: [{ age: 3 }] });
    const bens = young('young', { 'keyrotate:owner': 'ben@example.com' });
    story = await begin([...nobodys('ci-1'), owned, bens, young('nobodys', {})]);
    const { ana, ben } = story.people;
    await opens('owners csv all');
    expect(answered()).toContain('They are in our direct conversation, as CSV.');
    expect(form()).toBeUndefined();
    const [, table = ''] = /```([\s\S]*)```/.exec(raw(direct())) ?? [];
    expect(table).toMatch(new RegExp(`main,owned,100,.*,${ana}$`, 'm'));
    expect(table).toMatch(new RegExp(`main,young,,,,.*,${ben}$`, 'm'));
    expect(table).toMatch(/^main,nobodys,,,,,$/m);
    await write(story.sandbox, sam(), table.trim().replace(/^(main,ci-1,.*)$/m, `$1${ben}`));
    expect(plainText(direct())).toContain('This would assign 1 IAM user to 1 owner.');
    expect(plainText(direct())).not.toContain('owned');
    await pressOnly(story.sandbox, sam(), direct(), 'Assign these 1');
    expect(await Promise.all(['ci-1', 'owned'].map(ownerOf))).toMatchObject([
      { slackId: ben },
      { slackId: ana },
    ]);
  });

  it('is taken from a spreadsheet, too, with tabs and without noughts, and says whom it does not know', async () => {
    story = await begin(nobodys('ci-1', 'web'));
    await opens();
    const rows = [
      'account\tuser\towner',
      `${Number(story.account)}\tci-1\tana@example.com`,
      `${story.account}\tgone\tana@example.com`,
      '999999999999\tweb\tana@example.com',
    ];
    await sends({ [RULES]: rows.join('\n') });
    expect(reads()).toContain('1 IAM user to');
    expect(reads()).toContain('Not among those without an owner: gone, web.');
    await sends({});
    expect(await ownerOf('ci-1')).toMatchObject({ slackId: story.people.ana });
  });
});

/** As it was sent. */
const raw = ({ blocks }: Pick<Message, 'blocks'>) =>
  JSON.stringify(blocks) &&
  blocks.map((block) => (block.type === 'section' ? block.text?.text : '')).join('\n');

describe('between what is shown and what is done', () => {
  it('whoever got an owner, or is gone, is passed over and named, and nothing newer is undone', async () => {
    story = await begin(nobodys('ci-1', 'ci-2', 'ci-3', 'ci-4'));
    const { ana, ben } = story.people;
    await opens();
    await sends({ [RULES]: 'ci-* -> ana@example.com' });
    await command(story.sandbox, sam(), `assign ci-1 <@${ben}>`, story.adminChannel);
    removeUser(story.sandbox, 'ci-2');
    recreateUser(story.sandbox, 'ci-3');
    await sends({});
    expect(reads()).toContain('1 IAM user belongs to');
    expect(reads()).toContain('ci-1 · main (1111-2222-3333) was passed over: it has another owner by now');
    for (const gone of ['ci-2', 'ci-3'])
      expect(reads()).toMatch(new RegExp(`${gone} .{0,30}passed over: it is not there`));
    expect(await Promise.all(['ci-1', 'ci-4'].map(ownerOf))).toMatchObject([
      { slackId: ben },
      { slackId: ana },
    ]);
  });

  it('an order that comes late undoes nothing decided since, and one that comes twice assigns once', async () => {
    story = await begin(nobodys('ci-1', 'ci-2'));
    const { sandbox } = story;
    await opens();
    await sends({ [RULES]: 'ci-* -> ana@example.com' });
    const view = openModal(sandbox, sam());
    if (!view) throw new Error('no form');
    await deliver(sandbox, sandbox.slack.people.submit({ view }));
    const clicks = queue(sandbox, 'clicks');
    const [order] = clicks.messages;
    if (!order) throw new Error('nothing was queued');
    const isGivenUp = () => queue(sandbox, 'clicks-dead').bury(order, clicks.arn);
    const redrives = async () => {
      sandbox.clock.advance(6 * MINUTE);
      await command(sandbox, sam(), 'redrive', story.adminChannel);
    };
    clicks.purge();
    isGivenUp();
    sandbox.clock.advance(2 * MINUTE);
    await command(sandbox, sam(), 'unassign ci-1', story.adminChannel);
    await redrives();
    isGivenUp();
    await redrives();
    expect(await Promise.all(['ci-1', 'ci-2'].map(ownerOf))).toMatchObject([
      { kind: 'nobody' },
      { slackId: story.people.ana },
    ]);
    expect((await story.history('ci-2')).filter((what) => what === 'assign')).toHaveLength(1);
  });

  it('somebody who may not own any more gets nothing', async () => {
    story = await begin(nobodys('ci-1'));
    await opens();
    await sends({ [RULES]: 'ci-1 -> ana@example.com' });
    const ana = story.sandbox.slack.workspace.members.get(story.people.ana);
    if (ana) ana.deleted = true;
    await sends({});
    expect(reads()).toContain('Nothing was assigned.');
    expect(reads()).toContain('was for somebody who cannot own by now');
    if (ana) ana.deleted = false;
  });

  it('a day passes, and it must be shown anew', async () => {
    story = await begin(nobodys('ci-1'));
    await opens();
    await sends({ [RULES]: 'ci-1 -> ana@example.com' });
    story.sandbox.clock.advance(25 * HOUR);
    await sends({});
    expect(await ownerOf('ci-1')).toMatchObject({ kind: 'nobody' });
    expect(reads()).toContain('more than a day old');
  });
});

describe('the form', () => {
  it('shows nothing to whoever is no admin, and does nothing for them', async () => {
    story = await begin(nobodys('secret-name'));
    const { sandbox, people } = story;
    await opens();
    await sends({ [RULES]: 's* -> ana@example.com' });
    const plan = openModal(sandbox, sam());
    closes();
    await command(sandbox, people.ana, 'owners', story.adminChannel);
    const hers = openModal(sandbox, people.ana);
    expect(plainText({ text: '', blocks: hers?.view.blocks ?? [] })).toMatch(/only admins/i);
    expect(JSON.stringify(hers)).not.toContain('secret-name');
    if (!plan || !hers) throw new Error('no form');
    sandbox.slack.workspace.modals.set(plan.id, { ...plan, user: people.ana });
    await deliver(sandbox, sandbox.slack.people.submit({ view: { ...plan, user: people.ana } }));
    await drain(sandbox);
    expect(await ownerOf('secret-name')).toMatchObject({ kind: 'nobody' });
  });

  it('tells the outcome privately where it was closed meanwhile', async () => {
    story = await begin(nobodys('ci-1'));
    await opens();
    await sends({ [RULES]: 'ci-1 -> ana@example.com' });
    const view = openModal(story.sandbox, sam());
    if (!view) throw new Error('no form');
    const order = story.sandbox.slack.people.submit({ view });
    closes();
    await deliver(story.sandbox, order);
    await drain(story.sandbox);
    const { messages = [] } = story.sandbox.slack.workspace.channels.get(story.adminChannel) ?? {};
    const last = messages.findLast(({ ephemeralTo }) => ephemeralTo === sam());
    expect(last && plainText(last)).toContain('1 IAM user belongs to');
  });

  it('that Slack does not open is told at once, and nothing is queued', async () => {
    story = await begin(nobodys('ci-1'));
    const { slack } = story.sandbox;
    slack.wire.interfere(({ action }) =>
      action === 'views.open' ? { kind: 'refuse', status: 500, code: 'internal_error' } : undefined,
    );
    const shown = await opens();
    expect(shown && plainText(shown)).toContain('could not be opened');
    slack.wire.interfere(undefined);
  });

  it('works before going live, where owners hear nothing', async () => {
    story = await begin(nobodys('ci-1'), { mode: 'preview' });
    await opens();
    await sends({ [RULES]: 'ci-1 -> ana@example.com' });
    await sends({});
    expect(await ownerOf('ci-1')).toMatchObject({ slackId: story.people.ana });
    await passTime(story.sandbox, 6 * MINUTE);
    expect(notifications(story.sandbox)).toEqual([]);
  });
});
