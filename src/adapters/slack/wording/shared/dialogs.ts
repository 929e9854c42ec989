// What is asked before a press that makes a key, stops one, or cannot be undone.
import type { AccessKeyId } from '../../../../domain/access-key.ts';
import { count, keyName } from './names.ts';

/** Slack's limits: title 100, text 300, confirm and deny 30 each. */
export interface Dialog {
  title: string;
  text: string;
  confirm: string;
  deny: string;
}

/** The keys that a move is about. */
export interface MoveFacts {
  oldKeyId: AccessKeyId;
  newKeyId: AccessKeyId | undefined;
  /** The one it is about where that is neither of the two. */
  otherKeyId: AccessKeyId | undefined;
  oldKeyIsOn: boolean;
  /** Whether a key besides the old one is on. */
  hasSecondKey: boolean;
  graceDays: number;
}

export function createDialog({ oldKeyId, oldKeyIsOn }: MoveFacts): Dialog {
  const made =
    'A new key is made in AWS, and its secret put where only this IAM user and your readers can fetch it.';
  const old = keyName(oldKeyId);
  return {
    title: oldKeyIsOn ? 'Create a second key?' : 'Create a new key?',
    text: oldKeyIsOn
      ? `${made} Nothing breaks: ${old} works on. You can discard the new key again here.`
      : `${made} ${old} stays off, so only the readers can fetch it until you turn ${old} back on.`,
    confirm: 'Create it',
    deny: 'Not now',
  };
}

export function retireDialog({ oldKeyId, graceDays }: MoveFacts): Dialog {
  return {
    title: 'Turn off this key?',
    text: `Calls made with ${keyName(oldKeyId)} fail at once, and no new key is made. ${undo(graceDays)}`,
    confirm: 'Turn it off',
    deny: 'Keep it on',
  };
}

export function retireAnywayDialog({ oldKeyId, graceDays }: MoveFacts): Dialog {
  return {
    title: 'Turn off a key that may be in use?',
    text: `Whatever still uses ${keyName(oldKeyId)} fails at once, and no new key is made. ${undo(graceDays)}`,
    confirm: 'Turn it off anyway',
    deny: 'Keep it on',
  };
}

export function deactivateDialog({ oldKeyId, graceDays }: MoveFacts): Dialog {
  return {
    title: 'Turn off the old key?',
    text: `Calls made with ${keyName(oldKeyId)} fail at once. ${undo(graceDays)}`,
    confirm: 'Turn it off',
    deny: 'Keep it on',
  };
}

export function deactivateAnywayDialog({ oldKeyId, graceDays }: MoveFacts): Dialog {
  return {
    title: 'Turn off a key that may be in use?',
    text: `Whatever still uses ${keyName(oldKeyId)} fails at once. ${undo(graceDays)}`,
    confirm: 'Turn it off anyway',
    deny: 'Keep it on',
  };
}

export function discardDialog(title: string): (facts: MoveFacts) => Dialog {
  return ({ oldKeyId, newKeyId }) => {
    const fresh = newKeyId === undefined ? 'The new key' : `The new key ${keyName(newKeyId)}`;
    return {
      title,
      text: `${fresh} is deleted for good: *this cannot be undone*, and calls made with it fail at once. The old key ${keyName(oldKeyId)} stays on.`,
      confirm: 'Discard it',
      deny: 'Keep it',
    };
  };
}

/** Asked after the card has shown what is known of that key. */
export function removeDialog({ oldKeyId, otherKeyId }: MoveFacts): Dialog {
  const other = otherKeyId === undefined ? 'The other key' : keyName(otherKeyId);
  return {
    title: 'Remove this key for good?',
    text: `${other} is deleted in AWS. *This cannot be undone*: nobody can turn it back on afterwards. ${keyName(oldKeyId)} is left as it is.`,
    confirm: 'Remove it for good',
    deny: 'Keep it',
  };
}

export function deleteDialog({ oldKeyId }: MoveFacts): Dialog {
  return {
    title: 'Delete the key for good?',
    text: `${keyName(oldKeyId)} is removed from AWS. *This cannot be undone*: nobody can turn it back on afterwards.`,
    confirm: 'Delete for good',
    deny: 'Keep it, off',
  };
}

function undo(graceDays: number): string {
  return `You can turn it back on here until you delete it, which you can do after ${count(graceDays, 'day')}.`;
}
