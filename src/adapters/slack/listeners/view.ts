// A form was submitted: it is queued, or stays open with a complaint.
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { type AskedPorts, asking, queuePress } from './asking.ts';

/** The form closes once its job is queued. */
export function handleView(ports: AskedPorts): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> {
  return async ({ ack, body, context }) => {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'complaints') {
      await ack({ response_action: 'errors', errors: asked.complaints });
      return;
    }
    if (asked.kind === 'job') await queuePress(request, asked.job, ports);
    else ports.log.warn('slack.noForm');
    await ack();
  };
}
