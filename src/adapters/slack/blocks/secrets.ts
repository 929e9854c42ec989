// The secrets of IAM users that are gone: the button that deletes them, and what the admin channel says afterwards.
import type { Button } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { andMore } from '../wording/shared/names.ts';
import {
  DELETE_SECRETS,
  type DeletedFacts,
  deletedNotice,
  deletionDialog,
} from '../wording/summary/secrets-text.ts';
import { button, confirmation } from './buttons.ts';
import { type Content, linesThatFit, saying, section } from './parts.ts';
import { secretsId } from './press.ts';

/** `first`: whose is the first of so many. */
export function deleteButton(number: number, first: IamUserId): Button {
  const confirm = confirmation(deletionDialog(number));
  return { ...button(DELETE_SECRETS, secretsId(number), first), confirm };
}

export function buildSecretsNotice(facts: DeletedFacts): Content {
  const { headline, rows, advice } = deletedNotice(facts);
  const shown = linesThatFit(rows);
  return saying(headline, section(...shown, andMore(rows.length - shown.length)), section(advice));
}
