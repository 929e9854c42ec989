// Somebody wrote to keyrotate: it is queued like a command. Slack sends it again when that fails.
import type { Middleware, SlackEventMiddlewareArgs } from '@slack/bolt';
import { type AskedPorts, asking, queuePress } from './asking.ts';

export function handleMessage(ports: AskedPorts): Middleware<SlackEventMiddlewareArgs<'message'>> {
  return async ({ body, context }) => {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'job') await queuePress(request, asked.job, ports);
    else ports.log.warn('slack.messageTooLate');
  };
}
