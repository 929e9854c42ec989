// `npm run history`, as an auditor runs it who may read the table, and nothing else.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HISTORYS_ACTIONS } from '../../src/entry/history-export.ts';
import { removeKey } from '../sandbox/play/console.ts';
import { keysOf, passDays } from '../sandbox/play/play.ts';
import { ANAS, begin, type Story } from './story.ts';
import { typed } from './typed-command.ts';

let story: Story;

/** One rotation was begun and given up, then begun anew; another waits. */
beforeEach(async () => {
  story = await begin([
    { name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] },
    { name: 'etl', tags: { 'keyrotate:owner': 'ben@example.com' }, keys: [{ age: 100 }] },
  ]);
  const { sandbox, people } = story;
  await story.presses(people.ana, 'ci-deploy', 'Create new key');
  sandbox.aws.iam.addRole('auditor', [
    { Effect: 'Allow', Action: [...HISTORYS_ACTIONS], Resource: `arn:aws:dynamodb:*:*:table/${table()}` },
  ]);
  sandbox.aws.iam.addRole('nobody', []);
});
afterEach(() => story.end());

const table = () => story.sandbox.environment.TABLE_NAME ?? '';
const place = () => ['--table', table(), '--region', story.sandbox.organisation.region];
const history = (args: string[], role = 'auditor') =>
  typed(story.sandbox, 'src/entry/history-export.ts', args, role);

it('a line of CSV for each move tells who did what when, on what evidence, with the ids of AWS’s calls', async () => {
  const { stdout, stderr, exitCode } = await history(place());
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const [head = '', ...rows] = stdout.trimEnd().split('\r\n');
  expect(head).toMatch(/^account,IAM user,unique id,old key,new key,/);
  expect(rows.map((row) => row.split(',')[1]).sort()).toEqual(['ci-deploy', 'ci-deploy', 'etl']);
  const created = (await story.rotation('ci-deploy'))?.history.at(-1);
  const [row = ''] = rows.filter((one) => one.includes(',createKey,done,'));
  expect(row).toContain(`,${story.people.ana},owner,createKey,done,`);
  expect(row).toContain(created?.awsRequestIds.join(' '));
  expect(row).toMatch(/AKIA\w+ Active, created \d{4}-\d\d-\d\dT[\d:.]+Z, last used \S+Z s3 /);
});

it('whom the owner was named, and who it was before, stand in both', async () => {
  const { ana, ben, sam } = story.people;
  await story.types(sam, `assign ci-deploy <@${ben}>`);
  const { stdout } = await history(place());
  const [head = '', ...rows] = stdout.trimEnd().split('\r\n');
  expect(head).toMatch(/,owner,owner before$/);
  expect(rows.find((row) => row.includes(',assign,done,'))).toMatch(new RegExp(`,${ben},${ana}$`));
  const { stdout: json } = await history([...place(), '--user', 'ci-deploy', '--json']);
  expect(JSON.parse(json).history.at(-1)).toMatchObject({
    what: 'assign',
    owners: { before: ana, after: ben },
  });
});

it('says so where no IAM user has the name that was asked for', async () => {
  expect(await history([...place(), '--user', 'nosuch'])).toMatchObject({
    stdout: expect.stringMatching(/^account,[^\r]*\r\n$/),
    stderr: 'No rotation of an IAM user “nosuch” is on record.\n',
    exitCode: 0,
  });
  const later = ['--user', 'etl', '--since', '2999-01-01', '--json'];
  expect(await history([...place(), ...later])).toMatchObject({ stderr: '', exitCode: 0 });
});

it('a line of JSON for each rotation has its whole history, in times that people and programs read', async () => {
  const lines = (await history([...place(), '--json'])).stdout.trimEnd().split('\n');
  const [ci] = lines.map((line) => JSON.parse(line)).filter(({ userName }) => userName === 'ci-deploy');
  expect(ci).toMatchObject({ account: '111122223333', stage: 'issued', replacement: { kind: 'created' } });
  expect(ci.history.map(({ what }: { what: string }) => what)).toEqual(['open', 'createKey']);
  expect(new Date(ci.history[1].at).toISOString()).toBe(ci.history[1].at);
});

it('is narrowed to an IAM user, and to what was open on a day or later', async () => {
  expect((await history([...place(), '--user', 'etl'])).stdout).not.toContain('ci-deploy');
  const { sandbox } = story;
  const [old] = keysOf(sandbox, 'ci-deploy');
  removeKey(sandbox, 'ci-deploy', old?.id ?? '');
  await passDays(sandbox, 3);
  expect((await story.rotation('ci-deploy'))?.stage).toBe('resolved');
  const all = await history(place());
  expect(all.stdout).toContain('ci-deploy');
  const since = new Date(sandbox.clock.now() + 86_400_000).toISOString().slice(0, 10);
  const later = await history([...place(), '--since', since]);
  expect(later.stdout).not.toContain('ci-deploy');
  expect(later.stdout).toContain('etl');
});

describe('what goes wrong is told in a sentence', () => {
  it.each([
    [['--region', 'eu-central-1'], 2, '--table is missing'],
    [['--table', 'x'], 2, '--region is missing'],
    [['--table', 'x', '--region', 'eu-central-1', '--since', 'yesterday'], 2, '--since must be a day'],
    [['--all'], 2, '--all'],
  ])('%j', async (args, exitCode, words) => {
    const told = await history(args);
    expect(told).toMatchObject({ exitCode, stdout: '' });
    expect(told.stderr).toContain(words);
    expect(told.stderr).toContain('Usage: npm run --silent history');
  });

  it('where the credentials may not read it, and where there is no such table', async () => {
    expect(await history(place(), 'nobody')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('These AWS credentials may not call Scan on that table'),
    });
    const other = ['--table', 'keyrotate-other', '--region', 'eu-central-1'];
    expect((await history(other, 'administrator')).stderr).toContain('There is no such table');
  });
});
