// Somebody wrote to keyrotate, or opened Home: it is queued like a command. Slack sends it again when that fails.
import type { Middleware, SlackEventMiddlewareArgs } from '@slack/bolt';
import { type AskedPorts, asking, queuePress } from './asking.ts';

type Heard = SlackEventMiddlewareArgs<'message' | 'app_home_opened'>;

export function handleEvent(ports: AskedPorts): Middleware<Heard> {
  return async ({ body, context }) => {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'job') await queuePress(request, asked.job, ports);
    else ports.log.warn('slack.messageTooLate');
  };
}
