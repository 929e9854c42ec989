// What must be true whatever happened, asked of the servers: IAM, the vault, the table, and what Ana sees in Slack.
import { ending } from '../../../src/domain/access-key.ts';
import { type HistoryEntry, isOpen, replacementOf } from '../../../src/domain/rotation.ts';
import type { Stage } from '../../../src/domain/transitions.ts';
import { DAY } from '../../sandbox/clock.ts';
import { buttons, keysOf } from '../../sandbox/play.ts';
import { plainText } from '../../sandbox/slack/transcript.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Mark, workerCalls } from './faults.ts';
import { everMinted, inVault, keysIn, messagesTo, type Stored, stored, type World } from './world.ts';

/** How things stood before the press. */
export interface Before {
  userName: string;
  minted: number;
  keys: string;
  entries: number;
  bystander: string;
  whispers: number;
  from: Mark;
}

/** Everything about one user, read anew. */
interface Now extends Stored {
  world: World;
  userName: string;
  card: Message | undefined;
  cards: number;
}

const GRACE = 7 * DAY;

/** What a card at each stage says, in its first paragraph. */
const SAYS: Record<Stage, RegExp> = {
  due: /Access key .* is /,
  postponed: /Put off until/,
  issued: /New key .* is ready/,
  confirmed: /has replaced it everywhere/,
  deactivated: /Old key .* is off since/,
  retired: /Key .* is off since/,
  deleted: /Done.*is deleted/,
  resolved: /Done.*in AWS/,
};

export async function takeStock(world: World, userName: string): Promise<Now> {
  const record = await stored(world, userName);
  const found = messagesTo(world).cards.filter((message) => plainText(message).includes(userName));
  return { ...record, world, userName, card: found[0], cards: found.length };
}

/** Every rule that is broken, in words. */
export function broken(before: Before, now: Now, pressed: number): string[] {
  return [
    ...keysAreSafe(now),
    ...mintedAtMost(before, now, pressed),
    ...nothingElseTouched(before, now),
    ...deletedWithCare(now),
    ...comesToRest(now),
    ...cardIsTrue(now),
    ...isWrittenDown(before, now, pressed),
    ...nothingLeaked(before, now),
  ];
}

/** Danger 1: a key that works and that nobody can have. */
function keysAreSafe({ world, userName, user, card }: Now): string[] {
  const [original] = everMinted(world.sandbox, userName);
  return keysOf(world.sandbox, userName)
    .filter(({ id, secret }) => id !== original && inVault(world.sandbox, userName, id) !== secret)
    .filter(({ id }) => !user.stranded.includes(id) || !card || !plainText(card).includes(ending(id)))
    .map(({ id }) => `${id} works, its secret is nowhere, and nobody is told`);
}

/** Danger 7. */
function mintedAtMost(before: Before, { world, userName }: Now, pressed: number): string[] {
  const minted = everMinted(world.sandbox, userName).length - before.minted;
  return minted > pressed ? [`${minted} keys were made by ${pressed} presses`] : [];
}

function nothingElseTouched({ bystander }: Before, { world }: Now): string[] {
  return keysIn(world.sandbox, world.bystander) === bystander ? [] : ["somebody else's keys were changed"];
}

/** Dangers 8 and 17: an old key goes only when it is off, and has been for the whole of the grace period. */
function deletedWithCare({ world, userName }: Now): string[] {
  const [original] = everMinted(world.sandbox, userName);
  const gone = world.sandbox.aws.iam.state.deletedKeys.find(({ id }) => id === original);
  if (!gone) return [];
  const calls = world.sandbox.aws.wire.calls.filter(
    ({ action, input }) => action === 'DeleteAccessKey' && input.AccessKeyId === original,
  );
  const soonest = Math.min(...calls.map(({ at }) => at));
  if (gone.status !== 'Inactive') return ['the old key was deleted while it worked'];
  return soonest - gone.lastChangedAt < GRACE ? ['the old key was deleted before its time'] : [];
}

function comesToRest({ user, world }: Now): string[] {
  const dead = [...world.sandbox.aws.sqs.state.queues].filter(
    ([name, { messages }]) => name.endsWith('-dead.fifo') && messages.length > 0,
  );
  return [
    ...(user.claim ? [`${user.claim.move} is still claimed`] : []),
    // What notifies waits for tomorrow's message.
    ...(user.owed.some((debt) => debt !== 'notify') ? [`still owed: ${user.owed}`] : []),
    ...dead.map(([name]) => `a message was given up: ${name}`),
  ];
}

function cardIsTrue({ user, world, userName, card, cards }: Now): string[] {
  const { rotation } = user;
  if (!rotation || !card || cards !== 1) return [`there are ${cards} cards`];
  const text = plainText(card);
  const said = SAYS[rotation.stage].test(text) ? [] : [`at ${rotation.stage} the card says: ${text}`];
  const wayOn =
    isOpen(rotation) === buttons(card).length > 0 ? [] : [`at ${rotation.stage}: ${buttons(card)}`];
  const recorded = user.card?.ts === card.ts ? [] : ['the card shown is not the one that counts'];
  const keys = keysOf(world.sandbox, userName);
  const status = (id: string | undefined) => keys.find((key) => key.id === id)?.status ?? 'gone';
  const [old, fresh] = [status(rotation.oldKeyId), status(replacementOf(rotation)?.keyId)];
  const isSo = `${old} ${fresh}` === TRUTH[rotation.stage] || rotation.stage === 'deleted';
  const gone = rotation.stage !== 'deleted' || old === 'gone';
  return [
    ...said,
    ...wayOn,
    ...recorded,
    ...(isSo && gone ? [] : [`at ${rotation.stage} the keys are ${old} and ${fresh}`]),
  ];
}

/** The old key and the new one in IAM. */
const TRUTH: Partial<Record<Stage, string>> = {
  due: 'Active gone',
  issued: 'Active Active',
  confirmed: 'Active Active',
  deactivated: 'Inactive Active',
  retired: 'Inactive gone',
};

function isWrittenDown(before: Before, now: Now, pressed: number): string[] {
  const { user, filed, world, userName } = now;
  const since = (user.rotation?.history ?? []).slice(before.entries);
  const jobs = since.map(({ jobId }) => jobId);
  const changed = keysIn(world.sandbox, userName) !== before.keys;
  const mustBeFiled = user.rotation?.stage === 'deleted' ? 1 : 0;
  return [
    ...(changed && since.length === 0 ? ['a change is missing from the history'] : []),
    ...(since.length > pressed ? [`${pressed} presses, and the history has ${since.map(words)}`] : []),
    ...(new Set(jobs).size < jobs.length
      ? [`one press stands in the history twice: ${since.map(words)}`]
      : []),
    ...(filed !== mustBeFiled ? [`${filed} rotations are filed`] : []),
  ];
}

function words({ what, outcome, reason = '' }: HistoryEntry): string {
  return `${what} ${outcome} ${reason}`.trim();
}

/** Danger 28, for this user's secrets; leaks() asks the same of a whole sandbox. */
function nothingLeaked({ from }: Before, { world, userName }: Now): string[] {
  const { aws } = world.sandbox;
  const minted = everMinted(world.sandbox, userName);
  const all = [...keysOf(world.sandbox, userName), ...aws.iam.state.deletedKeys];
  const secrets = all.filter(({ id }) => minted.includes(id)).map(({ secret }) => secret);
  const outside = workerCalls(world, from).filter(({ service }) =>
    ['dynamodb', 'sqs', 'slack'].includes(service),
  );
  const texts = [
    ...outside.map(({ requestBody }) => requestBody),
    ...world.sandbox.functions.worker.logs.slice(from.logs),
  ];
  return secrets
    .filter((secret) => texts.some((text) => text.includes(secret)))
    .map(() => 'a secret has leaked');
}

/** The rule for a move that was not done: whoever pressed must have heard so, not only that it takes longer. */
export function wasTold({ whispers }: Before, { world, user }: Now): boolean {
  const since = messagesTo(world).whispers.slice(whispers).map(plainText);
  return user.question !== undefined || since.some((text) => !text.includes('still under way'));
}
