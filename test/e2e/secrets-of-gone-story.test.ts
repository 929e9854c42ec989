// Secrets of IAM users that are gone: told in the summary, deleted by an admin's press, and only those.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { recreateUser, removeKey, removeUser, renameUser } from '../sandbox/play/console.ts';
import { credentialsOf, readSecret, secretPath } from '../sandbox/play/outcome.ts';
import { buttons, deliver, drain, passDays, press, run } from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { queue } from './mortal-world.ts';
import { ANAS, begin, type Story } from './story.ts';

const DELETE = 'Delete these secrets…';
const NAMES = ['ci-deploy', 'ci-nightly', 'ci-reports'];
const [ONE, TWO, THREE] = NAMES as [string, string, string];

let story: Story;
let sandbox: Sandbox;
let paths: Map<string, string>;

beforeEach(async () => {
  const keys = [{ age: 83, usedHoursAgo: 30 }];
  const users = NAMES.map((name) => ({ name, tags: ANAS, keys }));
  const play = async (swept: Story) => {
    for (const name of NAMES) await createsKey(swept, name);
  };
  story = await begin(users, {}, { name: 'a new key for each', play });
  sandbox = story.sandbox;
  paths = new Map(NAMES.map((name) => [name, secretPath(sandbox, name)]));
});

afterEach(() => sandbox.close());

async function createsKey({ types, people, pressesOn, sandbox }: Story, userName: string): Promise<void> {
  await types(people.sam, `show ${userName}`);
  const shown = sandbox.slack.workspace;
  const message = [...shown.channels.values()]
    .flatMap(({ messages }) => messages)
    .findLast(
      (one) => !one.deleted && plainText(one).includes(userName) && buttons(one).includes('Create new key'),
    );
  await pressesOn(people.sam, message as Message, 'Create new key');
}

/** So that their end is believed, and AWS lists what was made and deleted. */
async function timePasses(): Promise<void> {
  await story.looksTwice();
  await passDays(sandbox, 1);
}

const secret = (path = '') => sandbox.aws.secrets.state.secrets.get(path);
const isScheduled = (userName: string) => secret(paths.get(userName))?.deletedAt !== undefined;
const scheduled = () => NAMES.filter(isScheduled);

async function summary(): Promise<Message> {
  sandbox.clock.advance(6 * MINUTE);
  await run(sandbox, 'summary');
  const post = story.adminPosts().findLast((one) => plainText(one).includes('Access keys'));
  if (!post) throw new Error('no summary was posted');
  return post;
}

const presses = (message: Message, by = story.people.sam) => press(sandbox, by, message, DELETE);
/** What only this person was told in the channel. */
const said = (person = story.people.sam) =>
  sandbox.slack.workspace.channels
    .get(story.adminChannel)
    ?.messages.filter(({ ephemeralTo }) => ephemeralTo === person)
    .map(plainText)
    .at(-1);
const calls = (action: string) => sandbox.aws.wire.calls.filter((call) => call.action === action);

describe('secrets of IAM users that are gone', () => {
  it('are in the summary with the oldest first, and are nobody’s concern while the user lives', async () => {
    expect(buttons(await summary())).not.toContain(DELETE);
    removeUser(sandbox, TWO);
    renameUser(sandbox, THREE, 'reporter');
    await timePasses();
    const post = await summary();
    expect(plainText(post)).toContain('1 secret is left of IAM users that are gone');
    expect(plainText(post)).toContain(`• ${TWO}: stored on`);
    expect(buttons(post)).toContain(DELETE);
  });

  it('are scheduled for deletion by an admin’s press, for 30 days; the channel keeps what was done, the summary forgets it', async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
    await presses(await summary());
    expect(scheduled()).toEqual([ONE, TWO]);
    for (const { input } of calls('DeleteSecret')) expect(input).toMatchObject({ RecoveryWindowInDays: 30 });
    expect(secret(paths.get(ONE))?.recoverableUntil).toBe(sandbox.clock.now() + 30 * DAY);
    const told = plainText(story.adminPosts().at(-1) as Message);
    expect(told).toMatch(/^sam /m);
    expect(told).toContain('had 2 secrets of IAM users that are gone scheduled for deletion');
    for (const name of [ONE, TWO]) expect(told).toContain(paths.get(name));
    expect(told).toContain('aws secretsmanager restore-secret');
    expect(said()).toContain('2 secrets are scheduled for deletion');
    expect(plainText(await summary())).not.toContain('that are gone');
  });

  it('are deleted by admins alone', async () => {
    removeUser(sandbox, ONE);
    await timePasses();
    const post = await summary();
    const { ana } = story.people;
    sandbox.slack.workspace.channels.get(story.adminChannel)?.members.push(ana);
    await presses(post, ana);
    expect(scheduled()).toEqual([]);
    expect(said(ana)).toContain('Only admins');
  });

  it('stay when their user is back by the time of the press, or has another name', async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
    const post = await summary();
    // As when IAM did not list it for a moment.
    const { users } = sandbox.aws.iam.state;
    const id = paths.get(ONE)?.split('/').at(-1) ?? '';
    sandbox.aws.iam.addUser('other-name');
    Object.assign(users.get('other-name') ?? {}, { userId: id });
    await presses(post);
    expect(scheduled()).toEqual([TWO]);
  });

  it('go alone when somebody was made anew under the name: that secret is another', async () => {
    recreateUser(sandbox, ONE, ANAS);
    await timePasses();
    sandbox.clock.advance(83 * DAY);
    await passDays(sandbox, 1);
    await createsKey(story, ONE);
    const anew = secretPath(sandbox, ONE);
    await timePasses();
    await presses(await summary());
    expect(scheduled()).toEqual([ONE]);
    expect(secret(anew)?.deletedAt).toBeUndefined();
    const key = story.keyIds(ONE).at(-1) ?? '';
    expect(await readSecret(sandbox, credentialsOf(sandbox, ONE, key), anew)).toHaveProperty('value');
  });

  it('stay while IAM does not say, or the vault refuses, and go with the next press', async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
    const post = await summary();
    for (const refused of ['GetUser', 'DeleteSecret']) {
      sandbox.aws.wire.interfere(({ action, input }) =>
        action === refused &&
        (input.UserName ?? input.SecretId) !== (refused === 'GetUser' ? TWO : paths.get(TWO))
          ? { kind: 'refuse', status: 400, code: 'AccessDenied' }
          : undefined,
      );
      await presses(post);
      sandbox.aws.wire.interfere(undefined);
      expect(scheduled()).toEqual([TWO]);
      expect(said()).toContain(`${ONE} · `);
    }
    await presses(post);
    expect(scheduled()).toEqual([ONE, TWO]);
  });

  it('stay when more are gone by now than the press was about', async () => {
    removeUser(sandbox, ONE);
    await timePasses();
    const post = await summary();
    removeUser(sandbox, TWO);
    await timePasses();
    await presses(post);
    expect(scheduled()).toEqual([]);
    expect(said()).toContain('more than you were asked about');
  });

  it('stay when they are not keyrotate’s own', async () => {
    removeUser(sandbox, ONE);
    await timePasses();
    const post = await summary();
    secret(paths.get(ONE))?.tags.set('keyrotate:iam-user', 'somebody-else');
    await presses(post);
    expect(scheduled()).toEqual([]);
    expect(plainText(await summary())).not.toContain('that are gone');
  });

  it('in preview stay, and the press is told what would be done', async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
    sandbox = await redeployed(sandbox, 'preview', 'follow');
    await presses(await summary());
    expect(scheduled()).toEqual([]);
    expect(said()).toContain(
      'In preview no secret is deleted. In live mode I would schedule 2 secrets for deletion.',
    );
  });

  it('are gone after 30 days, and can be restored until then', async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
    await presses(await summary());
    delete secret(paths.get(TWO))?.deletedAt; // aws secretsmanager restore-secret
    delete secret(paths.get(TWO))?.recoverableUntil;
    sandbox.clock.advance(30 * DAY);
    await passDays(sandbox, 1);
    const post = await summary();
    expect(plainText(post)).toContain('1 secret is left of IAM users that are gone');
    expect(secret(paths.get(ONE))).toBeUndefined();
    await presses(post);
    expect(scheduled()).toEqual([TWO]);
  });
});

describe('a secret that somebody restored', () => {
  const restores = (userName: string) => {
    delete secret(paths.get(userName))?.deletedAt; // aws secretsmanager restore-secret
    delete secret(paths.get(userName))?.recoverableUntil;
  };
  const clicked = async (message: Message) => {
    await deliver(sandbox, sandbox.slack.people.click({ user: story.people.sam, message, button: DELETE }));
    const clicks = queue(sandbox, 'clicks');
    const [queued] = clicks.messages;
    if (!queued) throw new Error('nothing was queued');
    return {
      ...queued,
      comes: () => drain(sandbox),
      async comesAgain() {
        clicks.bringBack(queued.id);
        await drain(sandbox);
      },
      /** The worker tried in vain. */
      isGivenUp() {
        clicks.purge();
        queue(sandbox, 'clicks-dead').bury(queued, clicks.arn);
      },
    };
  };
  const redrives = () => story.types(story.people.sam, 'redrive');

  beforeEach(async () => {
    for (const name of [ONE, TWO]) removeUser(sandbox, name);
    await timePasses();
  });

  it('stays when the press that deleted it is delivered once more', async () => {
    const press = await clicked(await summary());
    await press.comes();
    expect(scheduled()).toEqual([ONE, TWO]);
    restores(ONE);
    await press.comesAgain();
    expect(scheduled()).toEqual([TWO]);
    expect(said()).toContain(`${ONE} · `);
    expect(said()).toContain('press again');
  });

  it('stays when an earlier press comes after all, and so do those that are gone since', async () => {
    const post = await summary();
    const late = await clicked(post);
    late.isGivenUp();
    sandbox.clock.advance(MINUTE);
    await presses(post);
    restores(ONE);
    removeUser(sandbox, THREE);
    await timePasses();
    await redrives();
    expect(scheduled()).toEqual([TWO]);
    expect(said()).toContain('after you pressed');
  });

  it('goes with the next press', async () => {
    await presses(await summary());
    restores(ONE);
    await timePasses();
    await presses(await summary());
    expect(scheduled()).toEqual([ONE, TWO]);
  });
});

/** As IAM would never answer for long. */
const NOBODY = `<GetAccountAuthorizationDetailsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated><UserDetailList></UserDetailList></GetAccountAuthorizationDetailsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetAccountAuthorizationDetailsResponse>`;

describe('the secret of a user that lives under another name', () => {
  it('is restored by the next night where IAM’s lists left the user out at the press', async () => {
    removeKey(sandbox, ONE, story.keyIds(ONE)[0] ?? '');
    await timePasses();
    renameUser(sandbox, ONE, 'deployer');
    removeUser(sandbox, THREE);
    await timePasses();
    const post = await summary();
    // So that as many are left as the button named.
    for (const name of [TWO, THREE]) sandbox.aws.secrets.state.secrets.delete(paths.get(name) ?? '');
    sandbox.aws.wire.interfere(({ action }) =>
      action === 'GetAccountAuthorizationDetails'
        ? {
            kind: 'answer',
            reply: {
              status: 200,
              headers: { 'content-type': 'text/xml', date: new Date(sandbox.clock.now()).toUTCString() },
              body: NOBODY,
            },
          }
        : undefined,
    );
    await presses(post);
    expect([isScheduled(ONE), said()]).toEqual([true, expect.anything()]);
    sandbox.aws.wire.interfere(undefined);
    await passDays(sandbox, 1);
    expect(isScheduled(ONE)).toBe(false);
    const newKey = story.keyIds('deployer').at(-1) ?? '';
    const read = await readSecret(sandbox, credentialsOf(sandbox, 'deployer', newKey), paths.get(ONE) ?? '');
    expect(JSON.stringify(read)).toContain(newKey);
  });
});
