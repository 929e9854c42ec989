// A button was pressed: a job on the clicks queue. The worker decides; what the payload says is a hint.
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import * as z from 'zod';
import type { ClickJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { parsePress, parseTarget } from '../blocks/press.ts';

const Pressed = z.object({
  trigger_id: z.string().min(1).max(200),
  user: z.object({ id: z.string().min(1).max(50) }),
  // Only a way to answer: without it the person is told in the direct conversation.
  response_url: z.url().max(500).optional().catch(undefined),
  container: z.object({ message_ts: z.string().max(50).optional(), channel_id: z.string().min(1).max(50) }),
  actions: z.tuple([z.object({ action_id: z.string(), value: z.string() })]),
});

/** Buttons that carry no move, such as links, and anything unreadable are acknowledged and left at that. */
export function handleAction({ jobs, log }: Pick<Ports, 'log'> & { jobs: Pick<Ports['jobs'], 'put'> }) {
  const listener: Middleware<SlackActionMiddlewareArgs<BlockAction>> = async ({ ack, body }) => {
    const job = clickJob(body);
    if (job) await jobs.put('clicks', [job]);
    else log.warn('slack.noMove');
    await ack();
  };
  return listener;
}

function clickJob(body: unknown): ClickJob | undefined {
  const { data } = Pressed.safeParse(body);
  if (!data) return undefined;
  const [{ action_id, value }] = data.actions;
  const press = parsePress(action_id);
  const target = parseTarget(value);
  if (!press || !target) return undefined;
  const { channel_id, message_ts } = data.container;
  return {
    kind: 'click',
    // Slack gives each press a trigger of its own.
    id: `click/${data.trigger_id}`,
    ...target,
    ...press,
    personId: data.user.id,
    place: {
      channel: channel_id,
      ...(message_ts !== undefined && { ts: message_ts }),
      ...(data.response_url !== undefined && { responseUrl: data.response_url }),
    },
  };
}
