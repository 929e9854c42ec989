// The button that brings the card of one IAM user.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { button } from './buttons.ts';
import { mrkdwn } from './parts.ts';
import { showId } from './press.ts';

export function openButton(user: IamUserId, label = 'Open'): Button {
  const { account, userName } = user;
  return button(label, showId(), { account, userName });
}

/** One row of several, about one IAM user. */
export function rowToOpen(words: string, user: IamUserId, label?: string): KnownBlock {
  return { type: 'section', text: mrkdwn(words), accessory: openButton(user, label) };
}
