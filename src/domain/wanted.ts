// Which messages about an IAM user should be there now, and what each should show. It follows from the record alone.
import { type AccessKey, oldestFirst } from './access-key.ts';
import { fingerprint } from './fingerprint.ts';
import type { IamUser, Question } from './iam-user.ts';
import { matters } from './matters.ts';
import {
  type Card,
  isForSame,
  isSameCard,
  type MatterKind,
  type Reader,
  type SentMessage,
} from './message.ts';
import { situationOf } from './moves/situation.ts';
import { ticksIn } from './moves/ticks.ts';
import { addressOf } from './owner.ts';
import { graceEndsAt, type Policy } from './policy.ts';
import { isOff, isOpen, type MoreTime, type Rotation, requestIn } from './rotation.ts';
import type { Instant } from './time.ts';

/** What is to be done about a message so that it is as it should be. */
export type Correction =
  /** `isLast`: it is over for its reader, and is not kept up to date afterwards. */
  | { kind: 'redraw'; message: SentMessage; drawing: string; isLast: boolean }
  | { kind: 'remove'; message: SentMessage };

export function corrections(user: IamUser, policy: Policy, now: Instant): Correction[] {
  if (policy.mode === 'preview') return [];
  return user.messages.flatMap((message): Correction[] => {
    if (isReplaced(message, user)) return [{ kind: 'remove', message }];
    const drawing = drawingFor(message.reader, user, policy, now);
    const isLast = isOver(message.reader, user, policy, now);
    return isLast || message.drawing !== drawing ? [{ kind: 'redraw', message, drawing, isLast }] : [];
  });
}

/**
 * Names a drawing: what a press on it relies on, and behind a dot what else it shows. A button carries it, so that a
 * press on something that is no longer so counts for nothing.
 */
export function drawingFor(reader: Reader, user: IamUser, policy: Policy, now: Instant): string {
  if (reader.as === 'admins') return fingerprint([matterFacts(reader.matter, user), reader.level]);
  return `${reliedOn(user)}.${fingerprint(alsoShown(user, policy, now))}`;
}

/** Whether what stood around a button when it was drawn still holds. `message`: the one that was pressed on. */
export function isStillSo(
  drawing: string,
  { reader }: SentMessage,
  user: IamUser,
  policy: Policy,
  now: Instant,
): boolean {
  return firstPart(drawing) === firstPart(drawingFor(reader, user, policy, now));
}

/** Only one that no other has replaced can be pressed. */
export function messageAt(user: IamUser, ts: string | undefined): SentMessage | undefined {
  return user.messages.findLast((message) => message.ts === ts && !isReplaced(message, user));
}

export function isSent(user: IamUser, card: Card): boolean {
  return user.messages.some((message) => isSameCard(message, card));
}

/** The card that counts: the last one sent. */
export function cardOf(
  { messages }: Pick<IamUser, 'messages'>,
  as: 'owner' | 'admin' = 'owner',
): SentMessage | undefined {
  return messages.findLast(({ reader }) => reader.as === as);
}

export function withMessage<U extends Pick<IamUser, 'messages'>>(user: U, message: SentMessage): U {
  return { ...user, messages: [...withoutMessage(user, message).messages, message] };
}

export function withoutMessage<U extends Pick<IamUser, 'messages'>>(user: U, card: Card): U {
  return { ...user, messages: user.messages.filter((one) => !isSameCard(one, card)) };
}

/** Forgets which drawing is shown there, so that the message is redrawn. */
export function drawnAnew(user: IamUser, ts: string | undefined): IamUser {
  const messages = user.messages.map((message) =>
    message.ts === ts ? { ...message, drawing: '' } : message,
  );
  return { ...user, messages };
}

function firstPart(drawing: string): string {
  return drawing.split('.')[0] ?? '';
}

/** Another message for the same reader came later; or it is the card of somebody who owned the user before. */
function isReplaced({ channel, ts, reader }: SentMessage, { messages, owner }: IamUser): boolean {
  const at = messages.findIndex((message) => isSameCard(message, { channel, ts }));
  if (messages.slice(at + 1).some((later) => isForSame(later.reader, reader))) return true;
  return reader.as === 'owner' && owner.kind !== 'nobody' && addressOf(owner) !== reader.id;
}

/** A card is over when nobody owns the user. A message about a matter is over once the matter is settled. */
function isOver(reader: Reader, user: IamUser, policy: Policy, now: Instant): boolean {
  if (reader.as === 'owner') return user.owner.kind === 'nobody';
  if (reader.as === 'admin') return false;
  return !matters(user, policy, now).some(({ kind }) => kind === reader.matter);
}

function reliedOn({ rotation, question, keys, owner, ownerChange, stranded }: IamUser): string {
  const step = rotation && [rotation.oldKeyId, rotation.history.length];
  return fingerprint([
    step,
    question && asked(question),
    statusesOf(keys),
    owner.kind,
    ownerChange?.to,
    stranded,
  ]);
}

/** How long ago a key was used when it was asked about: a doubt that grew since is another one. */
function asked({ move, doubts, askedAt }: Question): unknown {
  return [
    move,
    doubts.map((doubt) => ('at' in doubt ? [doubt.kind, doubt.service, askedAt - doubt.at] : doubt)),
  ];
}

function alsoShown(user: IamUser, policy: Policy, now: Instant): unknown[] {
  const { rotation, keys, owner, exempt, secretOpenedOn, claim, question } = user;
  const facts = { ...rotation, history: undefined, isFiled: undefined };
  const doing = claim && [claim.move, claim.keyId];
  const isDeletable = rotation !== undefined && hasGraceEnded(rotation, policy, now);
  const situation = situationOf(user, policy, now);
  const ticks = situation && ticksIn(situation);
  return [
    ...[facts, oldestFirst(keys), owner, exempt, secretOpenedOn, doing, question?.askedAt],
    ...[isDeletable, ticks],
  ];
}

/** AWS lists keys in no order. */
function statusesOf(keys: readonly AccessKey[]): unknown {
  return oldestFirst(keys).map(({ id, status }) => [id, status]);
}

function hasGraceEnded(rotation: Rotation, policy: Policy, now: Instant): boolean {
  return isOpen(rotation) && isOff(rotation) && graceEndsAt(rotation, policy) <= now;
}

/** What an admin decides by. */
function matterFacts(kind: MatterKind, { rotation, ownerChange, owner, disowned, keys }: IamUser): unknown {
  const request = rotation && requestIn(rotation);
  const facts: Record<MatterKind, unknown> = {
    timeAsked: request && wished(request),
    bothNeeded: rotation?.stage === 'due' ? rotation.bothNeeded?.by : undefined,
    notMine: [disowned?.slackId, disowned?.why, owner],
    ownerChanged: [ownerChange?.to, owner],
    ownerLeft: owner,
    noOwner: owner,
    silence: [owner, rotation?.stage, rotation?.contactedAt],
    nothingWorks: statusesOf(keys),
  };
  return [kind, rotation?.oldKeyId, facts[kind]];
}

function wished({ until, why, by, at }: MoreTime): unknown {
  return [until - at, why, by];
}
