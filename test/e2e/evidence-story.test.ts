// What AWS says about a key's use decides whether a press is asked about again; what it does not say is never "unused".
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import { seedIam } from '../sandbox/organisation.ts';
import { formAnswers } from '../sandbox/play/form-answers.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import {
  alteredPress,
  applicationUses,
  buttons,
  deliver,
  keysOf,
  liveCard,
  openModal,
  passDays,
  passTime,
  press,
  pressOnly,
  recordOf,
  run,
  submit,
  write,
} from '../sandbox/play/play.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { addMember } from '../sandbox/servers/slack/workspace.ts';
import { A_MONDAY, begin, type Story } from './story.ts';

const MENU = ['I need more time', 'Not mine', 'History'];
const WHEN_QUIET = 'Turn it off when quiet';
const TURN_OFF = 'Turn off the old key';
const RETIRE = "I don't need this key";

/** One for each test, each with an owner of its own: they share a sandbox, and its first sweep. */
const USERS = Array.from({ length: 24 }, (_, nth) => `app-${String(nth).padStart(3, '0')}`);

let sandbox: Sandbox;
let owners: Map<string, string>;
let owner: string;
let user: string;
let oldKey: string;
let unused: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'nobody' });
  unused = [...USERS];
  owners = new Map(USERS.map((name) => [name, addMember(sandbox.slack.workspace, { name }).id]));
  const seeded = USERS.map((name) => ({
    name,
    tags: { 'keyrotate:owner': owners.get(name) ?? '' },
    keys: [{ age: 83 }],
  }));
  seedIam(sandbox.aws.iam, sandbox.clock, seeded, sandbox.organisation.region);
  await run(sandbox, 'sweep');
});

afterEach(() => sandbox.aws.wire.interfere(undefined));
afterAll(() => sandbox.close());

/** The next IAM user, whose key was last used so long ago; never, when that is left out. */
function givenKey({ usedHoursAgo, service = 's3' }: { usedHoursAgo?: number; service?: string }): void {
  user = unused.shift() ?? '';
  owner = owners.get(user) ?? '';
  const [key] = keysOf(sandbox, user);
  if (!key) throw new Error('the tests have run out of IAM users');
  oldKey = key.id;
  const at = sandbox.clock.now() - (usedHoursAgo ?? 0) * HOUR;
  if (usedHoursAgo !== undefined) key.lastUsed = { at, service, region: sandbox.organisation.region };
}

const presses = (button: string) => press(sandbox, owner, liveCard(sandbox, owner, user), button);
const shown = () => plainText(liveCard(sandbox, owner, user));
const offered = () => buttons(liveCard(sandbox, owner, user));
const oldKeyStatus = () => keysOf(sandbox, user).find(({ id }) => id === oldKey)?.status;
const newKey = () => keysOf(sandbox, user).find(({ id }) => id !== oldKey)?.id ?? '';

/** Up to "turn off", with the new key at work. */
async function givenMigrated(): Promise<void> {
  await presses('Create new key');
  await applicationUses(sandbox, newKey(), 's3');
  await presses('I replaced it everywhere');
}

/** AWS will not say when a key was used; only the one with this id, when given. */
function silence(keyId?: string): void {
  sandbox.aws.wire.interfere(({ action, input }) =>
    action === 'GetAccessKeyLastUsed' && (keyId === undefined || input.AccessKeyId === keyId)
      ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
      : undefined,
  );
}

describe('saying that the new key is in place', () => {
  const REPLACED = 'I replaced it everywhere';
  const where = { 'Where did you replace it?': 'On web-1' };
  const says = () => press(sandbox, owner, liveCard(sandbox, owner, user), REPLACED, where);
  const moreTime = () =>
    formAnswers(new Date(sandbox.clock.now() + 3 * DAY).toISOString().slice(0, 10)).postpone.written;
  const record = async () => (await recordOf(sandbox, user)).current;

  beforeEach(async () => {
    givenKey({ usedHoursAgo: 40, service: 's3' });
    await presses('Create new key');
  });

  it('is met at that press with what AWS shows, where nobody has fetched it or used it', async () => {
    await pressOnly(sandbox, owner, liveCard(sandbox, owner, user), REPLACED);
    const form = openModal(sandbox, owner);
    expect(form && plainText({ text: '', ...form.view })).toMatch(
      /^\W*When I last asked AWS, nobody had fetched the new key/,
    );
    expect((await record())?.rotation?.stage).toBe('issued');
  });

  it('counts all the same for whoever says so under those words, and is not asked about again', async () => {
    await says();
    expect(await record()).toMatchObject({ rotation: { stage: 'confirmed' }, usedAt: { text: 'On web-1' } });
    expect(offered()).toEqual([TURN_OFF, WHEN_QUIET, 'Not yet, go back', ...MENU]);
  });

  it('is asked about where the form did not say so, and counts for whoever says so again', async () => {
    const click = sandbox.slack.people.click({
      user: owner,
      message: liveCard(sandbox, owner, user),
      button: REPLACED,
    });
    await deliver(
      sandbox,
      alteredPress(sandbox, click, (payload) => {
        // As an earlier version drew it.
        for (const action of payload.actions) action.action_id = 'move:confirmMigration';
      }),
    );
    await submit(sandbox, owner, where);
    expect((await record())?.rotation?.stage).toBe('issued');
    expect(shown()).toContain('has not been used yet');
    expect(shown()).toContain('Nobody has fetched its secret either, as far as AWS shows');
    expect(offered()).toEqual([REPLACED, 'It is in place, go on', 'Discard new key', ...MENU]);
    await presses('It is in place, go on');
    expect(await record()).toMatchObject({ rotation: { stage: 'confirmed' }, usedAt: { text: 'On web-1' } });
  });

  it('is taken at its word once the secret was fetched, a minute before as well', async () => {
    await readSecret(sandbox, credentialsOf(sandbox, user, oldKey), secretPath(sandbox, user));
    await says();
    expect((await record())?.rotation?.stage).toBe('confirmed');
    expect(shown()).toContain('Secret fetched: yes');
  });

  it.each([
    ['any move', () => press(sandbox, owner, liveCard(sandbox, owner, user), 'I need more time', moreTime())],
    ['the command', () => write(sandbox, owner, `rotate ${user}`)],
  ])('the card says that it was fetched from the next press on: %s', async (_, presses) => {
    await readSecret(sandbox, credentialsOf(sandbox, user, oldKey), secretPath(sandbox, user));
    expect(shown()).toContain('Secret fetched: not yet');
    await presses();
    expect(shown()).toContain('Secret fetched: yes');
  });
});

describe('turning off a key that is busy', () => {
  beforeEach(async () => {
    givenKey({ usedHoursAgo: 2, service: 's3' });
    await givenMigrated();
  });

  it('changes nothing at first, and says what would break', async () => {
    await presses(TURN_OFF);
    expect(oldKeyStatus()).toBe('Active');
    expect(shown()).toMatch(/Not turned off yet: …\w+ of \S+ is still used/);
    expect(shown()).toContain('s3');
    expect(offered()).toEqual([WHEN_QUIET, 'Check again', 'Turn off anyway', 'Not yet, go back', ...MENU]);
    expect((await recordOf(sandbox, user)).current?.rotation?.stage).toBe('confirmed');
  });

  it('does it for whoever insists, and records on what evidence', async () => {
    await presses(TURN_OFF);
    await presses('Turn off anyway');
    expect(oldKeyStatus()).toBe('Inactive');
    const entry = (await recordOf(sandbox, user)).current?.rotation?.history.at(-1);
    expect(entry).toMatchObject({ what: 'deactivate', outcome: 'done', by: { slackId: owner } });
    const old = entry?.evidence.find(({ id }) => id === oldKey);
    expect(old?.lastUse).toMatchObject({ seen: 'used', service: 's3' });
  });

  it('asks again when another service has turned up since the question', async () => {
    await presses(TURN_OFF);
    sandbox.clock.advance(20 * MINUTE);
    await applicationUses(sandbox, oldKey, 'sqs');
    await presses('Turn off anyway');
    expect(oldKeyStatus()).toBe('Active');
    expect(shown()).toContain('sqs');
    await presses('Turn off anyway');
    expect(oldKeyStatus()).toBe('Inactive');
  });

  it('only looks, at a press of "Check again"', async () => {
    await presses(TURN_OFF);
    sandbox.clock.advance(DAY);
    await presses('Check again');
    expect(oldKeyStatus()).toBe('Active');
    expect(offered()).toEqual([TURN_OFF, WHEN_QUIET, 'Not yet, go back', ...MENU]);
  });

  it('goes through without a question after a quiet day, and not an hour sooner', async () => {
    await passTime(sandbox, 21 * HOUR);
    await presses(TURN_OFF);
    expect(oldKeyStatus()).toBe('Active');
    await presses('Not yet, go back');
    await presses('I replaced it everywhere');
    await passTime(sandbox, HOUR + MINUTE);
    await presses(TURN_OFF);
    expect(oldKeyStatus()).toBe('Inactive');
  });
});

describe('fetching the new key with the old one', () => {
  it('counts as a use, and is told for what it probably is', async () => {
    givenKey({ usedHoursAgo: 40, service: 's3' });
    await presses('Create new key');
    sandbox.clock.advance(20 * MINUTE);
    const fetched = await readSecret(
      sandbox,
      credentialsOf(sandbox, user, oldKey),
      secretPath(sandbox, user),
    );
    expect(fetched).toHaveProperty('value');
    await applicationUses(sandbox, newKey(), 'sts');
    await presses('I replaced it everywhere');
    await presses(TURN_OFF);
    expect(oldKeyStatus()).toBe('Active');
    expect(shown()).toContain('probably you, fetching the new key');
    expect(shown()).toContain('New key used: not yet, tested');
  });
});

describe('a key that AWS says was never used', () => {
  beforeEach(() => givenKey({}));

  it('is told so, and is retired at the first press', async () => {
    expect(shown()).toContain('never used');
    await presses(RETIRE);
    expect(oldKeyStatus()).toBe('Inactive');
  });
});

describe('danger 9: a last use that cannot be looked up', () => {
  it('is a doubt about retiring, never silence', async () => {
    givenKey({});
    silence();
    await presses(RETIRE);
    expect(oldKeyStatus()).toBe('Active');
    expect(shown()).toContain('may be in use: AWS did not answer');
    expect(shown()).not.toContain('never used');
    // still no answer: asking again settles nothing
    await presses('Check again');
    expect(oldKeyStatus()).toBe('Active');
    expect(offered()).toContain('Turn off anyway');
  });

  it('goes away by itself once AWS answers', async () => {
    givenKey({});
    silence();
    await presses(RETIRE);
    sandbox.aws.wire.interfere(undefined);
    await presses('Check again');
    expect(oldKeyStatus()).toBe('Active');
    await presses(RETIRE);
    expect(oldKeyStatus()).toBe('Inactive');
  });

  it('can be overruled, and is on record as unknown', async () => {
    givenKey({});
    silence();
    await presses(RETIRE);
    await presses('Turn off anyway');
    expect(oldKeyStatus()).toBe('Inactive');
    const entry = (await recordOf(sandbox, user)).current?.rotation?.history.at(-1);
    expect(entry?.evidence).toMatchObject([{ id: oldKey, lastUse: { seen: 'unknown' } }]);
  });

  it('does not count as answered when what was shown was another doubt', async () => {
    givenKey({ usedHoursAgo: 2, service: 's3' });
    await presses(RETIRE);
    silence();
    await presses('Turn off anyway');
    expect(oldKeyStatus()).toBe('Active');
    expect(shown()).toContain('AWS did not answer');
  });

  it('is a doubt about turning off, for either key', async () => {
    givenKey({ usedHoursAgo: 40, service: 's3' });
    await givenMigrated();
    for (const [key, words] of [
      [oldKey, 'The old key'],
      [newKey(), 'The new key'],
    ] as const) {
      silence(key);
      await presses(TURN_OFF);
      expect(oldKeyStatus()).toBe('Active');
      expect(shown()).toMatch(new RegExp(`${words} …${key.slice(-4)} may be in use`));
      sandbox.aws.wire.interfere(undefined);
      await presses('Check again');
    }
  });

  it('is a doubt about discarding a new key', async () => {
    givenKey({ usedHoursAgo: 40, service: 's3' });
    await presses('Create new key');
    const id = newKey();
    silence(id);
    await presses('Discard new key');
    expect(newKey()).toBe(id);
    expect(offered()).toContain('Discard anyway');
  });
});

describe('a key that was watched for weeks, by the nightly reports alone', () => {
  const WEEKS = 3;
  let story: Story;
  const owners = () => ({
    weekly: story.people.ana,
    daily: story.people.ben,
    'weekly-due': story.people.chloe,
  });
  type Name = keyof ReturnType<typeof owners>;
  const reads = (name: Name) => story.reads(owners()[name], name);
  const oldKeyOf = (name: Name) => story.keyIds(name)[0] ?? '';

  beforeAll(async () => {
    const user = (name: string, owner: string, age: number) => ({
      name,
      tags: { 'keyrotate:owner': `${owner}@example.com` },
      keys: [{ age }],
    });
    // The last comes due, 14 days before its 90, on the day on which the others are rotated on request.
    const users = [user('weekly', 'ana', 9), user('daily', 'ben', 9), user('weekly-due', 'chloe', 54)];
    story = await begin(users, { start: A_MONDAY });
    for (let day = 0; day <= 7 * WEEKS; day += 1) {
      await story.uses(oldKeyOf('daily'));
      if (day % 7 === 0)
        for (const name of ['weekly', 'weekly-due'] as const) await story.uses(oldKeyOf(name));
      await passDays(story.sandbox, 1);
    }
    await story.types(story.people.ana, 'rotate');
    await story.types(story.people.ben, 'rotate');
  });
  afterAll(() => story.end());

  /** Up to "turn off", an hour after a whole day without any use. */
  async function migrated(name: Name): Promise<void> {
    const [owner, oldKeyId] = [owners()[name], oldKeyOf(name)];
    await story.presses(owner, name, 'Create new key');
    await story.uses(story.keyIds(name).find((id) => id !== oldKeyId) ?? '');
    await story.presses(owner, name, 'I replaced it everywhere');
    await passTime(story.sandbox, HOUR);
    await story.presses(owner, name, TURN_OFF);
  }

  it('was looked at by nobody until then', async () => {
    const nights = story.sandbox.aws.wire.calls.filter(({ action }) => action === 'GetCredentialReport');
    expect(nights.length).toBeGreaterThan(7 * WEEKS);
    const looks = story.sandbox.aws.wire.calls.filter(
      ({ action, input }) => action === 'GetUser' && input.UserName === 'weekly',
    );
    expect(Math.min(...looks.map(({ at }) => at))).toBeGreaterThan(story.sandbox.clock.now() - DAY);
  });

  it.each(['weekly', 'weekly-due'] as const)(
    'is asked about for two weeks where its job is: %s',
    async (name) => {
      const id = oldKeyOf(name);
      await migrated(name);
      expect(story.stateOf(name, id)).toBe('Active');
      expect(reads(name)).toMatch(/Not turned off yet: …\w+ of \S+ may still be used/);
      expect(reads(name)).toMatch(/was used Dec 7, 2026 at \d\d:\d\d UTC: s3/);
      expect(reads(name)).toContain(
        'Not every key of this user is used every day: one was once quiet for about 7 days, and then used again.',
      );
      expect(reads(name)).toMatch(/I do it on Dec 21, 2026 at \d\d:\d\d UTC if nothing uses it until then/);
    },
  );

  it('is turned off at the first press where it was used every day until it was replaced', async () => {
    const id = oldKeyOf('daily');
    await migrated('daily');
    expect(story.stateOf('daily', id)).toBe('Inactive');
  });

  it('is turned off when it has been quiet for as long as was asked', async () => {
    const id = oldKeyOf('weekly');
    await passTime(story.sandbox, 14 * DAY);
    await story.presses(story.people.ana, 'weekly', TURN_OFF);
    expect(story.stateOf('weekly', id)).toBe('Inactive');
  });
});
