// /keyrotate: queued for the worker, whose answer is the only one. Slack shows nothing for an empty acknowledgement.
import type { Middleware, SlackCommandMiddlewareArgs, SlashCommand } from '@slack/bolt';
import { saying } from '../blocks/parts.ts';
import { FORM_NOT_OPENED, NOT_DONE } from '../wording/shared/form-text.ts';
import { type ActionPorts, opensWaiting } from './action.ts';
import { asking, queuePress, type RequestContext } from './asking.ts';

export function handleCommand(ports: ActionPorts): Middleware<SlackCommandMiddlewareArgs> {
  return async ({ ack, body, context }) => {
    const failed = await queued(body, context, ports);
    if (failed === undefined) await ack();
    else await ack({ response_type: 'ephemeral', ...saying(failed) });
  };
}

/** A slash command shows nothing when its request fails, so a failure is answered in words. */
async function queued(
  body: SlashCommand,
  context: RequestContext,
  ports: ActionPorts,
): Promise<string | undefined> {
  try {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind !== 'job') return NOT_DONE;
    if (!(await opensWaiting(asked.job, body.trigger_id, ports))) return FORM_NOT_OPENED;
    await queuePress(request, asked.job, ports);
    return undefined;
  } catch (error) {
    ports.log.error('slack.commandFailed', { personId: body.user_id, error });
    return NOT_DONE;
  }
}
