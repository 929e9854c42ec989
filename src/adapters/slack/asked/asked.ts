// What a request asks for. The slack function queues it by this, and the worker does it by this: both read what Slack signed.
import type { Instant } from '../../../domain/time.ts';
import type { SlackJob } from '../../../usecases/jobs.ts';
import { answered } from './answered.ts';
import { readOwnersPress, readOwnersSubmission } from './owners.ts';
import { type Accounts, parseCommand } from './parse-command.ts';
import { type Press, readPress } from './press.ts';
import { type Complaints, readSubmission } from './submission.ts';
import { readTyped, typedJob } from './typed.ts';
import { readWritten } from './written.ts';

export type Asked =
  /** For the worker. */
  | { kind: 'job'; job: SlackJob }
  /** There is a form to fill in first. */
  | { kind: 'form'; press: Press }
  /** What was filled in cannot be; the person can mend it. */
  | { kind: 'complaints'; complaints: Complaints }
  /** Nothing, such as a link, or nothing that can be read. */
  | { kind: 'nothing' };

export interface Reading {
  /** Those that are watched. */
  among: Accounts;
  /** When Slack signed it, and not when it is read: both functions must read the same. */
  at: Instant;
}

/** Pure. The payload is verified before: all of it is what somebody in Slack did, and none of it a permission. */
export function readAsked(payload: Record<string, unknown>, { among, at }: Reading): Asked {
  const known = answered(payload);
  if (known === undefined) return { kind: 'nothing' };
  if ('command' in known) return readCommand(known, { among, at });
  if (known.type === 'block_actions' && 'view' in known) return jobOrNothing(readOwnersPress(known, at));
  if (known.type === 'block_actions') return readPress(known, { among, at }) ?? { kind: 'nothing' };
  if (known.type === 'event_callback') return jobOrNothing(readWritten(known, { among, at }));
  if (known.type === 'view_submission')
    return readOwnersSubmission(known, among, at) ?? readSubmission(known, at) ?? { kind: 'nothing' };
  return { kind: 'nothing' };
}

function jobOrNothing(job: SlackJob | undefined): Asked {
  return job ? { kind: 'job', job } : { kind: 'nothing' };
}

function readCommand(known: object, { among, at }: Reading): Asked {
  const typed = readTyped(known);
  return typed
    ? { kind: 'job', job: typedJob(typed, parseCommand(typed.text, among), at) }
    : { kind: 'nothing' };
}
