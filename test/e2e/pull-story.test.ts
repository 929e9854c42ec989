// `keyrotate pull` as an owner runs it: the one file that is handed out, with a home folder of their own, against the sandbox's
// Secrets Manager and STS.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keysOf } from '../sandbox/play/play.ts';
import { READER_ROLE } from '../sandbox/sandbox.ts';
import { ANAS, begin, type Story } from './story.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const USER = 'ci-deploy';

let workshop: string;
let story: Story;
let home: string;
let file: string;
/** As the card tells it, behind `keyrotate pull`. */
let told: string[];

beforeAll(() => {
  workshop = mkdtempSync(join(tmpdir(), 'keyrotate-pull-'));
  execFileSync('npm', ['run', '--silent', 'build:pull', '--', '--log-level=error'], { cwd: ROOT });
  copyFileSync(join(ROOT, '.build/keyrotate.cjs'), join(workshop, 'keyrotate.cjs'));
});
afterAll(() => rmSync(workshop, { recursive: true }));

beforeEach(async () => {
  const users = [{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }];
  story = await begin(users, { params: { PULL_COMMAND: 'keyrotate pull' } });
  const { ana } = story.people;
  await story.presses(ana, USER, 'Create new key');
  const [, command = ''] =
    /keyrotate pull (--region .*?--version-id [0-9a-f-]{36})/s.exec(story.reads(ana, USER)) ?? [];
  told = command.replace('YOUR_OLD_PROFILE', 'ci').split(/\s+/);
  home = mkdtempSync(join(workshop, 'home-'));
  mkdirSync(join(home, '.aws'), { mode: 0o700 });
  file = join(home, '.aws/credentials');
  writeFileSync(file, credentials(oldKey()), { mode: 0o600 });
});
afterEach(() => story.end());

const oldKey = () => keyAt(0);
const newKey = () => keyAt(1);

function keyAt(nth: number): { id: string; secret: string } {
  const key = keysOf(story.sandbox, USER)[nth];
  if (!key) throw new Error('there is no such key');
  return key;
}

function credentials({ id, secret }: { id: string; secret: string }): string {
  return `# of Ana\r\n[default]\r\naws_access_key_id = AKIADEFAULT000000000\r\naws_secret_access_key = x\r\n\r\n[ci] ; the robot\r\naws_access_key_id=${id}\r\naws_secret_access_key=${secret} # do not commit\r\nregion = eu-central-1\r\n[last]\r\nregion = x`;
}

/** What a session's profile looks like in ~/.aws/credentials. */
function session(profile: string, role: string): string {
  const { accessKeyId, secretAccessKey, sessionToken } = story.sandbox.aws.iam.session(role, 'somebody');
  return `[${profile}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\naws_session_token=${sessionToken}\n`;
}

interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** The sandbox's time is the command's, too. Nothing of the shell around the tests reaches it. */
async function pull(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const { aws, clock } = story.sandbox;
  const ahead = clock.now() - Date.now();
  const child = spawn(process.execPath, [join(workshop, 'keyrotate.cjs'), ...args], {
    cwd: home,
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${ahead};`)}`,
      ...{ HOME: home, USERPROFILE: home, AWS_ENDPOINT_URL: aws.wire.url },
      ...env,
    },
  });
  const ran = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      ran[name] += chunk;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect(ran.stderr).not.toContain(newKey().secret);
  expect(ran.stderr).not.toContain(oldKey().secret);
  return { ...ran, exitCode };
}

const pulls = (...more: string[]) => pull(['pull', ...told, ...more]);
const read = () => readFileSync(file, 'utf8');
const ending = ({ id }: { id: string }) => `…${id.slice(-4)}`;
/** Whose each call to STS was, newest last. */
const identified = () =>
  story.sandbox.aws.wire.calls
    .filter(({ action }) => action === 'GetCallerIdentity')
    .map(({ caller }) => caller);

describe('with the old key’s profile, as the card says', () => {
  it('the new key is fetched, tried as itself, and written where the old one stood; all else stays', async () => {
    const { stdout, stderr, exitCode } = await pulls();
    expect(stderr.split('\n')).toEqual([
      `Fetched the new key ${ending(newKey())} of ci-deploy, which replaces ${ending(oldKey())}.`,
      'Tried it: AWS knows it as arn:aws:iam::111122223333:user/ci-deploy.',
      `Wrote it into profile ci of ${file}.`,
      `What stood there before is in ${file}.keyrotate-before: delete that once all works.`,
      '',
    ]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(read()).toBe(credentials(newKey()));
    expect(readFileSync(`${file}.keyrotate-before`, 'utf8')).toBe(credentials(oldKey()));
    expect(identified()).toEqual(['arn:aws:iam::111122223333:user/ci-deploy']);
    expect(keysOf(story.sandbox, USER)[1]?.lastUsed?.service).toBe('sts');
  });

  it('a second time nothing is written, and the new key has fetched itself', async () => {
    await pulls();
    const again = await pulls();
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has it already.') });
    expect(read()).toBe(credentials(newKey()));
    expect(readFileSync(`${file}.keyrotate-before`, 'utf8')).toBe(credentials(oldKey()));
  });

  it('a dry run says what would be written, changes nothing, and leaves the new key unused', async () => {
    const { stderr, exitCode } = await pulls('--dry-run');
    expect(stderr).toContain(
      `Would write it into profile ci of ${file}, once AWS knows it. Nothing was changed`,
    );
    expect(exitCode).toBe(0);
    expect(read()).toBe(credentials(oldKey()));
    expect(readdirSync(join(home, '.aws'))).toEqual(['credentials']);
    expect(identified()).toEqual([]);
  });

  it('what was tried is no use of the key on the card, which waits for one', async () => {
    await pulls();
    await story.looksTwice();
    expect(story.reads(story.people.ana, USER)).toMatch(/New key used: not yet, tested .* sts/);
  });

  it('AWS may take its time to know the key', async () => {
    const { console } = story.sandbox.aws.iam;
    const id = newKey().id;
    console.setKeyStatus(USER, id, 'Inactive');
    const running = pulls();
    while (!story.sandbox.aws.wire.calls.some(({ action }) => action === 'GetCallerIdentity'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    console.setKeyStatus(USER, id, 'Active');
    expect((await running).exitCode).toBe(0);
    expect(identified()).toEqual([undefined, 'arn:aws:iam::111122223333:user/ci-deploy']);
    expect(read()).toBe(credentials(newKey()));
  });
});

describe('with another profile that may read it', () => {
  it('somebody fetches whose key is off already', async () => {
    writeFileSync(file, `${session('reader', READER_ROLE)}${credentials(oldKey())}`);
    story.sandbox.aws.iam.console.setKeyStatus(USER, oldKey().id, 'Inactive');
    expect(await pulls()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/AWS knows no such credentials as profile ci has/),
    });
    expect((await pulls('--from', 'reader')).exitCode).toBe(0);
    expect(read()).toContain(credentials(newKey()));
  });

  it('a pipeline gets two lines for its environment, with the credentials that it has', async () => {
    rmSync(join(home, '.aws'), { recursive: true });
    const { id, secret } = oldKey();
    const place = told.filter((_, nth) => told[nth] !== '--profile' && told[nth - 1] !== '--profile');
    const own = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
    expect(await pull(['pull', ...place, '--print', 'env'], own)).toMatchObject({
      stdout: `AWS_ACCESS_KEY_ID=${newKey().id}\nAWS_SECRET_ACCESS_KEY=${newKey().secret}\n`,
      exitCode: 0,
    });
    expect(existsSync(join(home, '.aws'))).toBe(false);
  });

  it('a profile is to fetch it at each use, and nothing secret is printed', async () => {
    writeFileSync(file, `${session('reader', READER_ROLE)}${credentials(oldKey())}`);
    const { stdout, exitCode } = await pulls('--print', 'process', '--from', 'reader');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^\[profile ci\]\ncredential_process = aws secretsmanager get-secret-value --region eu-central-1 --profile reader --secret-id \/iam\/keys\/\S+ --version-id \S+ --query SecretString --output text\n$/,
    );
    expect(stdout).not.toContain(newKey().secret);
  });
});

describe('nothing is changed, and it says why', () => {
  const refused = async (exitCode: number, words: RegExp | string, ...more: string[]) => {
    const before = existsSync(file) ? read() : undefined;
    const ran = await pulls(...more);
    expect(ran.stderr).toMatch(words);
    expect(ran).toMatchObject({ exitCode, stdout: '' });
    expect(existsSync(file) ? read() : undefined).toBe(before);
    expect(readdirSync(join(home, '.aws')).filter((name) => name.includes('keyrotate-new'))).toEqual([]);
  };

  it('where the profile is not there, has another key, or is written as in the other file, without a call to AWS', async () => {
    const before = story.sandbox.aws.wire.calls.length;
    await refused(
      5,
      /There is no profile other, of those in this file \(default, ci, last\)/,
      '--profile',
      'other',
    );
    await refused(5, /There is no profile YOUR_OLD_PROFILE/, '--profile', 'YOUR_OLD_PROFILE');
    writeFileSync(file, `[profile ci]\naws_access_key_id = x\n`);
    await refused(5, /Line 1 says \[profile ci\].* Write \[ci\]\./);
    chmodSync(join(home, '.aws'), 0o700);
    writeFileSync(
      join(home, '.aws/config'),
      `[profile ci]\naws_access_key_id = x\naws_secret_access_key = y\n`,
    );
    writeFileSync(file, '');
    await refused(5, /Profile ci has its key in .*\.aws\/config: move the two lines to/);
    expect(story.sandbox.aws.wire.calls).toHaveLength(before);
  });

  it('where the profile has another key than the old one', async () => {
    writeFileSync(file, credentials(oldKey()).replace('AKIADEFAULT000000000', 'AKIADEFAULT00000WXYZ'));
    await refused(
      5,
      /Profile default has the key …WXYZ, and the new key replaces …\w{4}: .* \(ci\)/,
      '--profile',
      'default',
      '--from',
      'ci',
    );
  });

  it('where the file is read-only, or its link leads nowhere', async () => {
    chmodSync(file, 0o400);
    const before = story.sandbox.aws.wire.calls.length;
    await refused(5, 'is read-only: if you may change it, make it writable');
    rmSync(file);
    symlinkSync('nowhere', file);
    await refused(5, 'is a link to what is not there: mend the link');
    expect(story.sandbox.aws.wire.calls).toHaveLength(before);
  });

  it('where somebody else reads, the secret is not there, or no credentials are', async () => {
    writeFileSync(file, `${session('somebody', 'administrator')}${credentials(oldKey())}`);
    await refused(3, /AWS lets profile somebody not read that secret/, '--from', 'somebody');
    await refused(3, /There is no such secret, or no such version of it/, '--version-id', '0'.repeat(32));
    await refused(3, /Profile last gives no credentials/, '--from', 'last');
    const own = { AWS_ACCESS_KEY_ID: oldKey().id, AWS_SECRET_ACCESS_KEY: oldKey().secret };
    expect(await pull(['pull', ...told, '--from', 'last'], own)).toMatchObject({ exitCode: 3 });
  });

  it('where the new key does not work', async () => {
    story.sandbox.aws.iam.console.setKeyStatus(USER, newKey().id, 'Inactive');
    await refused(4, /AWS does not know the new key …\w{4} after 0 seconds/, '--wait', '0');
  });

  it('where the secret holds something else than a new key of this account', async () => {
    const [secret] = [...story.sandbox.aws.secrets.state.secrets.values()].filter(({ name }) =>
      name.includes(USER),
    );
    const version = [...(secret?.versions.values() ?? [])].find(({ value }) => value.includes(newKey().id));
    if (!version) throw new Error('there is no such version');
    version.value = version.value.replace(newKey().secret, `${newKey().secret.slice(0, -2)}\\n[`);
    await refused(3, /What lies there is no new key of keyrotate’s/);
    version.value = version.value.replace('111122223333', '999999999999');
    await refused(3, /What lies there is no new key of keyrotate’s/);
  });

  it('where AWS does not answer', async () => {
    const run = await pull(['pull', ...told], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_MAX_ATTEMPTS: '1',
    });
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(run.stderr).toMatch(
      /Secrets Manager did not answer as it should \(.*\): run this again\. Nothing was changed\./,
    );
  });

  it('where it is typed wrongly', async () => {
    await refused(2, '--show-secret is for --print env only', '--show-secret');
    await refused(2, "Unknown option '--verbose'", '--verbose');
    await refused(
      2,
      'must be the secret’s path, not its ARN',
      '--secret-id',
      'arn:aws:secretsmanager:x:1:secret:y',
    );
    await refused(2, '--print process takes --from', '--print', 'process');
    expect(await pull(['push'])).toMatchObject({ exitCode: 2 });
    expect(await pull([])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Usage: keyrotate pull'),
    });
  });
});

describe('where there is no such file or profile yet, and somebody says so', () => {
  it('both are made', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = {
      AWS_ACCESS_KEY_ID: oldKey().id,
      AWS_SECRET_ACCESS_KEY: oldKey().secret,
    };
    rmSync(join(home, '.aws'), { recursive: true });
    const place = told.filter((_, nth) => told[nth] !== '--profile' && told[nth - 1] !== '--profile');
    const run = await pull(['pull', ...place, '--anyway'], { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`Wrote it into profile default of ${file}.`),
    });
    expect(read()).toBe(
      `[default]\naws_access_key_id = ${newKey().id}\naws_secret_access_key = ${newKey().secret}\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('behind a link, the file that it leads to is written', async () => {
    renameSync(file, join(home, 'dotfile'));
    symlinkSync('../dotfile', file);
    expect((await pulls()).exitCode).toBe(0);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(read()).toBe(credentials(newKey()));
  });
});
