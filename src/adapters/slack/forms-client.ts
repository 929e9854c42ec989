// Opens forms, for the function that Slack reaches.
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { asking } from './slack-error.ts';

export function formsClient(client: WebClient) {
  return {
    /** A trigger is good for three seconds, and for one form. Throws OutsideError. */
    async open(trigger_id: string, view: ModalView): Promise<void> {
      await asking('views.open', client.views.open({ trigger_id, view }));
    },
  };
}
