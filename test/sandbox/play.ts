// What happens in the sandbox, as verbs: time passes, schedules run, people press and type, applications use keys.
import { useKey } from './aws/use-key.ts';
import { MINUTE } from './clock.ts';
import type { Sandbox } from './sandbox.ts';
import { showCommandAnswer } from './slack/ack.ts';
import { pressables } from './slack/buttons.ts';
import { inbox } from './slack/conversations.ts';
import { plainText } from './slack/transcript.ts';
import type { Message } from './slack/workspace.ts';

interface HttpReply {
  statusCode: number;
  body?: string;
}

/** Messages that come back later than this are left to the ticks. */
const PATIENCE = 10 * MINUTE;

/** Delivers everything that is queued, and moves the clock on for what comes back soon. */
export async function settle({ queues, clock }: Sandbox): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    const delivered = await queues.pump();
    const next = queues.nextVisibleAt();
    if (next !== undefined && next > clock.now() && next - clock.now() <= PATIENCE)
      clock.advance(next - clock.now());
    else if (delivered === 0) return;
  }
  throw new Error('the queues do not come to rest');
}

/** What a schedule sets off. */
export async function run(sandbox: Sandbox, task: 'tick' | 'sweep' | 'summary'): Promise<void> {
  await sandbox.functions.scheduler.invoke({ task });
  await settle(sandbox);
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
  const found = cards(sandbox, person).filter(
    (message) => message.text.includes(userName) || plainText(message).includes(userName),
  );
  const [message] = found;
  if (!message || found.length > 1) throw new Error(`${person} has ${found.length} cards about ${userName}`);
  return message;
}

export function buttons(message: Message): string[] {
  return pressables(message).map(({ label }) => label);
}

/** What only this person was told, newest last. */
export function whispers(sandbox: Sandbox, person: string): string[] {
  return inbox(sandbox.slack.workspace, person)
    .filter((message) => message.ephemeralTo === person)
    .map(plainText);
}

/** Presses a button by its label and waits until all that follows is done. */
export async function press(
  sandbox: Sandbox,
  user: string,
  message: Message,
  button: string,
): Promise<HttpReply> {
  const reply = await deliver(sandbox, sandbox.slack.people.click({ user, message, button }));
  await settle(sandbox);
  return reply;
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
  await settle(sandbox);
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
export function keysOf(sandbox: Sandbox, userName: string) {
  return sandbox.aws.iam.state.users.get(userName.toLowerCase())?.keys ?? [];
}
