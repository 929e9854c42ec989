// How a matter that admins were told of was settled, as the record tells.
import type { IamUser } from '../../../../domain/iam-user.ts';
import type { MatterKind, MatterReader } from '../../../../domain/message.ts';
import { addressOf } from '../../../../domain/owner.ts';
import { type HistoryEntry, isOpen, type Rotation } from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { Stage } from '../../../../domain/transitions.ts';
import { moment } from '../shared/dates.ts';
import { happening } from '../shared/happenings.ts';
import { sentence } from '../shared/names.ts';
import { nameOrId, ownerName, type PersonName } from '../shared/owner-names.ts';

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

type Settled = (rotation: Rotation, told: MatterReader) => Settlement;

const SETTLED: Record<MatterKind, Settled> = {
  timeAsked: (rotation) =>
    by(after(rotation, 'askForTime', ({ what, to }) => ANSWERS.includes(what) || OLD_KEY_OFF.includes(to))) ??
    OVER,
  bothNeeded: (rotation) =>
    by(after(rotation, 'keepBoth', ({ what, to }) => what === 'switchKey' || to !== 'due')) ?? OVER,
  notMine: () => ({ kind: 'owned' }),
  ownerLeft: () => ({ kind: 'owned' }),
  noOwner: () => ({ kind: 'owned' }),
  ownerChanged: () => ({ kind: 'owned' }),
  silence: (rotation, { at }) => by(answerAfter(rotation, at) ?? turnedOff(rotation)) ?? OVER,
  nothingWorks: (rotation) => by(turnedOn(rotation)) ?? { kind: 'works' },
};

/** How a matter was settled that is not open any more. Who owns it may be in doubt between rotations, too. */
export function settlementOf({ rotation, owner }: IamUser, told: MatterReader): Settlement {
  const isDecided = told.matter === 'ownerChanged' && rotation !== undefined;
  if (!isOpen(rotation) && !isDecided) return by(lastDone(rotation)) ?? OVER;
  const settlement = SETTLED[told.matter](rotation, told);
  return settlement.kind === 'owned' && addressOf(owner) === undefined ? OVER : settlement;
}

/** What somebody did since admins were told that nobody does anything. */
function answerAfter({ history }: Rotation, told: Instant): HistoryEntry | undefined {
  return history.find(
    ({ at, outcome, by: who }) => at >= told && outcome === 'done' && who.kind === 'person',
  );
}

const ANSWERS: readonly HistoryEntry['what'][] = ['approve', 'decline', 'postpone', 'switchKey', 'assign'];
const OLD_KEY_OFF: readonly Stage[] = ['deactivated', 'retired', 'deleted', 'resolved'];

/** The first thing that was done after the last `what`, and that settles it. */
function after(
  { history }: Rotation,
  what: HistoryEntry['what'],
  settles: (entry: HistoryEntry) => boolean,
): HistoryEntry | undefined {
  const from = history.findLastIndex((entry) => entry.what === what);
  return history.slice(from + 1).find((entry) => entry.outcome === 'done' && settles(entry));
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
  const who = actor.kind === 'person' ? ` by ${nameOrId(actor.slackId, personName)}` : '';
  return `${sentence(happening(what))}${who} on ${moment(at)}.`;
}

function ownedWords({ owner, link }: IamUser, personName: PersonName): string {
  const set = link ? `, set by ${nameOrId(link.by, personName)} on ${moment(link.at)}` : '';
  return `The owner is ${ownerName(owner, personName)} now${set}.`;
}

export function peopleInSettlement(settlement: Settlement, { link }: IamUser): string[] {
  if (settlement.kind === 'owned') return link ? [link.by] : [];
  return settlement.kind === 'by' && settlement.entry.by.kind === 'person'
    ? [settlement.entry.by.slackId]
    : [];
}
