// Who typed a command, where, and the job that it becomes.
import * as z from 'zod/mini';
import type { Instant } from '../../../domain/time.ts';
import type { CommandJob } from '../../../usecases/jobs.ts';
import { waitingFor } from '../blocks/waiting-form.ts';
import { slackToken } from './answered.ts';

const Typed = z.object({
  trigger_id: slackToken(200),
  user_id: slackToken(50),
  channel_id: slackToken(50),
  text: z._default(z.string().check(z.maxLength(4000)), ''),
  response_url: z.catch(z.optional(z.url().check(z.maxLength(500))), undefined),
});

type Typed = z.output<typeof Typed>;

export function readTyped(payload: unknown): Typed | undefined {
  return Typed.safeParse(payload).data;
}

/** A command brings a trigger, with which a form can be opened within three seconds. */
const OPEN_A_FORM: readonly CommandJob['command']['name'][] = ['owners', 'planOwners'];

export function typedJob(
  { trigger_id, user_id, channel_id, response_url }: Typed,
  command: CommandJob['command'],
  askedAt: Instant,
): CommandJob {
  const place = {
    channel: channel_id,
    ...(response_url !== undefined && { responseUrl: response_url }),
    ...(OPEN_A_FORM.includes(command.name) && { view: waitingFor(trigger_id) }),
  };
  return { kind: 'command', id: `command/${trigger_id}`, command, askedAt, personId: user_id, place };
}
