// What a press says: what is asked for, about which IAM user, by whom, and where to answer.
import * as z from 'zod';
import type { IamUserId } from '../../../domain/iam-user.ts';
import type { SlackPlace } from '../../../usecases/jobs.ts';
import { type Asked, readPressed } from '../blocks/press.ts';

const Pressed = z.object({
  trigger_id: z.string().min(1).max(200),
  user: z.object({ id: z.string().min(1).max(50) }),
  // Only a way to answer: without it the person is told in the direct conversation.
  response_url: z.url().max(500).optional().catch(undefined),
  container: z.object({ message_ts: z.string().max(50).optional(), channel_id: z.string().min(1).max(50) }),
  actions: z.tuple([
    z.object({
      action_id: z.string(),
      block_id: z.string().optional(),
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ]),
});

export interface Press {
  asked: Asked;
  target: IamUserId;
  triggerId: string;
  personId: string;
  place: SlackPlace;
}

/** undefined for what asks for nothing, such as links, and for anything unreadable. */
export function readPress(body: unknown): Press | undefined {
  const { data } = Pressed.safeParse(body);
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
