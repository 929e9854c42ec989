// What is asked of Home: that it be drawn, of oneself or as an admin wants to look.
import type * as z from 'zod/mini';
import type { Instant } from '../../../domain/time.ts';
import type { CommandJob, HomeLook } from '../../../usecases/jobs.ts';
import { LOOK, parseSummaryList, parseTarget } from '../blocks/press.ts';
import { type HomeOpened, type PressPayload, slackToken } from './answered.ts';

type Press = z.output<typeof PressPayload>;

/** Drawn twice it is the same: that Slack tells of an opening again does no harm. */
export function homeOpened({ event_id, event_time, event }: z.output<typeof HomeOpened>): CommandJob {
  const place = { channel: '', home: event.view ?? {} };
  const asked = { askedAt: event_time * 1000, personId: event.user, place };
  return { kind: 'command', id: `command/${event_id}`, command: { name: 'home' }, ...asked };
}

/** undefined: it was pressed elsewhere, or asks for something else. */
export function homeAsked(
  { view, trigger_id, user, actions }: Press,
  askedAt: Instant,
): CommandJob | undefined {
  const look = readLook(actions[0]);
  if (!view || !look) return undefined;
  const { hash } = view;
  const command = { name: 'home' as const, ...(look !== 'own' && { look }) };
  const asked = { askedAt, personId: user.id, place: { channel: '', home: { hash } } };
  return { kind: 'command', id: `command/${trigger_id}`, command, ...asked };
}

function readLook({ action_id, value, selected_user }: Press['actions'][0]): HomeLook | 'own' | undefined {
  if (action_id === LOOK.own) return 'own';
  const list = parseSummaryList(action_id);
  if (list) return { kind: 'list', list };
  if (action_id === LOOK.search) return searched(value ?? '');
  if (action_id === LOOK.person) {
    const { data: slackId } = slackToken(50).safeParse(selected_user);
    return slackId === undefined ? undefined : { kind: 'person', slackId };
  }
  const of = action_id === LOOK.user ? parseTarget(value ?? '') : undefined;
  return of && { kind: 'user', of: { account: of.account, userName: of.userName } };
}

/** What IAM allows in a name; for all else there is nothing to find. */
function searched(typed: string): HomeLook | 'own' {
  const text = typed.trim();
  if (text === '') return 'own';
  return { kind: 'search', text: /^[\w+=,.@-]{1,64}$/.test(text) ? text : '' };
}
