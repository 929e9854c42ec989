// A button that was pressed, or an entry chosen from a menu: the job that it becomes, or a form to fill in first.
import type * as z from 'zod/mini';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { isFormMove } from '../../../domain/moves/rows.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Command, Drawn, SlackJob, SlackPlace } from '../../../usecases/jobs.ts';
import {
  type ButtonMeaning,
  type FormPress,
  parseMany,
  parseSummaryList,
  readPressed,
  summaryTableId,
} from '../blocks/press.ts';
import { waitingFor } from '../blocks/waiting-form.ts';
import type { PressPayload } from './answered.ts';
import { homeAsked } from './home.ts';
import type { Accounts } from './parse-command.ts';

/** What is asked for, about which IAM user, by whom, and where to answer. */
interface Received<Meaning> {
  asked: Meaning;
  target: IamUserId;
  triggerId: string;
  personId: string;
  place: SlackPlace;
}

type HandOver = Extract<ButtonMeaning, { kind: 'handOver' }>;
type Many = Extract<ButtonMeaning, { kind: 'many' }>;

/** One that opens a form. */
export type Press = Received<HandOver | (Many & { users: Drawn[] }) | ({ kind: 'move' } & FormPress)>;

/** undefined for what asks for nothing, such as links, and for anything unreadable. */
export function readPress(
  data: z.output<typeof PressPayload>,
  { among, at }: { among: Accounts; at: Instant },
): { kind: 'form'; press: Press } | { kind: 'job'; job: SlackJob } | undefined {
  const job = homeAsked(data, at) ?? summaryAsked(data, at);
  if (job) return { kind: 'job', job };
  const received = readReceived(data);
  if (!received) return undefined;
  const { asked, target } = received;
  if (asked.kind === 'many') {
    const users = parseMany(data.actions[0].value ?? '');
    return { kind: 'form', press: { ...received, asked: { ...asked, users } } };
  }
  if (asked.kind === 'handOver') return { kind: 'form', press: { ...received, asked } };
  // Of an account that is not watched the worker says so.
  if (asked.kind === 'move' && !asked.insist && among.accounts.includes(target.account)) {
    const { move } = asked;
    if (isFormMove(move)) return { kind: 'form', press: { ...received, asked: { ...asked, move } } };
  }
  return { kind: 'job', job: jobFor(asked, received, at) };
}

/** What is about no IAM user; undefined: something else was pressed. */
function summaryAsked(data: z.output<typeof PressPayload>, askedAt: Instant): SlackJob | undefined {
  const [{ action_id }] = data.actions;
  const list = parseSummaryList(action_id);
  if (!list && action_id !== summaryTableId()) return undefined;
  const asked = { askedAt, personId: data.user.id, place: placeOf(data) };
  const command: Command = list ? { name: 'summaryList', list } : { name: 'summaryTable' };
  return { kind: 'command', id: `command/${data.trigger_id}`, command, ...asked };
}

/** Slack gives each press a trigger of its own. */
function jobFor(
  asked: Exclude<ButtonMeaning, HandOver | Many>,
  { target, triggerId, personId, place }: Received<unknown>,
  askedAt: Instant,
): SlackJob {
  const asker = { personId, place };
  const command = { kind: 'command' as const, id: `command/${triggerId}`, askedAt, ...asker };
  switch (asked.kind) {
    case 'move':
      return { ...asked, kind: 'click', id: `click/${triggerId}`, ...target, ...asker };
    case 'show':
      return { kind: 'show', id: `show/${triggerId}`, ...target, ...asker };
    case 'history':
      return { ...command, command: { name: 'history', target } };
    case 'how':
      return { ...command, command: { name: 'how', target, tool: asked.tool } };
    case 'assign':
      return { ...command, command: { name: 'assign', target, to: asked.to } };
    case 'owners':
    case 'assignOwners': {
      const { kind } = asked;
      const opening = { ...command, place: { ...place, view: waitingFor(triggerId) } };
      return kind === 'owners'
        ? { ...opening, command: { name: kind } }
        : { ...opening, command: { name: kind, planId: asked.planId } };
    }
    case 'deleteSecrets':
      return { ...command, command: { name: 'deleteSecrets', count: asked.count } };
    case 'nudge': {
      const { kind: _, ...row } = asked;
      return { ...command, command: { name: 'nudge', row: { of: target, ...row } } };
    }
  }
}

function readReceived(data: z.output<typeof PressPayload>): Received<ButtonMeaning> | undefined {
  const [action] = data.actions;
  const pressed = readPressed({
    ...action,
    value: action.value ?? undefined,
    selected_option: action.selected_option ?? undefined,
  });
  if (!pressed) return undefined;
  const { drawing, ...target } = pressed.target;
  return {
    asked: pressed.asked,
    target,
    triggerId: data.trigger_id,
    personId: data.user.id,
    place: { ...placeOf(data), ...(drawing !== undefined && { drawing }) },
  };
}

function placeOf({ container, view, response_url }: z.output<typeof PressPayload>): SlackPlace {
  const { channel_id, message_ts } = container;
  return {
    channel: channel_id ?? '',
    ...(view && { home: { hash: view.hash } }),
    ...(message_ts !== undefined && { ts: message_ts }),
    ...(response_url !== undefined && { responseUrl: response_url }),
  };
}
