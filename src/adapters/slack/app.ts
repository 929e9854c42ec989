// The Bolt app: which listener hears what. It answers Slack, queues jobs, and opens forms.
import { App, AwsLambdaReceiver } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { type ActionPorts, handleAction } from './listeners/action.ts';
import { type CommandPorts, handleCommand } from './listeners/command.ts';
import { handleView } from './listeners/view.ts';
import { quietLogger } from './quiet-logger.ts';
import { asking } from './slack-error.ts';

/** Bolt's handler for requests that have been verified already. */
export function buildApp(options: CommandPorts & ActionPorts): ReturnType<AwsLambdaReceiver['toHandler']> {
  const logger = quietLogger(options.log);
  // The gateway verifies: Bolt's own check takes time stamps from the future, and knows only one secret.
  const receiver = new AwsLambdaReceiver({ signingSecret: '', signatureVerification: false, logger });
  // With `authorize` given, nothing is asked of Slack at start.
  const app = new App({
    receiver,
    logger,
    authorize: async () => ({ botId: 'keyrotate', botUserId: 'keyrotate' }),
  });
  app.action(/.*/s, handleAction(options));
  app.view(/.*/s, handleView(options));
  app.command(/.*/s, handleCommand(options));
  // Nothing is acknowledged before its job is queued, so a failure shows at the button that was pressed.
  app.error(async (error) => {
    // Bolt wraps an error that has no code. Only the original knows where it happened.
    options.log.error('slack.listenerFailed', { error: error.original ?? error });
    throw error;
  });
  return receiver.toHandler();
}

export function formsClient(client: WebClient) {
  return {
    /** A trigger is good for three seconds, and for one form. Throws OutsideError. */
    async open(trigger_id: string, view: ModalView): Promise<void> {
      await asking('views.open', client.views.open({ trigger_id, view }));
    },
  };
}
