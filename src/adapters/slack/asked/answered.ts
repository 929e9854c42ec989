// The requests that this app answers: the one place that says what they look like. Bolt throws on shapes it does not expect.
import * as z from 'zod/mini';

/** An id, a trigger or a timestamp of Slack's: ASCII without spaces, so that it can go on to Slack, the queue and the table. */
export const slackToken = (most: number) => z.string().check(z.maxLength(most), z.regex(/^[!-~]+$/));

const id = slackToken(50);

/** On a message, or in Home, which has no channel. */
export const PressPayload = z
  .object({
    type: z.literal('block_actions'),
    trigger_id: slackToken(200),
    user: z.looseObject({ id }),
    // Only a way to answer: without it the person is told in the direct conversation.
    response_url: z.catch(z.optional(z.url().check(z.maxLength(500))), undefined),
    container: z.object({ message_ts: z.optional(slackToken(50)), channel_id: z.optional(id) }),
    view: z.optional(z.object({ type: z.literal('home'), hash: slackToken(200) })),
    actions: z.tuple([
      z.looseObject({
        action_id: z.string(),
        block_id: z.optional(z.string()),
        value: z.nullish(z.string()),
        selected_option: z.nullish(z.object({ value: z.string() })),
        selected_user: z.nullish(z.string()),
      }),
    ]),
  })
  .check(z.refine(({ container, view }) => container.channel_id !== undefined || view !== undefined));

/** A press in a form that is open, or Enter in a field that is to be heard of at once. */
export const FormPress = z.object({
  type: z.literal('block_actions'),
  trigger_id: slackToken(200),
  user: z.looseObject({ id }),
  view: z.object({
    id: slackToken(200),
    type: z.literal('modal'),
    private_metadata: z.string().check(z.maxLength(3000)),
  }),
  actions: z.tuple([z.looseObject({ action_id: z.string(), value: z.nullish(z.string()) })]),
});

export const Submission = z.object({
  type: z.literal('view_submission'),
  trigger_id: z.catch(z.optional(slackToken(200)), undefined),
  user: z.looseObject({ id }),
  view: z.object({
    id: slackToken(200),
    callback_id: z.string(),
    private_metadata: z.string().check(z.maxLength(3000)),
    state: z.object({ values: z.unknown() }),
  }),
});

/** The rest is read where it is answered: what is wrong with it is told in words. */
const Command = z.object({
  command: z.string(),
  text: z.optional(z.unknown()),
  user_id: z.optional(z.unknown()),
  channel_id: z.optional(z.unknown()),
  trigger_id: z.optional(z.unknown()),
  response_url: z.optional(z.unknown()),
});

/** What somebody wrote in the direct conversation; with a file, or from a thread, too. https://docs.slack.dev/reference/events/message.im */
export const Written = z.object({
  type: z.literal('event_callback'),
  event_id: slackToken(100),
  /** Seconds. */
  event_time: z.number(),
  event: z.object({
    type: z.literal('message'),
    channel_type: z.literal('im'),
    subtype: z.optional(z.enum(['file_share', 'thread_broadcast'])),
    // Bots are answered by nobody, this one included.
    bot_id: z.optional(z.undefined()),
    user: id.check(z.refine((user) => user !== 'USLACKBOT')),
    channel: id,
    text: z.string().check(z.maxLength(40_000)),
  }),
});

/** Somebody opened Home. `view`: what stands there since it was last drawn. https://docs.slack.dev/reference/events/app_home_opened */
export const HomeOpened = z.object({
  type: z.literal('event_callback'),
  event_id: slackToken(100),
  event_time: z.number(),
  event: z.object({
    type: z.literal('app_home_opened'),
    tab: z.literal('home'),
    user: id,
    view: z.catch(z.optional(z.object({ hash: slackToken(200) })), undefined),
  }),
});

/**
 * What Slack tells along with these, and nobody is to answer: messages of bots, that one was edited or removed, and that
 * somebody opened the direct conversation.
 */
const Echo = z.object({
  type: z.literal('event_callback'),
  event: z.object({ type: z.enum(['message', 'app_home_opened']) }),
});

export function isEcho(payload: Record<string, unknown>): boolean {
  return Echo.safeParse(payload).success;
}

/** Asked once, when the address is entered in Slack's settings. https://docs.slack.dev/reference/events/url_verification */
const Challenge = z.object({ type: z.literal('url_verification'), challenge: z.optional(z.unknown()) });

const Answered = z.union([Challenge, PressPayload, FormPress, Submission, Written, HomeOpened, Command]);

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
