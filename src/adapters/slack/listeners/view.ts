// A form was submitted: a job on the clicks queue, as if the button had carried what was filled in.
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import * as z from 'zod';
import { isFormMove } from '../../../domain/moves/rows.ts';
import type { ClickJob, CommandJob, Row } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { Submission, slackToken } from '../answered.ts';
import { TO } from '../blocks/forms.ts';
import { parseAsked, parseTarget } from '../blocks/press.ts';
import { type Complaints, readInput } from './form-input.ts';

/** What the form was opened with: our own words, but they come back from outside. */
const Opened = z.object({
  account: z.string(),
  userName: z.string(),
  channel: slackToken(50),
  ts: slackToken(50).optional(),
  drawing: z.string().max(40).optional(),
});

type ViewPorts = Pick<Ports, 'now' | 'log'> & { jobs: Pick<Ports['jobs'], 'put'> };

/** The form stays open with a complaint, or closes once its job is queued. */
export function handleView({ jobs, log, now }: ViewPorts) {
  const listener: Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> = async ({ ack, body }) => {
    const read = readSubmission(body, now());
    if (read && 'complaints' in read) {
      await ack({ response_action: 'errors', errors: read.complaints });
      return;
    }
    if (read) await jobs.put('clicks', [read.job]);
    else log.warn('slack.noForm');
    await ack();
  };
  return listener;
}

function readSubmission(
  body: unknown,
  now: number,
): { job: ClickJob | CommandJob } | { complaints: Complaints } | undefined {
  const { data } = Submission.safeParse(body);
  if (!data) return undefined;
  const { id, callback_id, private_metadata, state } = data.view;
  const asked = parseAsked(callback_id);
  const opened = readOpened(private_metadata);
  if (!asked || !opened) return undefined;
  const person = data.user.id;
  if (asked.kind === 'handOver') return handOver(id, asked, { ...opened, person, values: state.values });
  if (asked.kind !== 'move' || !isFormMove(asked.move)) return undefined;
  const { move } = asked;
  const read = readInput(move, state.values, now);
  if (!read || 'complaints' in read) return read;
  const { input } = read;
  return {
    job: {
      kind: 'click',
      // Slack gives each form an id of its own, and it is submitted once.
      id: `click/${id}`,
      ...opened.target,
      move,
      insist: false,
      ...(Object.keys(input).length > 0 && { input }),
      personId: person,
      place: opened.place,
    },
  };
}

const Chosen = z.object({
  [TO]: z.object({ [TO]: z.object({ selected_user: z.string().regex(/^[UW][A-Z0-9]{1,49}$/) }) }),
});

function handOver(
  id: string,
  { matter, mark }: Omit<Row, 'of'>,
  { target, place, person, values }: Whence & { person: string; values: unknown },
): { job: CommandJob } | undefined {
  const { data } = Chosen.safeParse(values);
  if (!data) return undefined;
  const to = { kind: 'person' as const, slackId: data[TO][TO].selected_user };
  const command = { name: 'handOver' as const, row: { of: target, matter, mark }, to };
  return { job: { kind: 'command', id: `command/${id}`, command, personId: person, place } };
}

function readOpened(metadata: string): Whence | undefined {
  const { data } = Opened.safeParse(parsedJson(metadata));
  const target = data && parseTarget(`${data.account}/${data.userName}`);
  if (!target) return undefined;
  const { channel, ts, drawing } = data;
  const place = { channel, ...(ts !== undefined && { ts }), ...(drawing !== undefined && { drawing }) };
  return { target, place };
}

/** Which IAM user it is about, and where it was pressed. */
interface Whence {
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
