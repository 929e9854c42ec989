// The table of stages and moves. Types, legality, buttons and effects all derive from it, and from moves/rows.ts.

/** What people may do at each stage, and where it leads. */
export const MOVES = {
  due: {
    createKey: 'issued',
    adopt: 'issued',
    retire: 'retired',
    switchKey: 'due',
    clearSlot: 'due',
    discardStranded: 'due',
    keepBoth: 'due',
    postpone: 'postponed',
    askForTime: 'due',
    approve: 'postponed',
    decline: 'due',
    notMine: 'due',
  },
  postponed: {
    createKey: 'issued',
    adopt: 'issued',
    retire: 'retired',
    discardStranded: 'postponed',
    resume: 'due',
    postpone: 'postponed',
    askForTime: 'postponed',
    approve: 'postponed',
    decline: 'postponed',
    notMine: 'postponed',
  },
  issued: {
    confirmMigration: 'confirmed',
    discardNewKey: 'due',
    undoAdopt: 'due',
    postpone: 'issued',
    askForTime: 'issued',
    approve: 'issued',
    decline: 'issued',
    notMine: 'issued',
  },
  confirmed: {
    deactivate: 'deactivated',
    turnOffWhenQuiet: 'confirmed',
    keepOn: 'confirmed',
    reopen: 'issued',
    postpone: 'confirmed',
    askForTime: 'confirmed',
    approve: 'confirmed',
    decline: 'confirmed',
    notMine: 'confirmed',
  },
  deactivated: { delete: 'deleted', reactivate: 'issued' },
  retired: {
    delete: 'deleted',
    reactivate: 'due',
    createKey: 'deactivated',
    discardStranded: 'retired',
  },
  deleted: {},
  resolved: {},
} as const satisfies Record<string, Record<string, string>>;

/**
 * What the sweep may see that somebody did outside keyrotate, and where it leads.
 * `otherKeyFound`: a key where none was. `userGone`: the IAM user was deleted, renamed, or made anew under its name.
 */
export const SIGHTINGS = {
  due: { userGone: 'resolved', oldKeyGone: 'resolved', oldKeyOff: 'retired', otherKeyFound: 'due' },
  postponed: {
    userGone: 'resolved',
    oldKeyGone: 'resolved',
    oldKeyOff: 'retired',
    otherKeyFound: 'postponed',
  },
  issued: {
    userGone: 'resolved',
    oldKeyGone: 'resolved',
    newKeyGone: 'due',
    newKeyOff: 'due',
    oldKeyOff: 'deactivated',
  },
  confirmed: {
    userGone: 'resolved',
    oldKeyGone: 'resolved',
    newKeyGone: 'due',
    newKeyOff: 'due',
    oldKeyOff: 'deactivated',
  },
  deactivated: {
    userGone: 'resolved',
    oldKeyGone: 'resolved',
    oldKeyOn: 'issued',
    newKeyGone: 'deactivated',
    newKeyOff: 'deactivated',
  },
  retired: { userGone: 'resolved', oldKeyGone: 'resolved', oldKeyOn: 'due', otherKeyFound: 'retired' },
} as const satisfies Record<OpenStage, Record<string, Stage>>;

type Names<Row> = Row extends unknown ? keyof Row : never;

export type Stage = keyof typeof MOVES;
/** Deleted and resolved rotations are over: nothing leads on from them. */
export type OpenStage = Exclude<Stage, 'deleted' | 'resolved'>;
export type MovesAt<S extends Stage> = keyof (typeof MOVES)[S];
export type MoveName = Names<(typeof MOVES)[Stage]>;
export type SightingsAt<S extends OpenStage> = keyof (typeof SIGHTINGS)[S];
export type SightingName = Names<(typeof SIGHTINGS)[OpenStage]>;
/** The stage that a move leads to from stage S. */
export type StageAfter<S extends Stage, M extends MovesAt<S>> = Extract<(typeof MOVES)[S][M], Stage>;
/** The stage that a sighting leads to from stage S. */
export type Truth<S extends OpenStage, N extends SightingsAt<S>> = Extract<(typeof SIGHTINGS)[S][N], Stage>;

export const STAGES = Object.keys(MOVES) as Stage[];
export const OPEN_STAGES = Object.keys(SIGHTINGS) as OpenStage[];
export const MOVE_NAMES = [...new Set(STAGES.flatMap((stage) => movesAt(stage)))];
export const SIGHTING_NAMES = [...new Set(OPEN_STAGES.flatMap((stage) => sightingsAt(stage)))];

/** The moves of a stage, in the order their buttons stand. */
export function movesAt(stage: Stage): MoveName[] {
  return Object.keys(MOVES[stage]) as MoveName[];
}

/** The sightings of a stage, the weightiest first: of two true ones the first leads. */
export function sightingsAt(stage: OpenStage): SightingName[] {
  return Object.keys(SIGHTINGS[stage]) as SightingName[];
}

export function isMoveAt<S extends Stage>(stage: S, move: string): move is MovesAt<S> & MoveName {
  return Object.hasOwn(MOVES[stage], move);
}

export function isMoveName(name: string): name is MoveName {
  return MOVE_NAMES.some((move) => move === name);
}
