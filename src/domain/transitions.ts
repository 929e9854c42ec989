// The table of stages and moves. Types, legality, buttons and effects all derive from it.

/** What people may do at each stage, and where it leads. */
export const MOVES = {
  due: { createKey: 'issued', retire: 'retired' },
  issued: { confirmMigration: 'confirmed', discardNewKey: 'due' },
  confirmed: { deactivate: 'deactivated', reopen: 'issued' },
  deactivated: { delete: 'deleted', reactivate: 'issued' },
  retired: { delete: 'deleted', reactivate: 'due' },
  deleted: {},
  resolved: {},
} as const satisfies Record<string, Record<string, string>>;

/** What the sweep may see that somebody did outside keyrotate, and where it leads. */
export const SIGHTINGS = {
  due: { oldKeyGone: 'resolved' },
  issued: { oldKeyGone: 'resolved' },
  confirmed: { oldKeyGone: 'resolved' },
  deactivated: { oldKeyGone: 'resolved' },
  retired: { oldKeyGone: 'resolved' },
} as const satisfies Record<OpenStage, Record<string, Stage>>;

type Names<Row> = Row extends unknown ? keyof Row : never;

export type Stage = keyof typeof MOVES;
/** Deleted and resolved rotations are over: nothing leads on from them. */
export type OpenStage = Exclude<Stage, 'deleted' | 'resolved'>;
export type MovesAt<S extends Stage> = keyof (typeof MOVES)[S];
export type MoveName = Names<(typeof MOVES)[Stage]>;
export type SightingName = Names<(typeof SIGHTINGS)[OpenStage]>;
/** The stage that a move leads to from stage S. */
export type Target<S extends Stage, M extends MovesAt<S>> = Extract<(typeof MOVES)[S][M], Stage>;

export const STAGES = Object.keys(MOVES) as Stage[];
export const MOVE_NAMES = [...new Set(STAGES.flatMap((stage) => movesAt(stage)))];

/** The moves of a stage, in the order their buttons stand. */
export function movesAt(stage: Stage): MoveName[] {
  return Object.keys(MOVES[stage]) as MoveName[];
}

export function isMoveAt<S extends Stage>(stage: S, move: string): move is MovesAt<S> & MoveName {
  return Object.hasOwn(MOVES[stage], move);
}

export function isMoveName(name: string): name is MoveName {
  return MOVE_NAMES.some((move) => move === name);
}
