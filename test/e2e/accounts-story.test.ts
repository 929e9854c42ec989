// A second account, from the day it is added to the day it is removed: the hub assumes its roles, and its keys stay in it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inAccount, type MemberAccount } from '../sandbox/members.ts';
import { seedIam } from '../sandbox/organisation.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import { applicationUses, keysOf, liveCard, passDays, press, recordOf } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { A_MONDAY, ANAS, begin, type Story } from './story.ts';

const MEMBER: MemberAccount = { account: '444455556666', name: 'payments', region: 'eu-west-1' };
const USER = 'ci-deploy';
const KEY = { age: 83, usedHoursAgo: 30, service: 's3' };

let story: Story;
let sandbox: Sandbox;
let there: Sandbox;
let ana: string;

async function start(member: Partial<MemberAccount> = {}) {
  story = await begin([{ name: 'at-home', tags: ANAS, keys: [{ age: 10 }] }], {
    start: A_MONDAY,
    members: [{ ...MEMBER, ...member }],
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
});
