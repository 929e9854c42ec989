// What happens in the sandbox, as verbs: time passes, schedules run, people press and type, applications use keys.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DAY, MINUTE } from '../clock.ts';
import { type Sandbox, SIGNING_SECRET } from '../sandbox.ts';
import { useKey } from '../servers/aws/use-key.ts';
import { showCommandAnswer, showModalAnswer } from '../servers/slack/ack.ts';
import { inbox } from '../servers/slack/conversations.ts';
import { pressables } from '../servers/slack/pressables.ts';
import { signedRequest } from '../servers/slack/signed-request.ts';
import { plainText } from '../servers/slack/transcript.ts';
import type { Message, Modal, ShownView } from '../servers/slack/workspace.ts';
import { itemsAt } from './items.ts';

interface HttpReply {
  statusCode: number;
  body?: string;
}

/** What comes back later than this is left to the ticks. */
const PATIENCE = 10 * MINUTE;

/** Delivers everything that is queued, and moves the clock on for what comes back soon. */
export async function drain({ queues, clock }: Sandbox): Promise<void> {
  const until = clock.now() + PATIENCE;
  for (let round = 0; round < 200; round += 1) {
    const delivered = await queues.pump();
    const next = queues.nextVisibleAt();
    if (next !== undefined && next > clock.now() && next <= until) clock.advance(next - clock.now());
    else if (delivered === 0) return;
  }
  throw new Error('the queues do not come to rest');
}

type Task = 'tick' | 'sweep' | 'summary' | 'check';

/** What a schedule does, and nothing that follows. A sweep comes once a night: AWS has no report of the last four hours, and makes one. */
export async function setOff({ aws, functions }: Sandbox, task: Task): Promise<void> {
  if (task === 'sweep') for (const { iam } of aws.accounts.values()) delete iam.state.report;
  await functions.scheduler.invoke({ task });
}

export async function run(sandbox: Sandbox, task: Task): Promise<void> {
  await setOff(sandbox, task);
  await drain(sandbox);
  // In production a tick follows within five minutes, and brings to owners what the sweep found.
  if (task === 'sweep') await run(sandbox, 'tick');
}

/** Moves the clock without anything happening meanwhile, as if schedules had failed, then lets one tick run. */
export async function passTime(sandbox: Sandbox, ms: number): Promise<void> {
  sandbox.clock.advance(ms);
  await run(sandbox, 'tick');
}

/** The messages a person still sees that carry buttons, newest last. */
export function cards(sandbox: Sandbox, person: string): Message[] {
  return inbox(sandbox.slack.workspace, person).filter((message) => !message.ephemeralTo);
}

/** The one live card about an IAM user. Throws when there is none or more than one. */
export function card(sandbox: Sandbox, person: string, userName: string): Message {
  const found = cards(sandbox, person).filter((message) => isAbout(message, userName));
  const [message] = found;
  if (!message || found.length > 1) throw new Error(`${person} has ${found.length} cards about ${userName}`);
  return message;
}

export function buttons(message: Pick<Message, 'blocks'>): string[] {
  return pressables(message).map(({ label }) => label);
}

/** What only this person was told, newest last. */
export function whispers(sandbox: Sandbox, person: string): string[] {
  return inbox(sandbox.slack.workspace, person)
    .filter((message) => message.ephemeralTo === person)
    .map(plainText);
}

/**
 * Presses a button by its label and waits until all that follows is done. A form that this opens is filled in with
 * `values`, by its labels, and submitted: then the reply is the submission's. `nth`, from 1, where several read the same.
 */
export async function press(
  sandbox: Sandbox,
  user: string,
  message: Message,
  button: string,
  values: Record<string, string> = {},
  nth?: number,
): Promise<HttpReply> {
  const reply = await pressOnly(sandbox, user, message, button, nth);
  if (openModal(sandbox, user)) return submit(sandbox, user, values);
  if (Object.keys(values).length > 0) throw new Error(`“${button}” opened no form to fill in`);
  return reply;
}

/** Presses, and leaves a form that this opens as it is. */
export async function pressOnly(
  sandbox: Sandbox,
  user: string,
  message: Message,
  button: string,
  nth?: number,
): Promise<HttpReply> {
  const click = sandbox.slack.people.click({ user, message, button, ...(nth !== undefined && { nth }) });
  const reply = await deliver(sandbox, click);
  await drain(sandbox);
  return reply;
}

/** The modal a person has before them. */
export function openModal({ slack }: Sandbox, user: string): ShownView<Modal> | undefined {
  return [...slack.workspace.modals.values()].findLast((shown) => shown.user === user);
}

/** Submits the open modal and waits until all that follows is done. Throws what it is answered when it must stay open. */
export async function submit(
  sandbox: Sandbox,
  user: string,
  values: Record<string, string> = {},
): Promise<HttpReply> {
  const view = openModal(sandbox, user);
  if (!view) throw new Error(`${user} has no form open`);
  const { slack, clock } = sandbox;
  const reply = await deliver(sandbox, slack.people.submit({ view, values }));
  const complaints = Object.values(showModalAnswer({ workspace: slack.workspace, clock }, view, reply));
  await drain(sandbox);
  if (complaints.length > 0) throw new Error(`the form says: ${complaints.join(' ')}`);
  return reply;
}

/** The newest message that lists several of somebody's. Throws where there is none. */
export function listOf(sandbox: Sandbox, person: string): Message {
  const list = cards(sandbox, person).findLast(
    (one) => !one.deleted && buttons(one).some((label) => /^Create \d+ new keys/.test(label)),
  );
  if (!list) throw new Error(`${person} has no list of several`);
  return list;
}

/** Presses a button in the open modal, or Enter in a field that is heard of at once. */
export async function pressInModal(
  sandbox: Sandbox,
  user: string,
  button: string,
  values: Record<string, string> = {},
): Promise<void> {
  const view = openModal(sandbox, user);
  if (!view) throw new Error(`${user} has no form open`);
  await deliver(sandbox, sandbox.slack.people.clickInModal({ view, button, values }));
  await drain(sandbox);
}

/** Opens the card of one IAM user from the message that lists several. Throws where no such row is. */
export async function openRow(sandbox: Sandbox, person: string, userName: string): Promise<void> {
  for (const message of cards(sandbox, person)) {
    const rows = pressables(message).filter(({ label }) => label === 'Open');
    const nth = rows.findIndex(
      ({ element }) => 'value' in element && element.value?.split('#')[0]?.endsWith(`/${userName}`),
    );
    if (nth < 0) continue;
    const click = sandbox.slack.people.click({ user: person, message, button: 'Open', nth: nth + 1 });
    await deliver(sandbox, click);
    return drain(sandbox);
  }
  throw new Error(`${person} has no message that lists ${userName}`);
}

/** Writes to the bot in the direct conversation. */
export async function write(sandbox: Sandbox, user: string, text: string): Promise<void> {
  const { people } = sandbox.slack;
  const event = people.sent({ message: people.write({ user, text }) });
  if (event) await deliver(sandbox, event);
  await drain(sandbox);
}

/** How many requests of people wait to be tried again. */
export function waiting({ aws }: Sandbox): number {
  const clicks = [...aws.sqs.state.queues.values()].filter(({ settings }) =>
    /clicks\.fifo$/.test(settings.name),
  );
  return clicks.reduce((sum, { messages }) => sum + messages.length, 0);
}

/** Opens Home, and waits until it is drawn. */
export async function openHome(sandbox: Sandbox, user: string): Promise<void> {
  await deliver(sandbox, sandbox.slack.people.appHomeOpened({ user }));
  await drain(sandbox);
}

/** What stands in somebody's Home. */
export function home({ slack }: Sandbox, user: string): Pick<Message, 'text' | 'blocks'> {
  return { text: '', blocks: slack.workspace.homes.get(user)?.view.blocks ?? [] };
}

/** The same as `press`, in Home. */
export async function pressInHome(
  sandbox: Sandbox,
  user: string,
  button: string,
  values: Record<string, string> = {},
  nth?: number,
): Promise<void> {
  const click = sandbox.slack.people.clickInHome({ user, button, ...(nth !== undefined && { nth }) });
  await deliver(sandbox, click);
  await drain(sandbox);
  if (openModal(sandbox, user)) await submit(sandbox, user, values);
}

/** Types into an input of Home, or chooses a person there. */
export async function fillInHome(
  sandbox: Sandbox,
  user: string,
  label: string,
  given: string,
): Promise<void> {
  await deliver(sandbox, sandbox.slack.people.fillInHome({ user, label, given }));
  await drain(sandbox);
}

/** Types a slash command; what Slack shows at once is returned. */
export async function command(
  sandbox: Sandbox,
  user: string,
  text: string,
  channel: string,
): Promise<Message | undefined> {
  const reply = await deliver(sandbox, sandbox.slack.people.slashCommand({ user, channel, text }));
  const slack = { workspace: sandbox.slack.workspace, clock: sandbox.clock };
  const shown = showCommandAnswer(slack, { user, channel }, reply);
  await drain(sandbox);
  return shown;
}

/** Hands any request to the slack function, as API Gateway does. */
export async function deliver(sandbox: Sandbox, event: unknown): Promise<HttpReply> {
  return (await sandbox.functions.slack.invoke(event)) as HttpReply;
}

/** An application does something with a key; by its place in IAM, so that nobody needs to know the secret. */
export async function applicationUses(sandbox: Sandbox, keyId: string, service: string): Promise<boolean> {
  const owner = [...sandbox.aws.iam.state.users.values()].find((user) =>
    user.keys.some((key) => key.id === keyId),
  );
  const key = owner?.keys.find(({ id }) => id === keyId);
  if (!key) return false;
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const { ok } = await useKey(
    sandbox.aws.wire.url,
    credentials,
    service,
    sandbox.organisation.region,
    sandbox.clock,
  );
  return ok;
}

/** A user's keys as IAM holds them. */
export function keysOf(sandbox: Pick<Sandbox, 'aws'>, userName: string) {
  return sandbox.aws.iam.state.users.get(userName.toLowerCase())?.keys ?? [];
}

/** Days as they are in production, except that only one tick runs, after the sweep. */
export async function passDays(sandbox: Sandbox, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    sandbox.clock.advance(DAY);
    await run(sandbox, 'sweep');
  }
}

/** The one message about an IAM user whose moves can still be pressed. Throws when there is none or more than one. */
export function liveCard(sandbox: Sandbox, person: string, userName: string): Message {
  const live = cards(sandbox, person).filter(
    (message) => isAbout(message, userName) && buttons(message).some((label) => label !== 'History'),
  );
  const [message] = live;
  if (!message || live.length > 1)
    throw new Error(`${person} has ${live.length} live cards about ${userName}`);
  return message;
}

/** A card is about one IAM user; a message that lists several is none. */
export function isAbout(message: Message, userName: string): boolean {
  const listsSeveral = buttons(message).includes('Open');
  return !listsSeveral && plainText(message).includes(userName);
}

/** What tests alter in a press. */
export interface PressPayload {
  [field: string]: unknown;
  user: { id: string };
  trigger_id: string;
  container: { message_ts: string; channel_id: string };
  message: { ts: string };
  actions: [{ action_id: string; value: string }];
}

/** A press as it arrives when its payload is not the one that the message shows, signed by Slack all the same. */
export function alteredPress(
  sandbox: Sandbox,
  event: APIGatewayProxyEventV2,
  change: (payload: PressPayload) => void,
): APIGatewayProxyEventV2 {
  const { body = '', isBase64Encoded } = event;
  const form = new URLSearchParams(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8'));
  const payload: PressPayload = JSON.parse(form.get('payload') ?? '');
  change(payload);
  form.set('payload', JSON.stringify(payload));
  const sender = { signingSecret: SIGNING_SECRET, clock: sandbox.clock };
  return signedRequest(sender, 'application/x-www-form-urlencoded', form.toString());
}

export interface StoredEntry {
  /** Of a move that the version before does not know. */
  ownName?: string;
  at: string;
  jobId: string;
  what: string;
  outcome: string;
  by: { kind: string; slackId?: string; as?: string };
  from?: string;
  to: string;
  evidence: { id: string; status: string; lastUse: { seen: string; service?: string } }[];
  awsRequestIds: string[];
  reason?: string;
}

export interface StoredRotation {
  stage: string;
  oldKeyId: string;
  offSince?: string;
  closedAt?: string;
  replacement?: { keyId: string; vaultVersion: string };
  history: StoredEntry[];
}

export interface StoredUser {
  version: number;
  owner: { kind: string; slackId?: string; from?: string; timeZone?: string; why?: string };
  rotation?: StoredRotation;
  card?: { channel: string; ts: string };
  claim?: object;
  unconfirmed: { sighting: string; firstSeenAt: string }[];
  failure?: { what: string; code: string };
}

/** What the table holds about an IAM user, asked of the table itself: its record, and its closed rotations, oldest first. */
export async function recordOf(
  sandbox: Sandbox,
  userName: string,
): Promise<{ current: StoredUser | undefined; closed: StoredRotation[] }> {
  const items = await itemsAt(sandbox, `USER#${sandbox.organisation.account}#${userName}`);
  return {
    current: items.find(({ sk }) => sk === 'CURRENT') as StoredUser | undefined,
    closed: items.filter(({ sk }) => sk !== 'CURRENT').map(({ rotation }) => rotation as StoredRotation),
  };
}
