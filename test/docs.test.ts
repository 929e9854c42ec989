// The pages for people: their links lead somewhere, and each danger is named with the test that shows it away.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { titleOf } from '../src/adapters/slack/wording/health/health-text.ts';
import { CHECKS, OPERATOR_CHECKS } from '../src/usecases/health/findings.ts';
import { readAlarms } from './sandbox/deployment/serverless-file.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const DANGERS = 28;

const pages = ['.', 'docs', 'test/sandbox'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isDead(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !anchorsOf(target).includes(anchor);
}

it.each(pages)('every link of %s within the project leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(own.filter((link) => isDead(page, link))).toEqual([]);
});

it('the index of docs/DECISIONS.md is one table, in which each topic stands once and each entry at least once', () => {
  const [head = '', ...sections] = read('docs/DECISIONS.md').split(/^## /m);
  const topics = [...head.matchAll(/^\| (.+) \| ([\d, ]+) \|$/gm)];
  const names = topics.map(([, name]) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(head.match(/^\|(?:.*\n\|)*.*/gm)).toHaveLength(1);

  const listed = topics.flatMap(([, , numbers = '']) => numbers.split(', ').map(Number));
  const entries = [...sections.join('').matchAll(/^\*\*(\d+)\. /gm)].map(([, number]) => Number(number));
  expect(new Set(listed)).toEqual(new Set(entries));
});

it.each(['README.md', 'SECURITY.md', 'docs/RUNBOOK.md'])(
  'no command that operators copy from %s has a comment, which zsh takes for more words',
  (page) => {
    const blocks = read(page)
      .split(/^ *```.*$/m)
      .filter((_, nth) => nth % 2 === 1);
    expect(blocks.join('').match(/^.*(?<!\S)#.*$/gm)).toBeNull();
  },
);

describe('docs/RUNBOOK.md', () => {
  const [, alarmPart = ''] = /\n## Alarms\n([\s\S]*?)(?=\n## |$)/.exec(read('docs/RUNBOOK.md')) ?? [];
  const entries = [...alarmPart.matchAll(/^### (.*)\n\n(.*)$/gm)];
  const telling = readAlarms().filter(({ AlarmDescription }) => AlarmDescription !== undefined);

  it('has an entry for each alarm that tells somebody, and no other, in the template’s order', () => {
    expect(entries.map(([, name]) => name)).toEqual(telling.map(({ name }) => name));
  });

  it('quotes only events that the log knows', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join('src', file)))
      .join();
    const quoted = [...alarmPart.matchAll(/[`"]((?:admins|job|press|slack|sweep)\.[a-zA-Z]+)[`"]/g)];
    const events = new Set(quoted.map(([, event]) => event));
    expect(events.size).toBeGreaterThan(5);
    expect([...events].filter((event) => !sources.includes(`'${event}'`))).toEqual([]);
  });

  it('has an entry for each line of the checks, and no other', () => {
    const [, checks = ''] = /\n## Checks\n([\s\S]*?)(?=\n## |$)/.exec(read('docs/RUNBOOK.md')) ?? [];
    const titles = [...checks.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(titles.toSorted()).toEqual([...CHECKS, ...OPERATOR_CHECKS].map(titleOf).toSorted());
  });

  it.each(telling)('is named by $name, which says in one sentence what is wrong', ({ AlarmDescription }) => {
    expect(AlarmDescription).toMatch(/^[A-Z][^.]* \(docs\/RUNBOOK\.md\)\.$/);
  });
});

describe('docs/RELIABILITY.md', () => {
  const rows = [
    ...read('docs/RELIABILITY.md').matchAll(/^\| (\d+) \| \[(.+?)\]\(\.\.\/(.+?\.test\.ts)\) \| \S/gm),
  ].map(([, number = '', words = '', file = '']) => ({ number: Number(number), words, file }));

  it('names every danger, once and in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: DANGERS }, (_, nth) => nth + 1));
  });

  it.each(rows)('danger $number is the title of a test: $words', ({ number, words, file }) => {
    expect(read(file)).toContain(`describe('danger ${number}: ${words}', `);
  });
});
