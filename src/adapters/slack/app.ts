// The Bolt app: which listener hears what. It answers Slack, queues jobs, and opens forms.
import { App, AwsLambdaReceiver } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { type ActionPorts, handleAction } from './listeners/action.ts';
import type { RequestContext } from './listeners/asking.ts';
import { handleCommand } from './listeners/command.ts';
import { handleEvent } from './listeners/event.ts';
import { handleView } from './listeners/view.ts';
import { quietLogger } from './quiet-logger.ts';
import { asking } from './slack-error.ts';
import type { SlackRequest } from './slack-request.ts';

export interface HttpReply {
  statusCode: number;
  headers?: Record<string, string>;
  body: string;
}

/** Takes a payload that has been verified already, and the request that it came in. */
export type BoltApp = (payload: object, request: SlackRequest) => Promise<HttpReply>;

type Event = Parameters<ReturnType<AwsLambdaReceiver['toHandler']>>[0];

export function buildApp(options: ActionPorts): BoltApp {
  const logger = quietLogger(options.log);
  // The gateway verifies: Bolt's own check takes time stamps from the future, and knows only one secret.
  const receiver = new AwsLambdaReceiver({
    signingSecret: '',
    signatureVerification: false,
    logger,
    customPropertiesExtractor: (event) => ({
      slackRequest: (event as Event & RequestContext).slackRequest,
    }),
  });
  // With `authorize` given, nothing is asked of Slack at start.
  const app = new App({
    receiver,
    logger,
    authorize: async () => ({ botId: 'keyrotate', botUserId: 'keyrotate' }),
  });
  app.action(/.*/s, handleAction(options));
  app.view(/.*/s, handleView(options));
  app.command(/.*/s, handleCommand(options));
  app.event('message', handleEvent(options));
  app.event('app_home_opened', handleEvent(options));
  // Nothing is acknowledged before its job is queued, so a failure shows at the button that was pressed.
  app.error(async (error) => {
    // Bolt wraps an error that has no code. Only the original knows where it happened.
    options.log.error('slack.listenerFailed', { error: error.original ?? error });
    throw error;
  });
  const handle = receiver.toHandler();
  return async (payload, request) => {
    const { statusCode, body, headers } = await handle(asLambdaEvent(payload, request), {});
    return { statusCode, body, ...(headers && { headers: textual(headers) }) };
  };
}

/** Bolt gets the payload as plain JSON: its own reading of forms and encodings goes wrong on valid requests. */
function asLambdaEvent(payload: object, slackRequest: SlackRequest): Event & RequestContext {
  return {
    version: '2.0',
    routeKey: 'POST /slack/events',
    rawPath: '/slack/events',
    rawQueryString: '',
    requestContext: {},
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    isBase64Encoded: false,
    slackRequest,
  };
}

function textual(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

export function formsClient(client: WebClient) {
  return {
    /** A trigger is good for three seconds, and for one form. Throws OutsideError. */
    async open(trigger_id: string, view: ModalView): Promise<void> {
      await asking('views.open', client.views.open({ trigger_id, view }));
    },
  };
}
