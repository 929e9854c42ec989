// A form that is opened empty, for the worker to fill, and what the slack function must know of the form for owners.
import type { KnownBlock, ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { SlackPlace } from '../../../usecases/jobs.ts';
import { OWNERS_WORDS } from '../wording/shared/form-text.ts';
import type { Form } from './forms.ts';
import { plainText, section } from './parts.ts';
import { ownersPressId } from './press.ts';

export const SEARCH = ownersPressId('search');
export const USERS = 'users';
export const ALL = 'all';
export const PERSON = 'person';
export const CHANNEL = 'channel';
export const RULES = 'rules';

export const LONGEST_SEARCH = 64;

/** Where it was opened, and what it shows: our own words, but they come back from outside. */
export const OwnersMetadata = z.object({
  channel: z.string().check(z.regex(/^[!-~]{0,50}$/)),
  search: z.optional(z.string().check(z.maxLength(LONGEST_SEARCH))),
});

export type OwnersMetadata = z.output<typeof OwnersMetadata>;

/**
 * How whoever fills a form calls the one that was opened with this trigger, or that came in the place of `view_id`. Slack
 * knows the name only once the form waits, so that it cannot be filled before and be emptied again.
 */
export function waitingFor(triggerId: string, view_id?: string): NonNullable<SlackPlace['view']> {
  return { external_id: `owners/${triggerId}`, ...(view_id !== undefined && { view_id }) };
}

/** Opened before anything was read, within the three seconds that Slack gives. */
export function buildWaiting(external_id: string): ModalView {
  return { ...inForm([section(OWNERS_WORDS.waiting)]), callback_id: 'waiting', external_id };
}

export function inForm(blocks: KnownBlock[]): Form {
  const { title, close } = OWNERS_WORDS;
  return { type: 'modal', title: plainText(title), close: plainText(close), blocks };
}
