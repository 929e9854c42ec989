// An admin takes the summary into a spreadsheet: a row for each IAM user about which something is open, as text in Slack.
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { alteredPress, buttons, deliver, drain, passTime, pressOnly, run } from '../sandbox/play/play.ts';
import { openDm, visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

const CSV = 'All of it as CSV';

let story: Story;
afterEach(() => story.end());

const direct = (person: string) => {
  const { workspace } = story.sandbox.slack;
  return visibleMessages(workspace, openDm(workspace, person).id, person);
};
const code = ({ blocks }: Message) =>
  blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : [])).join('\n');

/** The rows that stand in somebody's direct conversation, by the names of the columns. */
function rows(person: string): Record<string, string>[] {
  return direct(person)
    .map((message) => [...code(message).matchAll(/```([\s\S]*?)```/g)].map(([, text]) => text).join('\n'))
    .filter((text) => text.startsWith('account,user,key'))
    .flatMap((text) => parse<Record<string, string>>(text, { columns: true }));
}
const rowOf = (userName: string) => rows(story.people.sam).find(({ user }) => user === userName);

async function summary(): Promise<Message> {
  await run(story.sandbox, 'summary');
  const post = story.adminPosts().findLast((one) => buttons(one).includes(CSV));
  if (!post) throw new Error('no summary was posted');
  return post;
}

describe('the summary as a table', () => {
  it('has a row for each IAM user with what one sorts by: age, stage, owner, silence, what it waits for', async () => {
    story = await begin(
      [
        { name: 'silent', tags: ANAS, keys: [{ age: 84, usedHoursAgo: 30 }] },
        { name: 'moved', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] },
        { name: '=nobodys', keys: [{ age: 200 }] },
        { name: 'young', tags: ANAS, keys: [{ age: 20 }] },
      ],
      { start: A_MONDAY },
    );
    const { ana, sam } = story.people;
    await passTime(story.sandbox, 8 * DAY);
    await story.types(ana, 'rotate moved');
    await story.presses(ana, 'moved', 'Create new key');
    await passTime(story.sandbox, 6 * DAY);
    await pressOnly(story.sandbox, sam, await summary(), CSV);

    expect(rows(sam).map(({ user }) => user)).toEqual(["'=nobodys", 'silent', 'moved']);
    expect(rowOf('silent')).toEqual({
      ...{ account: 'main', user: 'silent', key: story.keyIds('silent')[0]?.slice(-4), age: '98' },
      ...{ due: '2026-11-23', overdue: 'yes', stage: 'not started', owner: ana, 'owner name': 'ana' },
      ...{ 'silent for': '14', 'waits for': 'admins: no answer', until: '', 'last used': '2026-11-15' },
      trouble: '',
    });
    expect(rowOf('moved')).toMatchObject({
      stage: 'being replaced',
      'silent for': '6',
      'waits for': 'owner',
    });
    expect(rowOf("'=nobodys")).toMatchObject({
      due: '',
      owner: '',
      'silent for': '',
      'waits for': 'admins: no owner',
    });
    const told = story.sandbox.slack.workspace.channels
      .get(story.adminChannel)
      ?.messages.findLast(({ ephemeralTo }) => ephemeralTo === sam);
    expect(told && plainText(told)).toContain('3 IAM users are in our direct conversation, as CSV.');
  });

  it('is typed as well, comes whole where Slack takes it in parts, and says so where nothing is open', async () => {
    const tags = { 'keyrotate:owner': 'ana@example.com' };
    const names = Array.from({ length: 110 }, (_, nth) => `${nth}-${'n'.repeat(40)}`);
    story = await begin(names.map((name) => ({ name, tags, keys: [{ age: 120 }] })));
    const { sam } = story.people;
    story.sandbox.slack.wire.interfere(busyEverySecondTime());
    await story.types(sam, 'summary csv');
    story.sandbox.slack.wire.interfere(undefined);
    expect(rows(sam)).toHaveLength(110);
    expect(new Set(rows(sam).map(({ user }) => user)).size).toBe(110);

    await story.end();
    story = await begin([]);
    expect(await story.types(story.people.sam, 'summary csv')).toContain('Nothing is open');
  });

  it('is for admins: whoever else sends the press is told no, and gets nothing', async () => {
    story = await begin([{ name: 'nobodys', keys: [{ age: 200 }] }]);
    const { ana, sam } = story.people;
    const press = story.sandbox.slack.people.click({ user: sam, message: await summary(), button: CSV });
    await deliver(
      story.sandbox,
      alteredPress(story.sandbox, press, (payload) => {
        payload.user.id = ana;
      }),
    );
    await drain(story.sandbox);
    expect(rows(ana)).toEqual([]);
    expect(await story.types(ana, 'summary csv')).toContain('Only admins');
  });
});

function busyEverySecondTime() {
  let posted = 0;
  return ({ action, input }: { action: string; input: Record<string, unknown> }) => {
    if (action !== 'chat.postMessage' || !JSON.stringify(input).includes('as CSV')) return undefined;
    posted += 1;
    const headers = { 'retry-after': '1' };
    return posted % 2 === 0
      ? ({ kind: 'refuse', status: 429, code: 'ratelimited', headers } as const)
      : undefined;
  };
}
