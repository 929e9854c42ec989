// A form was submitted: it is queued, or stays open with a complaint.
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { buildWaiting } from '../blocks/waiting-form.ts';
import { type AskedPorts, asking, queuePress } from './asking.ts';

/** The form closes once its job is queued, or waits for what comes of it. */
export function handleView(ports: AskedPorts): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> {
  return async ({ ack, body, context }) => {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'complaints') {
      await ack({ response_action: 'errors', errors: asked.complaints });
      return;
    }
    if (asked.kind === 'job') await queuePress(request, asked.job, ports);
    else ports.log.warn('slack.noForm');
    const waiting = asked.kind === 'job' ? asked.job.place.view?.external_id : undefined;
    if (waiting === undefined) await ack();
    else await ack({ response_action: 'update', view: buildWaiting(waiting) });
  };
}
