// The form in which owners are assigned to many: what is pressed in it, and what it is sent with.
import * as z from 'zod/mini';
import { readOwnerRules } from '../../../domain/owner-rules.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Command, CommandJob } from '../../../usecases/jobs.ts';
import { holdsSecret } from '../../secret-like.ts';
import { parseAsked, parseOwnersPress, parseTarget } from '../blocks/press.ts';
import {
  ALL,
  CHANNEL,
  OwnersMetadata,
  PERSON,
  RULES,
  SEARCH,
  USERS,
  waitingFor,
} from '../blocks/waiting-form.ts';
import { LEAVE_OUT_SECRETS, OWNERS_COMPLAINTS } from '../wording/shared/form-text.ts';
import { type FormPress, type Submission, slackToken } from './answered.ts';
import { type Accounts, planFor } from './parse-command.ts';

/** What was filled in cannot be; by block. */
type Complaints = Record<string, string>;
type Read = { kind: 'job'; job: CommandJob } | { kind: 'complaints'; complaints: Complaints };

/** undefined for what is none of ours. */
export function readOwnersPress(
  { user, trigger_id, view, actions: [action] }: z.output<typeof FormPress>,
  at: Instant,
): CommandJob | undefined {
  const opened = readMetadata(view.private_metadata);
  const pressed = parseOwnersPress(action.action_id);
  if (!opened || !pressed) return undefined;
  const { channel, search } = opened;
  const command = commandOf(pressed, pressed.kind === 'search' ? action.value?.trim() : search);
  const place = { channel, view: { view_id: view.id } };
  return { kind: 'command', id: `command/${trigger_id}`, command, askedAt: at, personId: user.id, place };
}

function commandOf(
  pressed: NonNullable<ReturnType<typeof parseOwnersPress>>,
  search: string | undefined,
): Command {
  if (pressed.kind === 'table') return { name: 'ownersTable' };
  if (pressed.kind === 'mend') return { name: 'mendPlan', planId: pressed.planId };
  const from = pressed.kind === 'page' && { from: pressed.from };
  return { name: 'owners', ...(search && { search }), ...from };
}

/** undefined for what is none of ours. Slack gives each press a trigger of its own; a form may be sent more than once. */
export function readOwnersSubmission(
  { user, trigger_id, view }: z.output<typeof Submission>,
  among: Accounts,
  at: Instant,
): Read | undefined {
  const opened = readMetadata(view.private_metadata);
  const asked = parseAsked(view.callback_id);
  if (!opened || !trigger_id || (asked?.kind !== 'owners' && asked?.kind !== 'assignOwners'))
    return undefined;
  const command: Command | Complaints | undefined =
    asked.kind === 'owners'
      ? filledIn(view.state.values, opened.search, among)
      : { name: 'assignOwners', planId: asked.planId };
  if (!command) return undefined;
  if (!isCommand(command)) return { kind: 'complaints', complaints: command };
  const place = { channel: opened.channel, view: waitingFor(trigger_id, view.id) };
  const job = { kind: 'command' as const, id: `command/${trigger_id}`, askedAt: at };
  return { kind: 'job', job: { ...job, command, personId: user.id, place } };
}

function isCommand(read: Command | Complaints): read is Command {
  return 'name' in read;
}

function readMetadata(metadata: string): z.output<typeof OwnersMetadata> | undefined {
  try {
    return OwnersMetadata.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

const Field = z.object({
  value: z.nullish(z.string()),
  selected_options: z.nullish(z.array(z.object({ value: z.string() }))),
  selected_user: z.nullish(slackToken(50)),
  selected_conversation: z.nullish(slackToken(50)),
});

const Fields = z.record(z.string(), z.record(z.string(), Field));

interface Filled {
  text: string;
  search: string;
  picked: 'all' | Extract<Command, { name: 'planPicked' }>['picked'];
  slackId: string | undefined;
  channelId: string | undefined;
  /** The block that holds a field. */
  blockOf: (name: string) => string;
}

function readFilled(values: unknown): Filled | undefined {
  const { data } = Fields.safeParse(values);
  if (!data) return undefined;
  const fields = new Map(
    Object.entries(data).flatMap(([block, inside]) =>
      Object.entries(inside).map(([name, field]) => [name, { ...field, block }] as const),
    ),
  );
  const isAll = (fields.get(ALL)?.selected_options ?? []).length > 0;
  const chosen = fields.get(USERS)?.selected_options ?? [];
  return {
    // Half a character has no place in UTF-8.
    text:
      fields
        .get(RULES)
        ?.value?.replace(/\p{Cs}/gu, '')
        .trim() ?? '',
    search: fields.get(SEARCH)?.value?.trim() ?? '',
    picked: isAll ? 'all' : chosen.flatMap(({ value }) => parseTarget(value) ?? []),
    slackId: fields.get(PERSON)?.selected_user ?? undefined,
    channelId: fields.get(CHANNEL)?.selected_conversation ?? undefined,
    blockOf: (name) => fields.get(name)?.block ?? name,
  };
}

function filledIn(
  values: unknown,
  shown: string | undefined,
  among: Accounts,
): Command | Complaints | undefined {
  const filled = readFilled(values);
  if (!filled) return undefined;
  const { text, search, picked, blockOf } = filled;
  const isNarrowed = search !== (shown ?? '');
  if (holdsSecret(text)) return { [blockOf(RULES)]: LEAVE_OUT_SECRETS };
  // What all of them are is shown before it is asked for.
  if (text === '' && isNarrowed && (picked === 'all' || picked.length === 0))
    return { name: 'owners', ...(search && { search }) };
  const fault = faultIn(filled);
  if (fault) return { [blockOf(fault.at)]: fault.words };
  if (text !== '')
    return planFor(text, among) ?? { name: 'planOwners', rules: readOwnerRules(text, () => []) };
  const { slackId, channelId = '' } = filled;
  return {
    ...{ name: 'planPicked', picked, ...(shown !== undefined && { search: shown }) },
    to: slackId ? { kind: 'person', slackId } : { kind: 'channel', channelId },
  };
}

function faultIn(filled: Filled): { at: string; words: string } | undefined {
  const { text, picked, slackId, channelId } = filled;
  const { eitherOr, pickOrWrite, chooseFirst, chooseWhom, chooseOnce } = OWNERS_COMPLAINTS;
  const isPicked = picked === 'all' || picked.length > 0;
  const isForSomebody = Boolean(slackId || channelId);
  if (text !== '') return isPicked || isForSomebody ? { at: RULES, words: eitherOr } : undefined;
  if (!isPicked) return isForSomebody ? { at: USERS, words: chooseFirst } : { at: RULES, words: pickOrWrite };
  if (slackId && channelId) return { at: CHANNEL, words: chooseOnce };
  return isForSomebody ? undefined : { at: PERSON, words: chooseWhom };
}
