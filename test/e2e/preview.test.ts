// In preview admins read what would happen, and that is all that happens.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import {
  alteredPress,
  buttons,
  cards,
  command,
  deliver,
  drain,
  keysOf,
  liveCard,
  passDays,
  press,
  recordOf,
  run,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { inbox, openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

let sandbox: Sandbox;

const CHANGES = /^(Create|Update|Delete|Put|Tag|Untag|Restore|Rotate|Cancel)/;
const changesInAws = () =>
  sandbox.aws.wire.calls
    .filter(({ service, action }) => ['iam', 'secretsmanager'].includes(service) && CHANGES.test(action))
    .map(({ action }) => action);
const people = () => Object.values(sandbox.organisation.people);
const heard = () => people().flatMap((person) => inbox(sandbox.slack.workspace, person).map(plainText));

async function summaryPosted(): Promise<string> {
  await run(sandbox, 'summary');
  const { messages = [] } = sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel) ?? {};
  return plainText(messages.at(-1) ?? { text: '', blocks: [] });
}

const nothing = { text: '', blocks: [] };

/** What somebody is answered privately. */
async function answersTo(user: string, text: string): Promise<Message[]> {
  const { workspace } = sandbox.slack;
  await command(sandbox, user, text, openDm(workspace, user).id);
  return inbox(workspace, user).filter(({ ephemeralTo }) => ephemeralTo === user);
}

/** The same deployment before it went live. Its roles may still write: it is the code that must not. */
const inPreview = (live: Sandbox) => redeployed(live, 'preview', 'stay');

describe('a deployment in preview', () => {
  let before: string;

  beforeEach(async () => {
    sandbox = await sharedSandbox(
      { mode: 'preview' },
      { name: 'a sweep', play: (fresh) => run(fresh, 'sweep') },
    );
    before = JSON.stringify([...sandbox.aws.iam.state.users]);
  });

  afterEach(() => sandbox.close());

  it('tells admins who would have been asked', async () => {
    const summary = await summaryPosted();
    expect(summary).toContain('Preview: the owners of 8 IAM users would have been asked; nobody was');
    expect(summary).toContain('4 access keys have no owner');
    const asked = summary.slice(summary.indexOf('Preview: '));
    for (const name of ['ci-deploy', 'legacy-etl', 'two-keys', 'one-inactive', 'never-used'])
      expect(asked).toContain(`• ${name}: `);
    for (const name of ['chloe@example.com', 'reports,monthly']) expect(asked).toContain(`• ${name}: `);
    expect(asked).toMatch(/backup-a1B2c3: …\w{4}, 78 days old \(dan\)/);
    expect(heard()).toEqual([]);
  });

  it('shows owners what is due, with nothing to press, and says that it only watches', async () => {
    const { ana } = sandbox.organisation.people;
    const [status] = await answersTo(ana, 'status');
    expect(plainText(status ?? nothing)).toContain('of ci-deploy in account main');
    expect(plainText(status ?? nothing)).toContain('keyrotate only watches so far');
    expect(buttons(status ?? nothing)).toEqual([]);
  });

  it('shows an admin the message that an owner would get, marked, and none of its buttons does anything', async () => {
    const { sam, ana } = sandbox.organisation.people;
    await answersTo(sam, 'show main/ci-deploy');
    const [card] = inbox(sandbox.slack.workspace, sam).filter(({ ephemeralTo }) => !ephemeralTo);
    if (!card) throw new Error('there is no card');
    expect(plainText(card)).toContain(`Preview. @${ana} would get this message, and has not.`);
    expect(buttons(card)).toContain('Create new key');
    await press(sandbox, sam, card, 'Create new key');
    expect(changesInAws()).toEqual([]);
    expect(plainText(inbox(sandbox.slack.workspace, sam).at(-1) ?? nothing)).toContain('only watch');
    expect(inbox(sandbox.slack.workspace, ana)).toEqual([]);
  });

  it('does not promise that a sweep lets owners hear', async () => {
    const [answer] = (await answersTo(sandbox.organisation.people.sam, 'sweep')).slice(-1);
    expect(plainText(answer ?? nothing)).toContain('In preview owners hear nothing');
  });

  it('writes to nobody and changes nothing in AWS, however many days go by', async () => {
    await passDays(sandbox, 3);
    expect(heard()).toEqual([]);
    expect(changesInAws()).toEqual([]);
    expect(JSON.stringify([...sandbox.aws.iam.state.users])).toBe(before);
    expect(sandbox.aws.secrets.state.secrets.size).toBe(1); // Slack's own
    const { adminChannel } = sandbox.organisation;
    for (const [id, { messages }] of sandbox.slack.workspace.channels)
      if (id !== adminChannel) expect(messages).toEqual([]);
    expect((await recordOf(sandbox, 'ci-deploy')).current?.rotation?.stage).toBe('due');
  });
});

describe('from preview to live', () => {
  afterEach(() => sandbox.close());

  it('asks everybody at the first sweep, as if for the first time', async () => {
    sandbox = await sharedSandbox();
    const preview = await inPreview(sandbox);
    await run(preview, 'sweep');
    await passDays(preview, 2);
    expect(heard()).toEqual([]);

    await passDays(sandbox, 1);
    const { ana } = sandbox.organisation.people;
    expect(cards(sandbox, ana)).toHaveLength(1);
    await press(sandbox, ana, liveCard(sandbox, ana, 'ci-deploy'), 'Create new key');
    expect(keysOf(sandbox, 'ci-deploy')).toHaveLength(2);
    expect(await summaryPosted()).not.toContain('Preview');
  });

  it('and back to preview: presses on the cards of before do nothing and say why', async () => {
    sandbox = await sharedSandbox();
    await run(sandbox, 'sweep');
    const { ana } = sandbox.organisation.people;
    const message = liveCard(sandbox, ana, 'ci-deploy');
    const preview = await inPreview(sandbox);
    const seeded = changesInAws().length;
    for (const move of ['createKey', 'retire', 'delete', 'discardNewKey', 'reactivate']) {
      const click = sandbox.slack.people.click({ user: ana, message, button: buttons(message)[0] ?? '' });
      const event = alteredPress(sandbox, click, (payload) => {
        payload.actions[0].action_id = `move:${move}`;
      });
      await deliver(preview, event);
      await drain(preview);
    }
    expect(changesInAws().slice(seeded)).toEqual([]);
    const told = inbox(sandbox.slack.workspace, ana).filter(({ ephemeralTo }) => ephemeralTo);
    expect(told.map(plainText)).toEqual([
      ...Array.from({ length: 4 }, () => expect.stringContaining('only watch this account so far')),
      // An outage must be endable, and the role could not.
      expect.stringContaining('aws iam update-access-key --user-name … --access-key-id … --status Active'),
    ]);
    expect(keysOf(sandbox, 'ci-deploy')).toHaveLength(1);
    expect(message.edited).toBeUndefined();
    sandbox.clock.advance(4 * DAY); // a reminder would be due
    await run(preview, 'tick');
    expect(cards(sandbox, ana)).toEqual([message]);
  });
});
