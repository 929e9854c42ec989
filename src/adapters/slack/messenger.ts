// What people get to read, sent through Slack's Web API.
import type { WebClient } from '@slack/web-api';
import type { IamUser } from '../../domain/iam-user.ts';
import { matters } from '../../domain/matters.ts';
import type { Card, MatterKind, MatterReader, SentMessage } from '../../domain/message.ts';
import type { Policy } from '../../domain/policy.ts';
import { secretHolder } from '../../domain/rename.ts';
import type { Role } from '../../domain/rotation.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import type { SecretHolder } from '../../domain/vault-path.ts';
import { drawingFor } from '../../domain/wanted.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Asker, CommandJob, SummaryListName } from '../../usecases/jobs.ts';
import type { Summary } from '../../usecases/night/gathered-summary.ts';
import type { Directory, Messenger } from '../../usecases/ports.ts';
import { buildAdminList, buildAdminNotice } from './blocks/admin-notice.ts';
import { buildCard, buildPreview } from './blocks/card.ts';
import { buildDigest, buildPressedMany } from './blocks/digest.ts';
import { buildHealth, buildHealthNotice } from './blocks/health.ts';
import { buildHistory } from './blocks/history.ts';
import { buildHome, hasChart } from './blocks/home.ts';
import { buildHow } from './blocks/how.ts';
import {
  buildAssigned,
  buildHandedOver,
  buildHelp,
  buildList,
  buildNudged,
  buildRefusal,
  buildSecretsDeleted,
  buildShown,
  buildStatus,
  buildUnassigned,
  buildWhich,
} from './blocks/notice.ts';
import {
  buildOwners,
  buildOwnersForm,
  buildOwnersTable,
  buildPlanForm,
  buildPlanMessage,
} from './blocks/owners.ts';
import { type Content, saying } from './blocks/parts.ts';
import { buildSecretsNotice } from './blocks/secrets.ts';
import { buildSummary, buildSummaryList, buildSummaryTable } from './blocks/summary.ts';
import { MOST_ROWS_IN_TABLE } from './blocks/table.ts';
import { buildTalk } from './blocks/talk.ts';
import { privateAnswers } from './private-answers.ts';
import { asking, askingUnless } from './slack-error.ts';
import { peopleInList, peopleInNotice } from './wording/admin/admin-notice-text.ts';
import { peopleInSettlement, settlementOf } from './wording/admin/settlement.ts';
import type { CardView } from './wording/card/card-view.ts';
import { redrivenWords } from './wording/health/health-text.ts';
import { peopleInPage } from './wording/home/home-text.ts';
import { type PersonName, peopleOf } from './wording/shared/names.ts';
import { type Helpers, helpersFor } from './wording/shared/whom-to-ask.ts';
import { summaryTableSent } from './wording/summary/summary-table.ts';
import { peopleInSummary, peopleOnList, sweepStarted } from './wording/summary/summary-text.ts';

type People = Pick<Directory, 'personById'>;

interface MessengerOptions {
  client: WebClient;
  directory: People;
  adminChannel: string;
  /** Whom people are told to ask. */
  helpers: Helpers;
  vaultPath: (holder: SecretHolder) => string;
  accountName: (account: string) => string | undefined;
  policy: (account: string) => Policy;
  /** Said in the summary; undefined where accounts differ. */
  maxKeyAgeDays?: number | undefined;
  vaultRegion: (account: string) => string;
  /** What people type for `keyrotate pull`; undefined: they have not got it. */
  pullCommand?: string | undefined;
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
  'is_inactive',
  'not_in_channel',
]);
/** Home shows something else by now. */
const OVERTAKEN: ReadonlySet<string> = new Set(['hash_conflict']);

/** Slack names one for a message's blocks and the other for a view's. */
function isChartRefused(error: unknown): boolean {
  return error instanceof OutsideError && ['invalid_blocks', 'invalid_arguments'].includes(error.code);
}

const REMOVED: ReadonlySet<string> = new Set(['message_not_found', 'channel_not_found']);

export function slackMessenger(options: MessengerOptions): Messenger {
  const { client, adminChannel, helpers, accountName, now } = options;
  const answer = privateAnswers(client, options.responseUrlBase);
  /** Slack brings charts to one workspace after the other. Asked anew with each container. */
  let takesCharts = true;

  /** By this container's last answer of that kind. Another one hears it from Slack itself. */
  let takesNoneUntil: Instant = 0;

  async function post(channel: string, content: Content): Promise<Card> {
    const message = { channel, ...content, unfurl_links: false, unfurl_media: false };
    const sent = await asking('chat.postMessage', client.chat.postMessage(message)).catch((error) => {
      if (error instanceof OutsideError && error.retryAfter !== undefined)
        takesNoneUntil = now() + error.retryAfter * SECOND;
      throw error;
    });
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
    drawing: drawingFor({ as, id: '' }, user, options.policy(user.account), now()),
    accountName: accountName(user.account),
    policy: options.policy(user.account),
    now: now(),
    vaultPath: options.vaultPath(secretHolder(user)),
    region: options.vaultRegion(user.account),
    pullCommand: options.pullCommand,
    helpers: helpersOfCard(user, as),
  });

  /** A channel's card is read by many; in private answers about it they are no fewer. */
  function helpersOfCard({ owner }: IamUser, as: Role): Helpers {
    if (owner.kind === 'channel') return { ...helpers, isForMany: true };
    return helpersFor(helpers, owner.kind === 'person' && as === 'owner' ? owner.slackId : undefined);
  }

  const factsFor = ({ personId }: Asker) => ({ accountName, helpers: helpersFor(helpers, personId) });

  const isWatched = (account: string) => options.policy(account).mode === 'preview';

  async function notice(user: IamUser, reader: MatterReader): Promise<Content> {
    const people = [...peopleInNotice(user, reader), ...peopleInSettlement(settlementOf(user, reader), user)];
    const policy = options.policy(user.account);
    return buildAdminNotice({
      user,
      reader,
      drawing: drawingFor(reader, user, policy, now()),
      accountName: accountName(user.account),
      personName: await peopleNames(people, options.directory),
      policy,
      now: now(),
    });
  }

  /** `ts`: where it is already; whom a later message tells of is not among those that are open there. */
  async function list(matter: MatterKind, users: readonly IamUser[], ts?: string): Promise<Content> {
    const isAbout = ({ reader }: SentMessage) => reader.as === 'admins' && reader.matter === matter;
    const unsettled = users.filter((user) =>
      matters(user, options.policy(user.account), now()).some(({ kind }) => kind === matter),
    );
    const open = unsettled.filter((user) => ts === undefined || user.messages.findLast(isAbout)?.ts === ts);
    // Only whoever is shown is worth looking up.
    const people = peopleInList({ matter, open });
    return buildAdminList({
      matter,
      open,
      settled: users.length - unsettled.length,
      retold: unsettled.length - open.length,
      drawing: (user) => drawingInList(matter, user, ts),
      accountName,
      personName: await peopleNames(people, options.directory),
      now: now(),
    });
  }

  /** As it was told there, or is about to be. */
  function drawingInList(matter: MatterKind, user: IamUser, ts?: string): string {
    const policy = options.policy(user.account);
    const told = user.messages.find((message) => message.ts === ts)?.reader;
    const level = matters(user, policy, now()).find(({ kind }) => kind === matter)?.level ?? 1;
    return drawingFor(told ?? { as: 'admins', matter, level, at: now() }, user, policy, now());
  }

  function drawn(user: IamUser, { reader }: SentMessage): Promise<Content> | Content {
    return reader.as === 'admins' ? notice(user, reader) : buildCard(view(user, reader.as));
  }

  async function summaryListView(list: SummaryListName, users: readonly IamUser[]) {
    const personName = await peopleNames(peopleOnList({ list, users }), options.directory);
    return { list, users, accountName, personName, now: now() };
  }

  async function summaryContent(summary: Summary): Promise<Content> {
    const personName = await peopleNames(peopleInSummary(summary), options.directory);
    const { maxKeyAgeDays } = options;
    return buildSummary(summary, { accountName, personName, helpChannel: helpers.channel, maxKeyAgeDays });
  }

  return {
    readyToSend() {
      const retryAfter = Math.ceil((takesNoneUntil - now()) / SECOND);
      if (retryAfter > 0) throw new OutsideError('busy', 'chat.postMessage', 'ratelimited', { retryAfter });
    },
    send: (user, to, isFirst) => post(to, buildCard(view(user, 'owner', isFirst))),
    sendDigest: (users, to, isFirst) =>
      post(to, buildDigest(users.map((user) => view(user, 'owner', isFirst)))),
    sendToAdmin: (user, slackId) => post(slackId, buildCard(view(user, 'admin'))),
    sendPreview: (user, slackId) => post(slackId, buildPreview(view(user, 'owner', true))),

    redraw: async (user, message) => update(message, await drawn(user, message)),
    tellMatter: async (user, reader) => post(adminChannel, await notice(user, reader)),
    tellMatters: async (matter, users) => post(adminChannel, await list(matter, users)),
    redrawMatters: async (matter, users, card) => update(card, await list(matter, users, card.ts)),

    async remove({ channel, ts }) {
      await askingUnless(REMOVED, 'chat.delete', client.chat.delete({ channel, ts }));
    },

    refuse: (job, refusal) => answer(job, buildRefusal(job, refusal, factsFor(job))),

    answerHelp: (job, help) => answer(job, buildHelp(help, factsFor(job))),
    answerTalk: (job, about, status) =>
      answer(job, buildTalk(about, status, { now: now(), ...factsFor(job) })),
    answerMoved: (job, user) => answer(job, buildCard(view(user, 'owner'))),
    answerStatus: (job, slackId, status) =>
      answer(job, buildStatus(status, slackId === undefined ? 'own' : { slackId }, now(), accountName)),
    answerList: (job, list) => answer(job, buildList(list, factsFor(job))),
    answerWhich: (job, users, which) => answer(job, buildWhich(job.command, users, accountName, which)),
    answerHow: (job, user, tool) => answer(job, buildHow(tool, view(user, 'owner'))),
    answerHistory: (job, history) => answer(job, buildHistory(history, accountName)),
    answerShown: (asker, user) => answer(asker, buildShown(user, accountName)),
    answerAssigned: (job, user, to) => answer(job, buildAssigned(user, to, accountName)),
    answerUnassigned: (job, user) => answer(job, buildUnassigned(user, accountName)),
    answerPressedMany: (job, pressed) =>
      answer(
        job,
        buildPressedMany(pressed, (user) => view(user, 'owner'), factsFor(job)),
      ),
    answerNudged: (job, nudged) => answer(job, buildNudged(nudged, accountName)),
    answerHandedOver: (job, handedOver) => answer(job, buildHandedOver(handedOver, accountName)),
    answerOwners: (job, owners, assigned) =>
      answer(
        job,
        buildOwners(owners, accountName, assigned),
        buildOwnersForm(owners, { ...job.place, turn: turnIn(job) }, accountName, assigned),
      ),
    answerPlan: (job, preview) =>
      answer(job, buildPlanMessage(preview, accountName), buildPlanForm(preview, job.place, accountName)),
    async sendOwnersTable({ personId }, rows, from) {
      const { content, until } = buildOwnersTable(rows, from, accountName);
      await post(personId, content);
      return until;
    },
    async sendSummaryTable({ personId }, users, from) {
      const few = users.slice(from, from + MOST_ROWS_IN_TABLE);
      const personName = await peopleNames(
        few.flatMap(({ owner }) => peopleOf(owner)),
        options.directory,
      );
      const facts = { accountName, personName, policy: options.policy, now: now() };
      const { content, until } = buildSummaryTable(users, from, facts);
      await post(personId, content);
      return until;
    },
    answerSummaryTable: (job, rows) => answer(job, saying(summaryTableSent(rows))),
    answerSecretsDeleted: (job, deleted) => answer(job, buildSecretsDeleted(deleted, accountName)),
    answerSweepStarted: (job, accounts) =>
      answer(job, saying(sweepStarted(accounts.length, accounts.every(isWatched)))),
    answerSummary: async (job, summary) => answer(job, await summaryContent(summary)),
    answerSummaryList: async (job, list, users) =>
      answer(job, buildSummaryList(await summaryListView(list, users))),

    answerRedriven: (job, redriven) => answer(job, saying(redrivenWords(redriven))),
    answerHealth: (job, findings) => answer(job, buildHealth(findings, accountName)),
    async postHealth(notice) {
      await post(adminChannel, buildHealthNotice(notice, accountName));
    },
    async sendHealth(notice, slackId, refusedAs) {
      await post(slackId, buildHealthNotice(notice, accountName, refusedAs));
    },

    async postSecretsDeleted(slackId, { scheduled }) {
      const personName = await peopleNames([slackId], options.directory);
      const paths = scheduled.map(options.vaultPath);
      await post(adminChannel, buildSecretsNotice({ slackId, personName, now: now(), paths }));
    },

    async publishHome(slackId, page, hash) {
      const personName = await peopleNames(peopleInPage(page), options.directory);
      const { maxKeyAgeDays, policy } = options;
      const facts = {
        ...{ accountName, personName, maxKeyAgeDays, policy, view },
        helpers: helpersFor(helpers, slackId),
      };
      const publish = async (charts: 'drawn' | 'in words'): Promise<boolean> => {
        const home = buildHome(page, facts, charts);
        const published = client.views.publish({ user_id: slackId, view: home, ...(hash && { hash }) });
        try {
          return (await askingUnless(OVERTAKEN, 'views.publish', published)) !== undefined;
        } catch (error) {
          if (!hasChart(home) || !isChartRefused(error)) throw error;
          takesCharts = false;
          return publish('in words');
        }
      };
      return (await publish(takesCharts ? 'drawn' : 'in words')) ? 'published' : 'changedMeanwhile';
    },

    async postSummary(summary) {
      await post(adminChannel, await summaryContent(summary));
    },
  };
}

/** A name that cannot be had is left out: it is not worth failing for. */
async function peopleNames(slackIds: Iterable<string>, directory: People): Promise<PersonName> {
  const names = new Map<string, string | undefined>();
  for (const id of new Set(slackIds)) names.set(id, await nameOrNothing(id, directory));
  return (id) => names.get(id);
}

async function nameOrNothing(id: string, directory: People): Promise<string | undefined> {
  try {
    return (await directory.personById(id))?.name;
  } catch (error) {
    if (error instanceof OutsideError) return undefined;
    throw error;
  }
}

/** The press that turned the page of a form. */
function turnIn({ id, command }: CommandJob): string | undefined {
  return command.name === 'owners' && command.from !== undefined ? id : undefined;
}
