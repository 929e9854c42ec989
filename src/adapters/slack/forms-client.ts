// Opens forms, for the function that Slack reaches.
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { asking } from './slack-error.ts';

export interface FormsClient {
  /** A trigger is good for three seconds, and for one form. Throws OutsideError. */
  open(triggerId: string, view: ModalView): Promise<void>;
}

export function formsClient(client: WebClient): FormsClient {
  return {
    async open(trigger_id, view) {
      await asking('views.open', client.views.open({ trigger_id, view }));
    },
  };
}
