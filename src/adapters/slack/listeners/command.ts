// /keyrotate: queued for the worker, whose answer is the only one. Slack shows nothing for an empty acknowledgement.
import type { Middleware, SlackCommandMiddlewareArgs, SlashCommand } from '@slack/bolt';
import { saying } from '../blocks/parts.ts';
import { NOT_DONE } from '../wording/shared/form-text.ts';
import { type AskedPorts, asking, queuePress, type RequestContext } from './asking.ts';

export function handleCommand(ports: AskedPorts): Middleware<SlackCommandMiddlewareArgs> {
  return async ({ ack, body, context }) => {
    if (await isQueued(body, context, ports)) await ack();
    else await ack({ response_type: 'ephemeral', ...saying(NOT_DONE) });
  };
}

/** A slash command shows nothing when its request fails, so a failure is answered in words. */
async function isQueued(body: SlashCommand, context: RequestContext, ports: AskedPorts): Promise<boolean> {
  try {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind !== 'job') return false;
    await queuePress(request, asked.job, ports);
    return true;
  } catch (error) {
    ports.log.error('slack.commandFailed', { personId: body.user_id, error });
    return false;
  }
}
