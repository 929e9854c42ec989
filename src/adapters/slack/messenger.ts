// What people get to read, sent through Slack's Web API.
import type { WebClient } from '@slack/web-api';
import type { Card, IamUser, News } from '../../domain/iam-user.ts';
import type { Policy } from '../../domain/policy.ts';
import { secretHolder } from '../../domain/rename.ts';
import type { Role } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { SecretHolder } from '../../domain/vault-path.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory, Messenger } from '../../usecases/ports.ts';
import type { Summary } from '../../usecases/summary.ts';
import { buildAdminNotice } from './blocks/admin-notice.ts';
import { buildCard } from './blocks/card.ts';
import { buildDigest } from './blocks/digest.ts';
import { buildList } from './blocks/list.ts';
import {
  buildAssigned,
  buildRefusal,
  buildShown,
  buildSweepStarted,
  buildUnassigned,
  buildWhich,
} from './blocks/notice.ts';
import type { Content } from './blocks/parts.ts';
import { buildStatus } from './blocks/status.ts';
import { buildSummary } from './blocks/summary.ts';
import { peopleNames } from './people-names.ts';
import { privateAnswers } from './private-answers.ts';
import { SLACK_RESPONSE_URLS } from './response-url.ts';
import { asking, askingUnless } from './slack-error.ts';
import { peopleInNotice } from './wording/admin-notice.ts';
import type { CardView } from './wording/card-view.ts';
import { peopleInSettlement, settlementOf } from './wording/settlement.ts';
import { peopleInSummary } from './wording/summary-matters.ts';

export interface MessengerOptions {
  client: WebClient;
  directory: Pick<Directory, 'personById'>;
  adminChannel: string;
  /** Where owners are told to ask; without one they are told to ask an admin. */
  helpChannel?: string | undefined;
  vaultPath: (holder: SecretHolder) => string;
  accountName: (account: string) => string | undefined;
  policy: (account: string) => Policy;
  /** Said in the summary; undefined where accounts differ. */
  maxKeyAgeDays?: number | undefined;
  region: string;
  now: () => Instant;
  /** Another server in Slack's place. */
  responseUrlBase?: string | undefined;
}

/** A message that is gone, or that this bot may not touch any more. */
const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'channel_not_found',
  'cant_update_message',
  'edit_window_closed',
]);
const REMOVED: ReadonlySet<string> = new Set(['message_not_found', 'channel_not_found']);

export function slackMessenger(options: MessengerOptions): Messenger {
  const { client, adminChannel, helpChannel, accountName, now } = options;
  const { responseUrlBase = SLACK_RESPONSE_URLS } = options;
  const answers = privateAnswers(client, responseUrlBase);

  async function post(channel: string, content: Content): Promise<Card> {
    const posting = client.chat.postMessage({
      channel,
      ...content,
      unfurl_links: false,
      unfurl_media: false,
    });
    const sent = await asking('chat.postMessage', posting);
    if (!sent.channel || !sent.ts) throw new OutsideError('unknown', 'chat.postMessage', 'malformed_answer');
    return { channel: sent.channel, ts: sent.ts };
  }

  async function update({ channel, ts }: Card, content: Content): Promise<'redrawn' | 'gone'> {
    const updating = client.chat.update({ channel, ts, ...content });
    return (await askingUnless(GONE, 'chat.update', updating)) ? 'redrawn' : 'gone';
  }

  const view = (user: IamUser, as: Role, isFirst = false): CardView => ({
    user,
    as,
    isFirst,
    accountName: accountName(user.account),
    policy: options.policy(user.account),
    now: now(),
    vaultPath: options.vaultPath(secretHolder(user)),
    region: options.region,
    helpChannel,
  });

  async function notice(user: IamUser, news: News): Promise<Content> {
    const people = [...peopleInNotice(user, news), ...peopleInSettlement(settlementOf(user, news), user)];
    return buildAdminNotice({
      user,
      news,
      accountName: accountName(user.account),
      personName: await peopleNames(people, options.directory),
      policy: options.policy(user.account),
      now: now(),
    });
  }

  async function summaryContent(summary: Summary): Promise<Content> {
    const personName = await peopleNames(peopleInSummary(summary), options.directory);
    return buildSummary(summary, {
      accountName,
      personName,
      helpChannel,
      maxKeyAgeDays: options.maxKeyAgeDays,
    });
  }

  return {
    send: (user, to, isFirst) => post(to, buildCard(view(user, 'owner', isFirst))),
    sendDigest: (users, to, isFirst) =>
      post(to, buildDigest(users.map((user) => view(user, 'owner', isFirst)))),
    sendToAdmin: (user, slackId) => post(slackId, buildCard(view(user, 'admin'))),

    redraw: (user, message) => update(message, buildCard(view(user, 'owner'))),
    redrawForAdmin: (user, message) => update(message, buildCard(view(user, 'admin'))),

    announce: async (user, news) => post(adminChannel, await notice(user, news)),
    async redrawNotice(user, message) {
      await update(message, await notice(user, message.news));
    },

    async remove({ channel, ts }) {
      await askingUnless(REMOVED, 'chat.delete', client.chat.delete({ channel, ts }));
    },

    refuse: (job, refusal) => answers.toPerson(job, buildRefusal(job, refusal, { accountName, helpChannel })),

    answerStatus: (job, slackId, status) =>
      answers.toPerson(job, buildStatus(status, { slackId }, now(), accountName)),
    answerList: (job, list) => answers.toPerson(job, buildList(list, accountName)),
    answerWhich: (job, users) => answers.toPerson(job, buildWhich(job.command, users, accountName)),
    answerShown: (job, user) => answers.toPerson(job, buildShown(user, accountName)),
    answerAssigned: (job, user, to) => answers.toPerson(job, buildAssigned(user, to, accountName)),
    answerUnassigned: (job, user) => answers.toPerson(job, buildUnassigned(user, accountName)),
    answerSweepStarted: (job, accounts) => answers.toPerson(job, buildSweepStarted(accounts)),
    answerSummary: async (job, summary) => answers.toPerson(job, await summaryContent(summary)),

    async postSummary(summary) {
      await post(adminChannel, await summaryContent(summary));
    },
  };
}
