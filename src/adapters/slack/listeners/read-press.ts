// What a press says: what is asked for, about which IAM user, by whom, and where to answer.
import type { IamUserId } from '../../../domain/iam-user.ts';
import type { SlackPlace } from '../../../usecases/jobs.ts';
import { PressPayload } from '../answered.ts';
import { type ButtonMeaning, readPressed } from '../blocks/press.ts';

export interface ReceivedPress {
  asked: ButtonMeaning;
  target: IamUserId;
  triggerId: string;
  personId: string;
  place: SlackPlace;
}

/** undefined for what asks for nothing, such as links, and for anything unreadable. */
export function readPress(body: unknown): ReceivedPress | undefined {
  const { data } = PressPayload.safeParse(body);
  if (!data) return undefined;
  const [action] = data.actions;
  const pressed = readPressed({ ...action, selected_option: action.selected_option ?? undefined });
  if (!pressed) return undefined;
  const { channel_id, message_ts } = data.container;
  const { drawing, ...target } = pressed.target;
  return {
    asked: pressed.asked,
    target,
    triggerId: data.trigger_id,
    personId: data.user.id,
    place: {
      channel: channel_id,
      ...(message_ts !== undefined && { ts: message_ts }),
      ...(drawing !== undefined && { drawing }),
      ...(data.response_url !== undefined && { responseUrl: data.response_url }),
    },
  };
}
