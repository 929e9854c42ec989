// A second account, from the day it is added to the day it is removed: the hub assumes its roles, and its keys stay in it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { deployRoles, withRoles } from '../member-roles.ts';
import { HOUR, MINUTE } from '../sandbox/clock.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { inAccount, type MemberAccount } from '../sandbox/members.ts';
import { seedIam } from '../sandbox/organisation.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import {
  applicationUses,
  buttons,
  cards,
  command,
  keysOf,
  liveCard,
  passDays,
  passTime,
  press,
  recordOf,
  run,
  whispers,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

const MEMBER: MemberAccount = { account: '444455556666', name: 'payments', region: 'eu-west-1' };
const USER = 'ci-deploy';
const KEY = { age: 83, usedHoursAgo: 30, service: 's3' };

let story: Story;
let sandbox: Sandbox;
let there: Sandbox;
let ana: string;

async function start(roles: Mode = 'live', member: Partial<MemberAccount> = {}) {
  story = await begin([{ name: 'at-home', tags: ANAS, keys: [{ age: 10 }] }], {
    start: A_MONDAY,
    members: [withRoles({ ...MEMBER, ...member }, roles)],
  });
  sandbox = story.sandbox;
  there = inAccount(sandbox, MEMBER.account);
  ana = story.people.ana;
  seedIam(there.aws.iam, sandbox.clock, [{ name: USER, tags: ANAS, keys: [KEY] }], 'eu-west-1');
  await passDays(sandbox, 1);
}

describe('a member account', () => {
  beforeEach(() => start());
  afterEach(() => story.end());

  const presses = (button: string) => press(sandbox, ana, liveCard(sandbox, ana, USER), button);

  it('has a key replaced whole, and the secret lies in its own vault, where its own key reads it', async () => {
    const [old] = keysOf(there, USER);
    await presses('Create new key');
    const id = keysOf(there, USER).find((key) => key.id !== old?.id)?.id ?? '';
    const path = secretPath(there, USER);
    expect([...there.aws.secrets.state.secrets.keys()]).toEqual([path]);
    const secret = await readSecret(there, credentialsOf(there, USER, id), path);
    expect('value' in secret && JSON.parse(secret.value)).toMatchObject({ AccessKeyId: id });
    expect(await readSecret(sandbox, sandbox.aws.iam.session('administrator', 'x'), path)).toHaveProperty(
      'refused',
    );

    await applicationUses(there, id, 's3');
    await presses('I replaced it everywhere');
    await presses('Turn off the old key');
    await passDays(sandbox, 7);
    await presses('Delete for good');

    expect(keysOf(there, USER).map((key) => key.id)).toEqual([id]);
    expect((await recordOf(there, USER)).closed[0]).toMatchObject({ stage: 'deleted', oldKeyId: old?.id });
  });

  it('names its account and the region of its vault on the card', async () => {
    await presses('Create new key');
    const reads = plainText(liveCard(sandbox, ana, USER));
    expect(reads).toContain('payments');
    expect(reads).toContain(`--region eu-west-1`);
  });

  it('is answered beside all others: one word of its owner, or of an admin, is about every account', async () => {
    const { people, types } = story;
    const list = await types(ana, 'list');
    expect(list).toContain('at-home');
    expect(list).toContain(USER);
    await types(people.sam, `show ${USER}`);
    expect(plainText(liveCard(sandbox, people.sam, USER))).toContain('payments');
  });

  it('that lets keyrotate no more in holds up nobody, is told with the reason, and is found when it does again', async () => {
    seedIam(sandbox.aws.iam, sandbox.clock, [{ name: 'at-work', tags: ANAS, keys: [KEY] }], 'eu-central-1');
    deployRoles(there.aws.iam, 'none');
    await passDays(sandbox, 1);
    expect(buttons(liveCard(sandbox, ana, 'at-work'))).toContain('Create new key');
    const message = await summaryOf();
    expect(message).toContain('1 of 2 accounts checked');
    expect(message).toContain('payments (4444-5555-6666): AWS refused AssumeRole (AccessDenied)');
    await run(sandbox, 'check');
    const told = story
      .adminPosts()
      .map(plainText)
      .filter((text) => text.includes('I was not let into'));
    expect(told.at(-1)).toContain('payments (4444-5555-6666) (AssumeRole: AccessDenied)');
    // Nothing is left to be tried for hours, and nothing given up.
    expect(sandbox.queues.nextVisibleAt()).toBeUndefined();

    deployRoles(there.aws.iam, 'live');
    await passTime(sandbox, 3 * HOUR);
    await run(sandbox, 'check');
    expect(await summaryOf()).toContain('2 of 2 accounts checked');
  });

  it('that shuts keyrotate out tells so whoever presses, and nothing was changed; once it is open the press is done', async () => {
    deployRoles(there.aws.iam, 'none');
    // A session that a container still has ends with its role.
    await presses('Create new key');
    expect(keysOf(there, USER)).toHaveLength(1);
    expect(story.told(ana)).toContain('(InvalidClientTokenId), so nothing was changed');
    await passTime(sandbox, 20 * MINUTE);
    await presses('Create new key');
    expect(story.told(ana)).toContain('(AccessDenied), so nothing was changed');
    deployRoles(there.aws.iam, 'live');
    await passTime(sandbox, 20 * MINUTE);
    await presses('Create new key');
    expect(keysOf(there, USER)).toHaveLength(2);
  });

  it('that has deployed the form for preview alone is told so by a press, and has lost nothing', async () => {
    deployRoles(there.aws.iam, 'preview', MEMBER.region);
    await passTime(sandbox, 20 * MINUTE);
    await presses('Create new key');
    expect(keysOf(there, USER)).toHaveLength(1);
    expect(story.told(ana)).toContain('(AccessDenied)');
    deployRoles(there.aws.iam, 'live', MEMBER.region);
    await passTime(sandbox, 20 * MINUTE);
    await presses('Create new key');
    expect(keysOf(there, USER)).toHaveLength(2);
  });

  it('that is taken out again is left as it is: no card of it does anything any more', async () => {
    const card = liveCard(sandbox, ana, USER);
    const { ACCOUNTS = '' } = sandbox.environment;
    const without = await redeployed(sandbox, 'live', 'follow', { ACCOUNTS: ACCOUNTS.split(',')[0] ?? '' });
    await press(without, ana, card, 'Create new key');
    expect(keysOf(there, USER)).toHaveLength(1);
    without.aws.wire.forget();
    await passDays(without, 1);
    const callers = without.aws.wire.calls.map(({ caller = '' }) => caller);
    expect(callers.filter((arn) => arn.includes(MEMBER.account))).toEqual([]);
    expect(await summaryOf(without)).toContain('1 of 1 account checked');
  });
});

describe('sixty accounts', () => {
  it('stand in a file, and not in the environment: those that let keyrotate in are swept, the others named', async () => {
    await start();
    const folder = mkdtempSync(join(tmpdir(), 'keyrotate-accounts-'));
    onTestFinished(async () => {
      rmSync(folder, { recursive: true });
      await story.end();
    });
    const shut = Array.from({ length: 58 }, (_, nth) => `${777_700_000_000 + nth}\tshut, ${nth}`);
    const file = ['# all of them', '111122223333\tmain', `${MEMBER.account}:payments::eu-west-1`, ...shut];
    writeFileSync(join(folder, 'accounts.txt'), file.join('\n'));
    const many = await redeployed(sandbox, 'live', 'follow', {
      ...{ ACCOUNTS: 'accounts.txt', LAMBDA_TASK_ROOT: folder },
    });
    await passDays(many, 1);
    const message = await summaryOf(many);
    expect(message).toContain('2 of 60 accounts checked');
    expect(message).toMatch(/58 accounts were not checked/);
    expect(message).toContain('shut 0 (7777-0000-0000): AWS refused AssumeRole (AccessDenied)');
    const reads = plainText(liveCard(many, ana, USER));
    expect(reads).toContain('payments');
  });
});

describe('a member account in preview', () => {
  it('is swept, its owners hear nothing, and the role that could change it is never asked for', async () => {
    await start('preview', { mode: 'preview' });
    onTestFinished(() => story.end());
    expect(cards(sandbox, ana).map(plainText).join()).not.toContain(USER);
    expect(await summaryOf()).toContain('2 of 2 accounts checked · mode: preview in 1 account');
    const assumed = sandbox.aws.wire.calls.filter(({ action }) => action === 'AssumeRole');
    expect(new Set(assumed.map(({ input }) => String(input.RoleArn).split('/').at(-1)))).toEqual(
      new Set(['keyrotate-read']),
    );
  });
});

/** What an admin reads who asks for the summary. */
async function summaryOf(asked = sandbox): Promise<string> {
  const { sam } = story.people;
  await command(asked, sam, 'summary', openDm(asked.slack.workspace, sam).id);
  return whispers(asked, sam).at(-1) ?? '';
}
