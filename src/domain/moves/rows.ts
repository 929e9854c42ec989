// All that the domain knows of each move, a row each. Where a move leads stands in transitions.ts.
import type { MoveName } from '../transitions.ts';
import {
  type DoubtRule,
  newKeyMayBeInUse,
  newKeyNotFetched,
  newKeyNotProven,
  nobodyAtHand,
  oldKeyNotQuiet,
  otherKeyIsNamed,
  strandedKeyIsNamed,
} from './doubts-raised.ts';
import {
  type Guard,
  graceIsOver,
  itWasDecided,
  newKeyWasAdopted,
  newKeyWasMadeHere,
  newKeyWorks,
  notDecidedYet,
  notKnownYet,
  oldKeyExists,
  oldKeyIsOff,
  oldKeyWorks,
  otherKeyExists,
  otherKeyIsDue,
  otherKeyIsNewer,
  otherKeyIsOff,
  otherKeyIsUsable,
  replacementWorks,
  slotIsFree,
  strandedKeyExists,
  timeWasAskedFor,
} from './guards.ts';

/** `other`: the key that has nothing to do with the rotation. `stranded`: such a key whose secret nobody has. */
export type KeyRole = 'old' | 'new' | 'other' | 'stranded';

/** What is remembered of the IAM user besides its rotation. Who is told of it follows from the record: see matters.ts. */
export type Consequence = 'nothing' | 'notMine' | 'placeRemembered';

export type MoveRow = {
  /** In which role it may be pressed. While the owner is in doubt, as an admin only: see `isHeld`. */
  by: 'owner' | 'admin' | 'either';
  /** Nowhere: another move turns into it, see `moveMeant`. */
  offered: 'onTheCard' | 'inTheMenu' | 'onTheAdminsMessage' | 'nowhere';
  /** Wherever it asks for something, its button opens a form. */
  asksFor: 'nothing' | 'text' | 'textIfAny' | 'dateAndText';
  guards: readonly Guard[];
  /** None for what is plainly reversible, or has rules of its own. */
  doubts: readonly DoubtRule[];
  follows: Consequence;
} & (
  | { about: KeyRole | 'noKey'; inAws: 'nothing' | 'createsKey' }
  | { about: KeyRole; inAws: 'turnsOff' | 'turnsOn' | 'deletes' }
);

const ROWS = {
  createKey: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'noKey', inAws: 'createsKey', follows: 'nothing' },
    guards: [slotIsFree, oldKeyExists],
    doubts: [],
  },
  adopt: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'other', inAws: 'nothing', follows: 'nothing' },
    guards: [oldKeyExists, otherKeyExists, otherKeyIsUsable, otherKeyIsNewer],
    doubts: [],
  },
  retire: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'turnsOff', follows: 'nothing' },
    guards: [oldKeyExists],
    doubts: [oldKeyNotQuiet, nobodyAtHand],
  },
  switchKey: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'other', inAws: 'nothing', follows: 'nothing' },
    guards: [otherKeyExists, otherKeyIsUsable, otherKeyIsDue],
    doubts: [],
  },
  clearSlot: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'other', inAws: 'deletes', follows: 'nothing' },
    guards: [otherKeyExists, otherKeyIsOff],
    doubts: [otherKeyIsNamed],
  },
  discardStranded: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'stranded', inAws: 'deletes', follows: 'nothing' },
    guards: [strandedKeyExists],
    doubts: [strandedKeyIsNamed],
  },
  keepBoth: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'other', inAws: 'nothing', follows: 'nothing' },
    guards: [oldKeyWorks, otherKeyExists, otherKeyIsUsable, notKnownYet],
    doubts: [],
  },
  postpone: {
    ...{ by: 'either', offered: 'inTheMenu', asksFor: 'dateAndText' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [],
    doubts: [],
  },
  askForTime: {
    ...{ by: 'owner', offered: 'nowhere', asksFor: 'dateAndText' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [],
    doubts: [],
  },
  approve: {
    ...{ by: 'admin', offered: 'onTheAdminsMessage', asksFor: 'nothing' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [timeWasAskedFor],
    doubts: [],
  },
  decline: {
    ...{ by: 'admin', offered: 'onTheAdminsMessage', asksFor: 'nothing' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [timeWasAskedFor],
    doubts: [],
  },
  notMine: {
    ...{ by: 'owner', offered: 'inTheMenu', asksFor: 'text' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'notMine' },
    guards: [],
    doubts: [],
  },
  resume: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [],
    doubts: [],
  },
  confirmMigration: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'textIfAny' },
    ...{ about: 'new', inAws: 'nothing', follows: 'placeRemembered' },
    guards: [newKeyWorks],
    doubts: [newKeyNotFetched],
  },
  discardNewKey: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'new', inAws: 'deletes', follows: 'nothing' },
    guards: [newKeyWasMadeHere, oldKeyWorks],
    doubts: [newKeyMayBeInUse],
  },
  undoAdopt: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'new', inAws: 'nothing', follows: 'nothing' },
    guards: [newKeyWasAdopted],
    doubts: [],
  },
  reopen: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'noKey', inAws: 'nothing', follows: 'nothing' },
    guards: [],
    doubts: [],
  },
  deactivate: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'turnsOff', follows: 'nothing' },
    guards: [oldKeyExists, newKeyWorks],
    doubts: [oldKeyNotQuiet, newKeyNotProven, nobodyAtHand],
  },
  turnOffWhenQuiet: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'nothing', follows: 'nothing' },
    guards: [oldKeyWorks, newKeyWorks, notDecidedYet],
    // What speaks against it is asked when it is to be carried out.
    doubts: [],
  },
  keepOn: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'nothing', follows: 'nothing' },
    guards: [itWasDecided],
    doubts: [],
  },
  reactivate: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'turnsOn', follows: 'nothing' },
    guards: [oldKeyExists],
    doubts: [],
  },
  delete: {
    ...{ by: 'either', offered: 'onTheCard', asksFor: 'nothing' },
    ...{ about: 'old', inAws: 'deletes', follows: 'nothing' },
    guards: [oldKeyIsOff, graceIsOver, replacementWorks],
    // The old key may be the only way to fetch a secret that nobody has fetched yet.
    doubts: [newKeyNotProven],
  },
} as const satisfies Record<MoveName, MoveRow>;

export const MOVE_ROWS: Record<MoveName, MoveRow> = ROWS;

type Known = keyof typeof ROWS;
type Where<Shape> = { [M in Known]: (typeof ROWS)[M] extends Shape ? M : never }[Known];

/** The moves whose button opens a form, and those whose form has a date. */
export type FormMove = Exclude<Known, Where<{ asksFor: 'nothing' } | { offered: 'nowhere' }>>;
export type DatedMove = Extract<FormMove, Where<{ asksFor: 'dateAndText' }>>;
/** The moves that may raise doubts. */
export type DoubtfulMove = Exclude<Known, Where<{ doubts: readonly [] }>>;

export function isFormMove(move: MoveName): move is FormMove {
  const { asksFor, offered } = MOVE_ROWS[move];
  return asksFor !== 'nothing' && offered !== 'nowhere';
}

/** Whether it changes an access key in AWS; every other move is only written down. */
export function changesKeys(move: MoveName): boolean {
  return MOVE_ROWS[move].inAws !== 'nothing';
}
