// The door to the internet as deployed, gateway and Bolt and listeners, with a queue that only remembers.
import type { ModalView } from '@slack/types';
import { expect } from 'vitest';
import { buildApp, type HttpReply } from '../../../../src/adapters/slack/app.ts';
import { buildCard } from '../../../../src/adapters/slack/blocks/card.ts';
import { slackGateway } from '../../../../src/adapters/slack/gateway.ts';
import { readQueuedPress } from '../../../../src/adapters/slack/queued-press.ts';
import { writeRequest } from '../../../../src/adapters/slack/queued-request.ts';
import type { SlackJob } from '../../../../src/usecases/jobs.ts';
import type { Log, LogFacts } from '../../../../src/usecases/ports.ts';
import { Secret } from '../../../../src/usecases/secret.ts';
import { DAY, sandboxClock } from '../../../sandbox/clock.ts';
import { addMessage } from '../../../sandbox/servers/slack/chat.ts';
import { openDm } from '../../../sandbox/servers/slack/conversations.ts';
import { people } from '../../../sandbox/servers/slack/people.ts';
import {
  type ContentType,
  type Forgery,
  signedRequest,
} from '../../../sandbox/servers/slack/signed-request.ts';
import { viewMethods } from '../../../sandbox/servers/slack/views.ts';
import {
  addChannel,
  addMember,
  createWorkspace,
  type Message,
  type Modal,
  type ShownView,
} from '../../../sandbox/servers/slack/workspace.ts';
import { NOW, POLICY, userAt, viewOf } from '../fixtures.ts';

export const SIGNING_SECRET = 'the-signing-secret';
export const PREVIOUS_SECRET = 'the-signing-secret-before';
/** The label of a button on the card that `door` puts before Ana. */
export const BUTTON = 'Create new key';

/** What the accounts are called: two of them alike. */
const ACCOUNTS = new Map<string, string>([
  ['111122223333', 'prod'],
  ['444455556666', 'Data & more'],
  ['777788889999', 'R/D'],
  ['222233334444', 'twins'],
  ['333344445555', 'Twins'],
]);

const AMONG = {
  accounts: [...ACCOUNTS.keys()],
  accountName: (account: string) => ACCOUNTS.get(account),
};

const SENT = { messageId: 'message-1', sender: 'AROA:keyrotate-dev-slack' };

export type Door = ReturnType<typeof door>;

/** `slackUrl`: where the addresses for answers lead. */
export function door(slackUrl = 'https://hooks.slack.com') {
  const workspace = createWorkspace();
  const clock = sandboxClock(new Date(NOW));
  const sender = { signingSecret: SIGNING_SECRET, clock };
  const ana = addMember(workspace, { name: 'ana' });
  /** What the worker will read off the queue. */
  const queued: SlackJob[] = [];
  const logged: { level: keyof Log; event: string; facts: LogFacts }[] = [];
  const at =
    (level: keyof Log) =>
    (event: string, facts: LogFacts = {}) => {
      logged.push({ level, event, facts });
    };
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error') };
  const fakes = {
    /** The message as it is put on the clicks queue, and the job that its place there goes by. */
    put: async (message: string, job: SlackJob): Promise<void> => {
      // Days later, when nothing is fresh any more.
      const read = await readQueuedPress(message, SENT, { ...worker, now: () => clock.now() + 9 * DAY });
      expect(read, 'as the worker reads it').toEqual(job);
      queued.push(job);
    },
    signingSecrets: async (_which?: 'newest') => [new Secret(SIGNING_SECRET), new Secret(PREVIOUS_SECRET)],
    /** As Slack does, with its own rules about forms and triggers. */
    openForm: async (trigger_id: string, view: ModalView): Promise<void> => {
      viewMethods['views.open']?.run({ trigger_id, view }, { workspace, clock });
    },
  };
  const bolt = buildApp({
    ...AMONG,
    queue: (request, job) => fakes.put(writeRequest(request), job),
    policy: () => POLICY,
    now: clock.now,
    log,
    openForm: (triggerId, view) => fakes.openForm(triggerId, view),
    responseUrlBase: slackUrl,
  });
  const verifying = {
    ...{ teamId: workspace.team.id, appId: workspace.appId, now: clock.now, log },
    signingSecrets: (which?: 'newest') => fakes.signingSecrets(which),
  };
  const worker = { ...verifying, among: AMONG };
  const gateway = slackGateway({ ...verifying, bolt });
  const slack = { workspace, clock };

  return {
    ...{ workspace, clock, ana, queued, logged, fakes },
    act: people({ ...slack, signingSecret: SIGNING_SECRET, slackUrl }),
    channel: addChannel(workspace, { name: 'general', members: [ana.id, workspace.bot.userId] }).id,
    /** Ana's card, or another message in her conversation with the bot. */
    message: (content: Pick<Message, 'text' | 'blocks'> = buildCard(viewOf(userAt('due')))): Message =>
      addMessage(slack, openDm(workspace, ana.id), content),
    /** Any body, signed as Slack signs. */
    signed: (contentType: ContentType, body: string, forge: Forgery = {}) =>
      signedRequest(sender, contentType, body, forge),
    /** The form that Ana has before her. */
    form: (): ShownView<Modal> | undefined => [...workspace.modals.values()].at(-1),
    receive: (event: unknown): Promise<HttpReply> => gateway(event),
    jobs: () => queued,
    events: () => logged.map(({ event }) => event),
  };
}
