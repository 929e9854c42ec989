// The button that brings the card of one IAM user.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { button } from './buttons.ts';
import { mrkdwn } from './parts.ts';
import { showId } from './press.ts';

export function openButton(user: IamUserId, label = 'Open'): Button {
  return button(label, showId(), user);
}

/** One row of several, about one IAM user. */
export function rowToOpen(words: string, user: IamUserId): KnownBlock {
  return { type: 'section', text: mrkdwn(words), accessory: openButton(user) };
}
