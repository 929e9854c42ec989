// What a request asks for. The slack function queues it by this, and the worker does it by this: both read what Slack signed.

import type * as z from 'zod/mini';
import type { Instant } from '../../../domain/time.ts';
import type { SlackJob } from '../../../usecases/jobs.ts';
import { answered, type FormPress, type HomeOpened, type PressPayload, type Written } from './answered.ts';
import { homeOpened } from './home.ts';
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
  if (known.type === 'block_actions')
    return isInForm(known)
      ? jobOrNothing(readOwnersPress(known, at))
      : (readPress(known, { among, at }) ?? { kind: 'nothing' });
  if (known.type === 'event_callback') return jobOrNothing(readEvent(known, { among, at }));
  if (known.type === 'view_submission')
    return readOwnersSubmission(known, among, at) ?? readSubmission(known, at) ?? { kind: 'nothing' };
  return { kind: 'nothing' };
}

type Pressed = z.output<typeof PressPayload> | z.output<typeof FormPress>;

function isInForm(known: Pressed): known is z.output<typeof FormPress> {
  return known.view?.type === 'modal';
}

type Event = z.output<typeof Written> | z.output<typeof HomeOpened>;

function readEvent(known: Event, reading: Reading): SlackJob | undefined {
  return isWritten(known) ? readWritten(known, reading) : homeOpened(known);
}

function jobOrNothing(job: SlackJob | undefined): Asked {
  return job ? { kind: 'job', job } : { kind: 'nothing' };
}

function isWritten(known: Event): known is z.output<typeof Written> {
  return known.event.type === 'message';
}

function readCommand(known: object, { among, at }: Reading): Asked {
  const typed = readTyped(known);
  return typed
    ? { kind: 'job', job: typedJob(typed, parseCommand(typed.text, among), at) }
    : { kind: 'nothing' };
}
