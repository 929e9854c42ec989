// The messages on the queues: what the worker and the sweeper are asked to do.
import type { IamUserId } from '../domain/iam-user.ts';
import type { Instant } from '../domain/time.ts';
import type { MoveName } from '../domain/transitions.ts';

/** Where a press or a command came from, so that its answer can go there. All of it is a hint, never a permission. */
export interface SlackPlace {
  channel: string;
  /** The message whose button was pressed. */
  ts?: string;
  /** Slack's own address for an answer, good for 30 minutes. */
  responseUrl?: string;
}

/** A button was pressed. */
export interface ClickJob extends IamUserId {
  kind: 'click';
  id: string;
  move: MoveName;
  /** "Anyway": the person has read the doubts. */
  insist: boolean;
  personId: string;
  place: SlackPlace;
}

/** An admin's command, which needs the directory and so does not fit into three seconds. */
export interface CommandJob {
  kind: 'command';
  id: string;
  command: { name: 'statusOf'; slackId: string } | { name: 'summary' } | { name: 'sweep' };
  personId: string;
  place: SlackPlace;
}

/** The sweep saw that this user needs a look: a key is nearing its age, or a rotation is open. */
export interface InspectJob extends IamUserId {
  kind: 'inspect';
  id: string;
}

/** Something about this user has come due. */
export interface WakeJob extends IamUserId {
  kind: 'wake';
  id: string;
}

/** What a sweep counted in one account. */
export interface SweepFigures {
  account: string;
  sweptAt: Instant;
  users: number;
  activeKeys: number;
  /** Active keys younger than the maximum age. */
  withinAge: number;
  /** Rows of the report that could not be read, by line number and reason; at most 20 are kept. */
  unreadable: { line: number; why: string }[];
  unreadableCount: number;
}

export interface RecordSweepJob {
  kind: 'recordSweep';
  id: string;
  figures: SweepFigures;
}

export interface SummarizeJob {
  kind: 'summarize';
  id: string;
}

/** What the worker takes. */
export type WorkerJob = ClickJob | CommandJob | InspectJob | WakeJob | RecordSweepJob | SummarizeJob;

/** What the sweeper takes: one account to walk over. */
export interface SweepJob {
  kind: 'sweep';
  id: string;
  account: string;
}
