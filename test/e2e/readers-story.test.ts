// Who may read new keys besides their IAM user: a role that does not exist stops nobody, and a change reaches what is stored.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { renameUser } from '../sandbox/play/console.ts';
import { itemsAt, putItem } from '../sandbox/play/items.ts';
import { readSecret, secretPath } from '../sandbox/play/outcome.ts';
import { passDays, passTime, run } from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import { READER_ROLE, type Sandbox } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { sharedSandbox } from '../sandbox/shared.ts';
import { ANAS, beginIn, type Story } from './story.ts';

const [ONE, TWO] = ['ci-deploy', 'ci-nightly'];
const MAY_READ = [{ Effect: 'Allow' as const, Action: 'secretsmanager:GetSecretValue', Resource: '*' }];

let sandbox: Sandbox;
let story: Story;

beforeEach(async () => {
  sandbox = await sharedSandbox({ seed: 'nobody' });
});

afterEach(() => sandbox.close());

const arnOf = (role: string) => `arn:aws:iam::${sandbox.organisation.account}:role/${role}`;
const BENS = { 'keyrotate:owner': 'ben@example.com' };
const keys = [{ age: 83, usedHoursAgo: 30 }];
const users = [
  { name: ONE, tags: ANAS, keys },
  { name: TWO, tags: BENS, keys },
];

/** The same deployment, with other readers. */
async function deployFor(...roles: string[]): Promise<void> {
  // Which takes as long as AWS takes to list a secret that is new.
  sandbox.clock.advance(6 * MINUTE);
  sandbox = await redeployed(sandbox, 'live', 'follow', { SECRET_READERS: roles.map(arnOf).join(',') });
  story = { ...story, sandbox };
}

async function begin(...roles: string[]): Promise<void> {
  sandbox = await redeployed(sandbox, 'live', 'follow', { SECRET_READERS: roles.map(arnOf).join(',') });
  story = await beginIn(sandbox, users);
}

/** `written`: under which name the secret lies, where that is another. */
async function reads(role: string, userName: string, written?: string): Promise<boolean> {
  const session = sandbox.aws.iam.session(role, 'somebody');
  return 'value' in (await readSecret(sandbox, session, secretPath(sandbox, userName, written)));
}

/** Ana's key is replaced, and the old one deleted. */
async function rotates(userName: string): Promise<void> {
  const { people, presses, keyIds, uses } = story;
  await presses(people.ana, userName, 'Create new key');
  await uses(keyIds(userName).at(-1) ?? '');
  await passDays(sandbox, 2);
  for (const button of ['I replaced it everywhere', 'Turn off the old key'])
    await presses(people.ana, userName, button);
  await passTime(sandbox, 8 * DAY);
  await presses(people.ana, userName, 'Delete for good');
  await passDays(sandbox, 1);
}

const posts = () =>
  story
    .adminPosts()
    .map(plainText)
    .filter((text) => text.includes('SECRET_READERS'));
const policiesWritten = () =>
  sandbox.aws.wire.calls.filter(({ action }) => action === 'PutResourcePolicy').length;

describe('a reader that does not exist', () => {
  beforeEach(() => begin(READER_ROLE, 'misspelt'));

  it('stops no key, is let in nowhere, and is told to the admins by name, once', async () => {
    const { people, keyIds, presses } = story;
    await presses(people.ana, ONE, 'Create new key');
    expect(keyIds(ONE)).toHaveLength(2);
    expect(await reads(READER_ROLE, ONE)).toBe(true);
    expect(await reads('administrator', ONE)).toBe(false);
    await run(sandbox, 'check');
    expect(posts()).toEqual([expect.stringContaining(arnOf('misspelt'))]);
    expect(posts().join()).not.toContain(READER_ROLE);

    await presses(people.ben, TWO, 'Create new key');
    expect(keyIds(TWO)).toHaveLength(2);
    await run(sandbox, 'check');
    expect(posts()).toHaveLength(1);
  });

  it('reads from the night on after it was made', async () => {
    await story.presses(story.people.ana, ONE, 'Create new key');
    await passDays(sandbox, 1);
    sandbox.aws.iam.addRole('misspelt', MAY_READ);
    expect(await reads('misspelt', ONE)).toBe(false);
    await run(sandbox, 'sweep');
    expect(await reads('misspelt', ONE)).toBe(true);
  });
});

describe('readers that were changed', () => {
  beforeEach(async () => {
    await begin(READER_ROLE);
    sandbox.aws.iam.addRole('support', MAY_READ);
  });

  it('reach the secret of a rotation that is under way with the next sweep, in one call', async () => {
    await story.presses(story.people.ana, ONE, 'Create new key');
    await deployFor('support');
    const before = policiesWritten();
    await run(sandbox, 'sweep');
    expect(await reads('support', ONE)).toBe(true);
    expect(await reads(READER_ROLE, ONE)).toBe(false);
    await run(sandbox, 'sweep');
    expect(policiesWritten() - before).toBe(1);
  });

  it('reach the secret of a rotation that is over', async () => {
    await rotates(ONE);
    await deployFor('support');
    await run(sandbox, 'sweep');
    expect(await reads('support', ONE)).toBe(true);
    expect(await reads(READER_ROLE, ONE)).toBe(false);
  });

  it.each([
    ['under way', () => story.presses(story.people.ana, ONE, 'Create new key')],
    ['over', () => rotates(ONE)],
  ])('reach the secret of an IAM user that was renamed, whose rotation is %s', async (_, begun) => {
    await begun();
    renameUser(sandbox, ONE, 'deployer');
    await passDays(sandbox, 1);
    expect(await reads(READER_ROLE, 'deployer', ONE)).toBe(true);
    await deployFor('support');
    await run(sandbox, 'sweep');
    expect(await reads('support', 'deployer', ONE)).toBe(true);
    expect(await reads(READER_ROLE, 'deployer', ONE)).toBe(false);
  });

  it('reach all secrets of an IAM user that got keys under two names', async () => {
    await rotates(ONE);
    renameUser(sandbox, ONE, 'deployer');
    sandbox.clock.advance(82 * DAY);
    await passDays(sandbox, 1);
    await story.presses(story.people.ana, 'deployer', 'Create new key');
    await deployFor('support');
    await run(sandbox, 'sweep');
    for (const written of [ONE, 'deployer']) {
      expect(await reads('support', 'deployer', written)).toBe(true);
      expect(await reads(READER_ROLE, 'deployer', written)).toBe(false);
    }
  });

  it('reach the secret of a rotation that ended before it was on record where secrets are', async () => {
    await rotates(ONE);
    const pk = `USER#${sandbox.organisation.account}#${ONE}`;
    const [current = {}] = (await itemsAt(sandbox, pk)).filter(({ sk }) => sk === 'CURRENT');
    const { listedIn: _, secretReaders: __, ...before } = current;
    await putItem(sandbox, before);
    const secret = sandbox.aws.secrets.state.secrets.get(secretPath(sandbox, ONE));
    secret?.tags.delete('keyrotate:readers');

    await deployFor('support');
    await run(sandbox, 'sweep');
    expect(await reads('support', ONE)).toBe(true);
    expect(await reads(READER_ROLE, ONE)).toBe(false);
  });
});

describe('a reader', () => {
  beforeEach(() => begin(READER_ROLE));

  it('that was deleted and made anew under its ARN reads again within eight days', async () => {
    await story.presses(story.people.ana, ONE, 'Create new key');
    sandbox.aws.iam.state.roles.delete(READER_ROLE);
    // With no policy of its own it reads what the secret's policy lets it read.
    sandbox.aws.iam.addRole(READER_ROLE, []);
    expect(await reads(READER_ROLE, ONE)).toBe(false);
    await passDays(sandbox, 8);
    expect(await reads(READER_ROLE, ONE)).toBe(true);
  });

  it('that two containers with different settings wrote of at once is in line within eight days', async () => {
    await story.presses(story.people.ana, ONE, 'Create new key');
    const secret = sandbox.aws.secrets.state.secrets.get(secretPath(sandbox, ONE));
    const ofBefore = secret?.policy;
    sandbox.aws.iam.addRole('support', MAY_READ);
    await deployFor('support');
    await run(sandbox, 'sweep');
    // What a container of before wrote after the new one wrote its own, and before that noted it.
    Object.assign(secret ?? {}, { policy: ofBefore });
    await passDays(sandbox, 8);
    expect(await reads('support', ONE)).toBe(true);
    expect(await reads(READER_ROLE, ONE)).toBe(false);
  });

  it('that is gone is told to the admins at the next check, each day, and so is that it is back', async () => {
    await run(sandbox, 'check');
    expect(posts()).toEqual([]);
    sandbox.aws.iam.state.roles.delete(READER_ROLE);
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(posts()).toEqual([expect.stringContaining(arnOf(READER_ROLE))]);
    sandbox.aws.iam.addRole(READER_ROLE, MAY_READ);
    sandbox.clock.advance(5 * MINUTE);
    await run(sandbox, 'check');
    expect(story.adminPosts().map(plainText).at(-1)).toMatch(/^All is well with keyrotate again\./);
  });
});

it('in preview nothing is changed for whoever may read', async () => {
  await begin(READER_ROLE);
  sandbox.aws.iam.addRole('support', MAY_READ);
  await story.presses(story.people.ana, ONE, 'Create new key');
  sandbox = await redeployed(sandbox, 'preview', 'follow', { SECRET_READERS: arnOf('support') });
  await run(sandbox, 'sweep');
  expect(await reads(READER_ROLE, ONE)).toBe(true);
  expect(await reads('support', ONE)).toBe(false);
});
