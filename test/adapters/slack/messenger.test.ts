// What reaches people, through the local Slack: the right person, the right place, and no other.
import { beforeEach, describe, expect, it } from 'vitest';
import { slackDirectory } from '../../../src/adapters/slack/directory.ts';
import { slackMessenger } from '../../../src/adapters/slack/messenger.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Card, MatterReader, SentMessage } from '../../../src/domain/message.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import type { ClickJob, CommandJob, SlackPlace } from '../../../src/usecases/jobs.ts';
import type { Summary } from '../../../src/usecases/night/gathered-summary.ts';
import type { Messenger } from '../../../src/usecases/ports.ts';
import { inbox, visibleMessages } from '../../sandbox/servers/slack/conversations.ts';
import { pressables } from '../../sandbox/servers/slack/pressables.ts';
import { createResponseUrl } from '../../sandbox/servers/slack/response-urls.ts';
import { plainText } from '../../sandbox/servers/slack/transcript.ts';
import { addChannel, type Member, type Message } from '../../sandbox/servers/slack/workspace.ts';
import { at, NOW, OLD, POLICY, userAt } from './fixtures.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';
import { QUIET } from './summaries.ts';

let world: SlackWorld;
let messenger: Messenger;
let user: IamUser;

function messengerWith(responseUrlBase?: string): Messenger {
  const { client, clock, workspace, channel } = world;
  const { id: teamId } = workspace.team;
  return slackMessenger({
    client,
    directory: slackDirectory({ client, teamId, admins: [], now: clock.now, cacheMs: 0 }),
    adminChannel: channel,
    helpers: { admins: [world.bo.id] },
    vaultPath: ({ account, userName, userId }) => `/iam/keys/${account}/${userName}/${userId}`,
    accountName: () => 'prod',
    policy: () => POLICY,
    vaultRegion: () => 'eu-west-1',
    now: clock.now,
    responseUrlBase,
  });
}

beforeEach(async () => {
  world = await slackWorld();
  messenger = messengerWith(`${world.wire.url}/`);
  user = userAt('due');
});

const sent = (card: Card, { id }: Member, as: 'owner' | 'admin' = 'owner'): SentMessage => {
  return { ...card, reader: { as, id }, drawing: '' };
};
const anas = () => inbox(world.workspace, world.ana.id);
const said = (message: Message | undefined) => (message ? plainText(message) : '');
/** What somebody sees in a channel, the admins' unless told otherwise. */
const seenBy = (member: Member, channel = world.channel) =>
  visibleMessages(world.workspace, channel, member.id);
const buttonsOn = (message: Message | undefined) =>
  pressables({ blocks: message?.blocks ?? [] }).map(({ label }) => label);

function place(channel: string, changes: Partial<SlackPlace> = {}): SlackPlace {
  const slack = { workspace: world.workspace, clock: world.clock };
  return {
    channel,
    responseUrl: world.wire.url + createResponseUrl(slack, { user: world.ana.id, channel }),
    ...changes,
  };
}

const click = (at: SlackPlace): ClickJob => ({
  ...{ kind: 'click', id: 'j1', account: user.account, userName: user.userName },
  ...{ move: 'createKey', insist: false, personId: world.ana.id, place: at },
});

const command = (at: SlackPlace): CommandJob => {
  return {
    kind: 'command',
    id: 'j1',
    askedAt: 0,
    command: { name: 'summary' },
    personId: world.ana.id,
    place: at,
  };
};

const refusal: Refusal = { kind: 'adminsOnly' };

describe('a card', () => {
  it('goes to the owner’s direct conversation, without previews of links', async () => {
    const card = await messenger.send(user, world.ana.id);
    expect(anas()).toMatchObject([{ channel: card.channel, ts: card.ts }]);
    expect(anas()[0]?.text).toBe(
      'Replace the access key of ci-deploy by Friday, November 27th. It is 83 days old. Nothing breaks until you say so.',
    );
    expect(world.calls('chat.postMessage')).toMatchObject([{ unfurl_links: 'false', unfurl_media: 'false' }]);
  });

  it('is redrawn in place', async () => {
    const card = await messenger.send(user, world.ana.id);
    expect(await messenger.redraw(userAt('deleted'), sent(card, world.ana))).toBe('redrawn');
    expect(anas()).toHaveLength(1);
    expect(said(anas()[0])).toContain('Done: the old key of ci-deploy is deleted');
  });

  it('is gone when somebody deleted it, or when it is another’s message', async () => {
    const card = await messenger.send(user, world.ana.id);
    world.spoil('chat.update', { kind: 'refuse', status: 200, code: 'cant_update_message' });
    expect(await messenger.redraw(user, sent(card, world.ana))).toBe('gone');
    await messenger.remove(card);
    expect(await messenger.redraw(user, sent(card, world.ana))).toBe('gone');
    expect(anas()).toEqual([]);
  });

  it('may be removed twice', async () => {
    const card = await messenger.send(user, world.ana.id);
    await messenger.remove(card);
    await messenger.remove(card);
    await messenger.remove({ channel: 'D404', ts: '1.000001' });
    expect(anas()).toEqual([]);
  });

  it('fails in a known way when Slack says no, later, or nothing', async () => {
    const card = sent({ channel: 'D404', ts: '1.000001' }, world.ana);
    await expect(messenger.send(user, 'U404')).rejects.toMatchObject({
      outcome: 'refused',
      code: 'channel_not_found',
    });
    world.spoil('chat.postMessage', {
      kind: 'refuse',
      status: 429,
      code: 'ratelimited',
      headers: { 'retry-after': '9' },
    });
    await expect(messenger.send(user, world.ana.id)).rejects.toMatchObject({ outcome: 'busy' });
    world.spoil('chat.update', { kind: 'lose' });
    await expect(messenger.redraw(user, card)).rejects.toMatchObject({ outcome: 'unknown' });
    world.spoil('chat.delete', { kind: 'refuse', status: 503, code: 'x' });
    await expect(messenger.remove(card)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('once Slack has said when it takes messages again', () => {
  it('none is begun before that', async () => {
    messenger.readyToSend();
    const headers = { 'retry-after': '9' };
    world.spoil('chat.postMessage', { kind: 'refuse', status: 429, code: 'ratelimited', headers });
    await expect(messenger.send(user, world.ana.id)).rejects.toMatchObject({ retryAfter: 9 });
    world.clock.advance(5_000);
    expect(() => messenger.readyToSend()).toThrow(
      expect.objectContaining({ outcome: 'busy', code: 'ratelimited', retryAfter: 4 }),
    );
    world.clock.advance(4_000);
    messenger.readyToSend();
  });
});

describe('the first message', () => {
  it('says who writes, and no later one does', async () => {
    await messenger.send(user, world.ana.id, true);
    await messenger.send(user, world.ana.id);
    await messenger.sendDigest([user, userAt('retired', { userName: 'mailer' })], world.ana.id, true);
    await messenger.sendDigest([user, userAt('retired', { userName: 'mailer' })], world.ana.id, false);
    expect(anas().map((message) => said(message).includes('I am keyrotate'))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('a digest', () => {
  it('goes to one owner as one message, a row for each IAM user', async () => {
    const digest = await messenger.sendDigest(
      [user, userAt('issued', { userName: 'mailer' })],
      world.ana.id,
      false,
    );
    expect(anas()).toMatchObject([{ channel: digest.channel, ts: digest.ts }]);
    expect(anas()[0]?.text).toContain('2 access keys need you: ');
    expect(buttonsOn(anas()[0])).toEqual(['Open', 'Open']);
  });

  it('goes to a channel that owns', async () => {
    const team = addChannel(world.workspace, { name: 'team', is_private: true });
    const digest = await messenger.sendDigest([user, user], team.id, false);
    expect(digest.channel).toBe(team.id);
  });
});

describe('a card for an admin', () => {
  it('goes to their direct conversation, and is redrawn there as theirs', async () => {
    const asked = {
      until: NOW,
      why: 'x',
      by: { kind: 'person', slackId: world.ana.id, as: 'owner' },
      at: NOW,
    } as const;
    const waiting = at('due', { request: asked });
    const card = await messenger.sendToAdmin(waiting, world.bo.id);
    const labels = () => buttonsOn(inbox(world.workspace, world.bo.id)[0]);
    expect(labels()).toContain('Approve');
    expect(await messenger.redraw(waiting, sent(card, world.bo, 'admin'))).toBe('redrawn');
    expect(labels()).toContain('Approve');
    expect(anas()).toEqual([]);
  });
});

describe('a matter for the admins', () => {
  const reader: MatterReader = { as: 'admins', matter: 'ownerChanged', level: 1, at: NOW };
  const inDoubt = () =>
    userAt('due', {
      owner: { kind: 'person', slackId: world.ana.id, from: 'ownerTag' },
      ownerChange: { to: { kind: 'person', slackId: world.bo.id, from: 'ownerTag' }, at: NOW },
    });
  const posted = () => seenBy(world.bo);

  it('goes to their channel with names and without pings', async () => {
    const card = await messenger.tellMatter(inDoubt(), reader);
    expect(posted()).toMatchObject([{ channel: card.channel, ts: card.ts }]);
    expect(said(posted()[0])).toContain('tags name bo instead of ana');
    expect(JSON.stringify(posted())).not.toContain('<@');
  });

  it('loses its buttons once it is settled', async () => {
    const card = await messenger.tellMatter(inDoubt(), reader);
    expect(buttonsOn(posted()[0])).toHaveLength(3);
    const link = { to: { kind: 'person', slackId: world.bo.id }, by: world.ana.id, at: NOW } as const;
    const owner = { kind: 'person', slackId: world.bo.id, from: 'link' } as const;
    await messenger.redraw(userAt('due', { owner, link }), { ...card, reader, drawing: '' });
    expect(said(posted()[0])).toContain('The owner is bo now, set by ana');
    expect(buttonsOn(posted()[0])).toEqual([]);
  });

  it('does without a name that cannot be had', async () => {
    world.spoil('users.info', { kind: 'lose' });
    await messenger.tellMatter(inDoubt(), reader);
    expect(said(posted()[0])).toContain(`instead of ${world.ana.id}`);
  });

  it('that many share is one list, which counts down to nothing as they are settled, or told of anew', async () => {
    const of = (userName: string, ts = ''): IamUser => {
      const told = { channel: world.channel, ts, reader, drawing: '' };
      return { ...inDoubt(), userName, messages: [told] };
    };
    const card = await messenger.tellMatters(
      'ownerChanged',
      ['a', 'b', 'c'].map((name) => of(name)),
    );
    expect(said(posted()[0])).toContain('The tags of 3 IAM users name another owner');
    const settled = userAt('due', { userName: 'a' });
    const redraw = (users: IamUser[]) => messenger.redrawMatters('ownerChanged', users, card);
    expect(await redraw([settled, of('b', card.ts), of('c', 'later')])).toBe('redrawn');
    expect(said(posted()[0])).toContain('The tags of 1 IAM user name another owner');
    expect(said(posted()[0])).toContain('1 more is settled. 1 more is told anew in a later message.');
    await redraw([settled, settled, of('c', 'later')]);
    expect(said(posted()[0])).toContain('3 IAM users, settled or told anew in a later message');
    await redraw([of('a', 'later'), of('b', 'later'), of('c', 'later')]);
    expect(said(posted()[0])).toContain('3 IAM users, told anew in a later message');
    await redraw([settled, settled, settled]);
    expect(said(posted()[0])).toContain('Another owner in the tags: 3 IAM users, settled');
    expect(buttonsOn(posted()[0])).toEqual([]);
  });
});

describe('a refusal', () => {
  it('is seen by the person who pressed and nobody else, and says what it is about', async () => {
    const { id: channel } = addChannel(world.workspace, {
      ...{ name: 'team', members: [world.workspace.bot.userId, world.ana.id, world.bo.id] },
    });
    await messenger.refuse(click(place(channel)), refusal);
    const [message] = seenBy(world.ana, channel);
    expect(said(message)).toContain(
      `Only admins of keyrotate can do that. If you need it done, ask @${world.bo.id}.`,
    );
    expect(said(message)).toContain('IAM user ci-deploy · account prod (1111-2222-3333)');
    expect(seenBy(world.bo, channel)).toEqual([]);
  });

  it('leaves the card as it is', async () => {
    const card = await messenger.send(user, world.ana.id);
    await messenger.refuse(click(place(card.channel, { ts: card.ts })), refusal);
    expect(anas().map(({ ephemeralTo }) => ephemeralTo)).toEqual([undefined, world.ana.id]);
    expect(said(anas()[0])).toContain('Create new key');
  });

  it('comes directly where it cannot be shown in place', async () => {
    await messenger.refuse(click(place('C404')), refusal);
    await messenger.refuse(click(place('')), refusal);
    expect(anas().map(({ ephemeralTo }) => ephemeralTo)).toEqual([undefined, undefined]);
    expect(world.calls('chat.postEphemeral')).toHaveLength(1);
  });

  it('comes directly also when nobody knows whether it was shown', async () => {
    const card = await messenger.send(user, world.ana.id);
    world.spoil('chat.postEphemeral', { kind: 'lose' });
    await messenger.refuse(click(place(card.channel)), refusal);
    expect(anas().at(-1)?.text).toContain('Only admins');
  });

  it('answers a command where it was typed, even where the bot is not', async () => {
    const { id: channel } = addChannel(world.workspace, {
      name: 'random',
      members: [world.ana.id, world.bo.id],
    });
    await messenger.refuse(command(place(channel)), refusal);
    expect(seenBy(world.ana, channel)).toHaveLength(1);
    expect(seenBy(world.bo, channel)).toEqual([]);
    expect(world.calls('response_url')).toMatchObject([
      { response_type: 'ephemeral', replace_original: false },
    ]);
  });

  it('fails when there is no way to tell', async () => {
    world.ana.deleted = true;
    await expect(messenger.refuse(click(place('')), refusal)).rejects.toMatchObject({ outcome: 'refused' });
  });
});

describe('an answer to a command', () => {
  const line = {
    ...{ account: '111122223333', userName: 'ci-deploy', oldKeyId: OLD, ageDays: 83, deadline: NOW },
    ...{ overdue: false, stage: 'due' as const },
  };

  it('tells the status of somebody', async () => {
    await messenger.answerStatus(command(place(world.channel)), world.bo.id, {
      lines: [line],
      channelsUnanswered: false,
    });
    const [message] = seenBy(world.ana);
    expect(message?.ephemeralTo).toBe(world.ana.id);
    expect(said(message)).toContain('in account prod (1111-2222-3333)');
  });

  it('tells how many accounts are looked at', async () => {
    await messenger.answerSweepStarted(command(place(world.channel)), ['111122223333']);
    expect(said(seenBy(world.ana)[0])).toContain('I am looking at 1 account now.');
  });

  it('tells the keys of somebody, which IAM users fit, and what was done', async () => {
    const at = command(place(world.channel));
    const list = {
      at: NOW,
      users: [user],
      more: 0,
      ofChannels: 0,
      unanswered: [],
      channelsUnanswered: false,
    };
    await messenger.answerList(at, list);
    const users = [user, { ...user, account: '444455556666' }];
    await messenger.answerWhich({ ...at, command: { name: 'rotate' } }, users);
    await messenger.answerShown(at, user);
    await messenger.answerAssigned(at, user, { kind: 'person', slackId: world.bo.id });
    await messenger.answerUnassigned(at, user);
    const answers = seenBy(world.ana);
    expect(answers.map(({ ephemeralTo }) => ephemeralTo)).toEqual(Array(5).fill(world.ana.id));
    const words = answers.map(said);
    expect(words[0]).toContain('You own 1 IAM user');
    expect(words[1]).toContain('/keyrotate rotate prod/ci-deploy');
    expect(words[2]).toContain('is in our direct conversation now');
    expect(words[3]).toContain('belongs to @');
    expect(words[4]).toContain('say who owns it now: @');
  });

  it('reaches whoever pressed a button of such an answer, where the bot is not', async () => {
    const { id: channel } = addChannel(world.workspace, { name: 'random', members: [world.ana.id] });
    const { account, userName } = user;
    const asker = { kind: 'show', account, userName, personId: world.ana.id, place: place(channel) } as const;
    await messenger.refuse(asker, { kind: 'nothingOpen' });
    expect(seenBy(world.ana, channel)).toHaveLength(1);
    expect(anas()).toEqual([]);
  });

  it('falls back also when nobody knows whether the answer arrived', async () => {
    const { channel } = await messenger.send(user, world.ana.id);
    world.spoil('response_url', { kind: 'lose' });
    await messenger.answerSweepStarted(command(place(channel)), ['111122223333', '444455556666']);
    expect(anas().at(-1)).toMatchObject({ text: expect.stringContaining('2 accounts') });
  });

  it('goes to the direct conversation, and never in the open, when the address is used up', async () => {
    const lost = place(world.channel, { responseUrl: `${world.wire.url}/response/R404` });
    world.spoil('chat.postEphemeral', { kind: 'lose' });
    await messenger.answerSweepStarted(command(lost), ['111122223333', '444455556666']);
    expect(anas().at(-1)?.text).toContain('2 accounts');
    expect(seenBy(world.bo)).toEqual([]);
  });

  it.each(['https://evil.example/x', 'https://hooks.slack.com.evil.example/', 'nonsense', undefined])(
    'does not follow an address that is not of Slack: %s',
    async (responseUrl) => {
      const real = messengerWith();
      const at: SlackPlace = { channel: world.channel, ...(responseUrl && { responseUrl }) };
      await real.answerSweepStarted(command(at), ['111122223333', '444455556666']);
      expect(world.calls('response_url')).toEqual([]);
    },
  );
});

describe('the summary', () => {
  const overdueOf = (slackId: string): Summary => ({
    ...QUIET,
    overdue: [
      {
        ...{ account: '111122223333', userName: 'ci-deploy', oldKeyId: OLD, ageDays: 93 },
        owner: { kind: 'person', slackId, from: 'ownerTag' },
      },
    ],
  });

  it('goes to the admins’ channel with names and without pings', async () => {
    await messenger.postSummary(overdueOf(world.ana.id));
    const [message] = seenBy(world.bo);
    expect(said(message)).toContain('ana: 93 days');
    expect(JSON.stringify(message)).not.toContain('<@');
  });

  it('does without a name that cannot be had', async () => {
    world.spoil('users.info', { kind: 'lose' });
    await messenger.postSummary(overdueOf(world.ana.id));
    await messenger.postSummary(overdueOf('U00000404'));
    const posted = seenBy(world.bo).map(said);
    expect(posted[0]).toContain(`${world.ana.id}: 93 days`);
    expect(posted[1]).toContain('U00000404: 93 days');
  });

  it('is answered to an admin alone when asked for', async () => {
    await messenger.answerSummary(command(place(world.channel)), QUIET);
    expect(seenBy(world.bo)).toEqual([]);
    expect(seenBy(world.ana)).toHaveLength(1);
  });
});
