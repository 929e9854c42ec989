// How a matter that admins were told of was settled, as the record tells.
import { anyWorks } from '../../../domain/access-key.ts';
import type { IamUser, News } from '../../../domain/iam-user.ts';
import { addressOf } from '../../../domain/owner.ts';
import {
  answerTo,
  type HistoryEntry,
  isAnswered,
  isOpen,
  type OpenRotation,
  type Rotation,
} from '../../../domain/rotation.ts';
import { moment } from './dates.ts';
import { happening } from './happenings.ts';
import { sentence } from './names.ts';
import { nameOf, ownerName, type PersonName } from './owner-names.ts';

export type Settlement =
  /** What was done, or seen, that settled it. */
  | { kind: 'by'; entry: HistoryEntry }
  /** Somebody owns it now. */
  | { kind: 'owned' }
  /** A key works again. */
  | { kind: 'works' }
  /** By itself. */
  | { kind: 'over' };

const OVER: Settlement = { kind: 'over' };

type Settled = (user: IamUser, rotation: OpenRotation) => Settlement | undefined;

/** undefined while an admin is to act. */
const SETTLED: Record<News['kind'], Settled> = {
  timeAsked: (_, rotation) =>
    rotation.stage === 'due' && rotation.request
      ? undefined
      : (by(leftAfter(rotation, 'askForTime', ['approve', 'decline', 'switchKey'])) ?? OVER),
  bothNeeded: (_, rotation) =>
    rotation.stage === 'due' && rotation.bothNeeded
      ? undefined
      : (by(leftAfter(rotation, 'keepBoth', ['switchKey'])) ?? OVER),
  notMine: ({ owner }) => (addressOf(owner) === undefined ? undefined : { kind: 'owned' }),
  ownerLeft: ({ owner }) => (addressOf(owner) === undefined ? undefined : { kind: 'owned' }),
  ownerChanged: ({ ownerChange }) => (ownerChange ? undefined : { kind: 'owned' }),
  unanswered: (_, rotation) =>
    isAnswered(rotation) ? (by(answerTo(rotation) ?? turnedOff(rotation)) ?? OVER) : undefined,
  nothingWorks: ({ keys }, rotation) =>
    anyWorks(keys) ? (by(turnedOn(rotation)) ?? { kind: 'works' }) : undefined,
};

export function settlementOf(user: IamUser, news: News): Settlement | undefined {
  const { rotation } = user;
  // Who owns it may be in doubt between rotations, too.
  if (news.kind === 'ownerChanged' && user.ownerChange) return undefined;
  return isOpen(rotation) ? SETTLED[news.kind](user, rotation) : (by(lastDone(rotation)) ?? OVER);
}

/** The first thing after `what` that led to another stage, or was one of these. */
function leftAfter(
  { history }: Rotation,
  what: HistoryEntry['what'],
  these: readonly HistoryEntry['what'][],
): HistoryEntry | undefined {
  const from = history.findLastIndex((entry) => entry.what === what);
  return history
    .slice(from + 1)
    .find((entry) => entry.outcome === 'done' && (these.includes(entry.what) || entry.to !== 'due'));
}

function turnedOff({ history, stage }: Rotation): HistoryEntry | undefined {
  return history.findLast(({ outcome, from, to }) => outcome === 'done' && to === stage && from !== to);
}

/** The new key may work again without anything on record. */
function turnedOn({ history, stage }: Rotation): HistoryEntry | undefined {
  if (stage === 'deactivated') return undefined;
  return history.findLast(
    ({ outcome, from, to }) => outcome === 'done' && from === 'deactivated' && to !== from,
  );
}

function lastDone(rotation: Rotation | undefined): HistoryEntry | undefined {
  return rotation?.history.findLast(({ outcome }) => outcome === 'done');
}

function by(entry: HistoryEntry | undefined): Settlement | undefined {
  return entry && { kind: 'by', entry };
}

/** `More time was approved by Sam on …`. */
export function settlementWords(settlement: Settlement, user: IamUser, personName: PersonName): string {
  switch (settlement.kind) {
    case 'by':
      return byWords(settlement.entry, personName);
    case 'owned':
      return ownedWords(user, personName);
    case 'works':
      return 'A key of this IAM user works again.';
    case 'over':
      return 'There is nothing left to decide.';
  }
}

function byWords({ what, by: actor, at }: HistoryEntry, personName: PersonName): string {
  const who = actor.kind === 'person' ? ` by ${nameOf(actor.slackId, personName)}` : '';
  return `${sentence(happening(what))}${who} on ${moment(at)}.`;
}

function ownedWords({ owner, link }: IamUser, personName: PersonName): string {
  const set = link ? `, set by ${nameOf(link.by, personName)} on ${moment(link.at)}` : '';
  return `The owner is ${ownerName(owner, personName)} now${set}.`;
}

export function peopleInSettlement(settlement: Settlement | undefined, { link }: IamUser): string[] {
  if (settlement?.kind === 'owned') return link ? [link.by] : [];
  return settlement?.kind === 'by' && settlement.entry.by.kind === 'person'
    ? [settlement.entry.by.slackId]
    : [];
}
