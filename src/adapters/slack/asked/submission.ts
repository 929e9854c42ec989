// A form that was submitted: the job that it becomes, or a complaint that the person can mend while the form is still open.
import * as z from 'zod/mini';
import type { Input } from '../../../domain/iam-user.ts';
import { LONGEST_POSTPONEMENT } from '../../../domain/legality.ts';
import { type FormMove, isFormMove, MOVE_ROWS } from '../../../domain/moves/rows.ts';
import type { Link } from '../../../domain/owner.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ClickJob, CommandJob, Drawn } from '../../../usecases/jobs.ts';
import { holdsSecret } from '../../secret-like.ts';
import { MOST_CHARACTERS, TEXT, TO, UNTIL } from '../blocks/forms.ts';
import { parseAsked, parseMany, parseTarget } from '../blocks/press.ts';
import { CHOOSE_ANOTHER_DAY, LEAVE_OUT_SECRETS, WRITE_A_FEW_WORDS } from '../wording/shared/form-text.ts';
import { type Submission, slackToken } from './answered.ts';

/** What the form was opened with: our own words, but they come back from outside. */
const Opened = z
  .object({
    account: z.string(),
    userName: z.string(),
    channel: z.union([slackToken(50), z.literal('')]),
    ts: z.optional(slackToken(50)),
    drawing: z.optional(z.string().check(z.maxLength(40))),
    home: z.optional(z.object({ hash: slackToken(200) })),
    many: z.optional(z.string().check(z.maxLength(2000))),
  })
  .check(z.refine(({ channel, home }) => channel !== '' || home !== undefined));

export type Complaints = Record<string, string>;

/** undefined: it is none of our forms. */
export function readSubmission(
  { user, view }: z.output<typeof Submission>,
  at: Instant,
): { kind: 'job'; job: ClickJob | CommandJob } | { kind: 'complaints'; complaints: Complaints } | undefined {
  const { id, callback_id, private_metadata, state } = view;
  const asked = parseAsked(callback_id);
  const opened = readOpened(private_metadata);
  if (!asked || !opened) return undefined;
  const { target, place, users } = opened;
  const asker = { personId: user.id, place };
  const commandJob = { kind: 'command' as const, id: `command/${id}`, askedAt: at, ...asker };
  if (asked.kind === 'many') {
    const command = { name: 'pressMany' as const, move: asked.move, users };
    return users.length > 0 ? { kind: 'job', job: { ...commandJob, command } } : undefined;
  }
  if (asked.kind === 'handOver') {
    const to = personChosen(state.values);
    const { kind, ...row } = asked;
    const command = to && { name: kind, row: { of: target, ...row }, to };
    return command && { kind: 'job', job: { ...commandJob, command } };
  }
  if (asked.kind !== 'move' || !isFormMove(asked.move)) return undefined;
  const { kind: _, ...pressed } = asked;
  const { move } = asked;
  const read = readInput(move, state.values, at);
  if (!read) return undefined;
  if ('complaints' in read) return { kind: 'complaints', ...read };
  const input = Object.keys(read.input).length > 0 && { input: read.input };
  // Slack gives each form an id of its own, and it is submitted once.
  const job = { kind: 'click' as const, id: `click/${id}`, ...target, ...pressed };
  return { kind: 'job', job: { ...job, ...input, ...asker } };
}

const Chosen = z.object({
  [TO]: z.object({ [TO]: z.object({ selected_user: z.string().check(z.regex(/^[UW][A-Z0-9]{1,49}$/)) }) }),
});

function personChosen(values: unknown): Link['to'] | undefined {
  const { data } = Chosen.safeParse(values);
  return data && { kind: 'person', slackId: data[TO][TO].selected_user };
}

function readOpened(metadata: string): Whence | undefined {
  const { data } = Opened.safeParse(parsedJson(metadata));
  const target = data && parseTarget(`${data.account}/${data.userName}`);
  if (!target) return undefined;
  const { channel, ts, drawing, home, many = '' } = data;
  const place = {
    channel,
    ...(ts !== undefined && { ts }),
    ...(drawing !== undefined && { drawing }),
    ...(home && { home }),
  };
  return { target, place, users: parseMany(many) };
}

interface Whence {
  /** Where the form was about many. */
  users: Drawn[];
  target: Pick<ClickJob, 'account' | 'userName'>;
  place: ClickJob['place'];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Filled = z.object({
  [TEXT]: z.object({ [TEXT]: z.object({ value: z.nullish(z.string()) }) }),
  [UNTIL]: z.optional(z.object({ [UNTIL]: z.object({ selected_date: z.nullish(z.iso.date()) }) })),
});

/** undefined: it is none of our forms. */
function readInput(
  move: FormMove,
  values: unknown,
  at: Instant,
): { input: Input } | { complaints: Complaints } | undefined {
  const { data } = Filled.safeParse(values);
  if (!data) return undefined;
  // Half a character, left by a cut elsewhere, has no place in UTF-8: it could not go on to the queue and the table.
  const text = data[TEXT][TEXT].value?.replace(/\p{Cs}/gu, '').trim() ?? '';
  const until = duringDay(data[UNTIL]?.[UNTIL].selected_date);
  const { asksFor } = MOVE_ROWS[move];
  const hasDate = asksFor === 'dateAndText';
  const complaints = {
    ...about(UNTIL, hasDate ? dateFault(until, at) : undefined),
    ...about(TEXT, textFault(text, asksFor === 'textIfAny')),
  };
  if (Object.keys(complaints).length > 0) return { complaints };
  return { input: { ...(text && { text }), ...(hasDate && until !== undefined && { until }) } };
}

/** The date itself is all that is chosen. At this hour it is that day from Hawaii to New Zealand, where Slack draws it. */
function duringDay(date: string | null | undefined): Instant | undefined {
  return date ? Date.parse(`${date}T10:00:00Z`) : undefined;
}

function dateFault(until: Instant | undefined, at: Instant): string | undefined {
  return until !== undefined && until > at && until <= at + LONGEST_POSTPONEMENT
    ? undefined
    : CHOOSE_ANOTHER_DAY;
}

function textFault(text: string, isOptional: boolean): string | undefined {
  if (holdsSecret(text)) return LEAVE_OUT_SECRETS;
  if ([...text].length > MOST_CHARACTERS) return WRITE_A_FEW_WORDS;
  return text === '' && !isOptional ? WRITE_A_FEW_WORDS : undefined;
}

function about(block: string, fault: string | undefined): Complaints {
  return fault === undefined ? {} : { [block]: fault };
}
