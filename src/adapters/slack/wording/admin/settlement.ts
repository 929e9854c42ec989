// How a matter that admins were told of was settled, as the record tells.
import type { IamUser } from '../../../../domain/iam-user.ts';
import type { MatterKind, MatterReader } from '../../../../domain/message.ts';
import { addressOf } from '../../../../domain/owner.ts';
import { type HistoryEntry, isOpen, type Rotation } from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { Stage } from '../../../../domain/transitions.ts';
import { moment } from '../shared/dates.ts';
import { happening, lastDone } from '../shared/moves.ts';
import { nameOrId, ownerName, type PersonName, sentence } from '../shared/names.ts';

/**
 * What was done, or seen, that settled it; else that somebody owns it now, was asked, that a key works again, or that it
 * ended by itself.
 */
type Settlement = HistoryEntry | 'owned' | 'asked' | 'works' | 'over';

const SETTLED: Record<MatterKind, (rotation: Rotation, told: MatterReader) => Settlement | undefined> = {
  timeAsked: (rotation) =>
    after(rotation, 'askForTime', ({ what, to }) => ANSWERS.includes(what) || OLD_KEY_OFF.includes(to)),
  bothNeeded: (rotation) =>
    after(rotation, 'keepBoth', ({ what, to }) => what === 'switchKey' || to !== 'due'),
  notMine: () => 'owned',
  ownerLeft: () => 'owned',
  noOwner: () => 'owned',
  ownerChanged: () => 'owned',
  silence: (rotation, { at }) =>
    answerAfter(rotation, at) ??
    turnedOff(rotation) ??
    ((rotation.contactedAt ?? 0) > at ? 'asked' : undefined),
  nothingWorks: (rotation) => turnedOn(rotation) ?? 'works',
};

/** How a matter was settled that is not open any more. Who owns it may be in doubt between rotations, too. */
export function settlementOf({ rotation, owner }: IamUser, told: MatterReader): Settlement {
  const isDecided = told.matter === 'ownerChanged' && rotation !== undefined;
  if (!isOpen(rotation) && !isDecided) return (rotation && lastDone(rotation)) ?? 'over';
  const settlement = SETTLED[told.matter](rotation, told) ?? 'over';
  return settlement === 'owned' && addressOf(owner) === undefined ? 'over' : settlement;
}

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

/** `More time was approved by Sam on …`. */
export function settlementWords(settlement: Settlement, user: IamUser, personName: PersonName): string {
  switch (settlement) {
    case 'owned':
      return ownedWords(user, personName);
    case 'asked':
      return `${ownerName(user.owner, personName)} has been asked now.`;
    case 'works':
      return 'A key of this IAM user works again.';
    case 'over':
      return 'There is nothing left to decide.';
    default:
      return byWords(settlement, personName);
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
  if (settlement === 'owned') return link ? [link.by] : [];
  return typeof settlement === 'object' && settlement.by.kind === 'person' ? [settlement.by.slackId] : [];
}
