// The requests that this app answers, cut down to what its listeners read: Bolt throws on shapes it does not expect.
import * as z from 'zod';

const Press = z.object({
  type: z.literal('block_actions'),
  user: z.looseObject({}),
  actions: z.tuple([z.looseObject({ action_id: z.string() })]).rest(z.unknown()),
  container: z.unknown().optional(),
  trigger_id: z.unknown().optional(),
  response_url: z.unknown().optional(),
});

const Submission = z.object({
  type: z.literal('view_submission'),
  user: z.looseObject({}),
  view: z.object({
    id: z.unknown().optional(),
    callback_id: z.string(),
    private_metadata: z.unknown().optional(),
    state: z.unknown().optional(),
  }),
});

const Command = z.object({
  command: z.string(),
  text: z.unknown().optional(),
  user_id: z.unknown().optional(),
  channel_id: z.unknown().optional(),
  trigger_id: z.unknown().optional(),
  response_url: z.unknown().optional(),
});

/** Asked once, when the address is entered in Slack's settings. https://docs.slack.dev/reference/events/url_verification */
const Challenge = z.object({ type: z.literal('url_verification'), challenge: z.unknown().optional() });

const Answered = z.union([Challenge, Press, Submission, Command]);

/** undefined: nothing here listens to it. */
export function answered(payload: Record<string, unknown>): z.output<typeof Answered> | undefined {
  return Answered.safeParse(payload).data;
}

/** https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/apis/events-api */
const NOT_ANSWERED = z.enum([
  'block_actions',
  'block_suggestion',
  'event_callback',
  'message_action',
  'shortcut',
  'view_closed',
  'view_submission',
]);

/** What kind of request it was, for the log: Slack's own word for it, or none. */
export function kindOf(payload: Record<string, unknown>): string {
  return NOT_ANSWERED.safeParse(payload.type).data ?? 'other';
}
