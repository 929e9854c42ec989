// What each move is called on its button, and what is asked before a press that stops something or cannot be undone.
import type { AccessKeyId } from '../../../domain/access-key.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { count, keyName } from './names.ts';

/** Slack's limits: title 100, text 300, confirm and deny 30 each. */
export interface Dialog {
  title: string;
  text: string;
  confirm: string;
  deny: string;
}

export interface MoveFacts {
  oldKeyId: AccessKeyId;
  newKeyId: AccessKeyId | undefined;
  graceDays: number;
}

interface MoveWords {
  label: string;
  style: 'primary' | 'danger' | undefined;
  /** undefined where AWS is left as it is, or a key is turned back on: asking then only trains people to say yes. */
  dialog: ((facts: MoveFacts) => Dialog) | undefined;
  /** For a press that insists although doubts were shown; undefined for a move that no doubt holds up. */
  anyway: { label: string; dialog: (facts: MoveFacts) => Dialog } | undefined;
}

export const MOVE_WORDS: Record<MoveName, MoveWords> = {
  createKey: {
    label: 'Create new key',
    style: 'primary',
    dialog: ({ oldKeyId }) => ({
      title: 'Create a second key?',
      text: `A new key is made in AWS, and its secret put where only this IAM user and your readers can fetch it. Nothing breaks: ${keyName(oldKeyId)} works on. You can discard the new key again here.`,
      confirm: 'Create it',
      deny: 'Not now',
    }),
    anyway: undefined,
  },
  retire: {
    label: "I don't need this key",
    style: undefined,
    dialog: ({ oldKeyId, graceDays }) => ({
      title: 'Turn off this key?',
      text: `Calls made with ${keyName(oldKeyId)} fail at once, and no new key is made. ${undo(graceDays)}`,
      confirm: 'Turn it off',
      deny: 'Keep it on',
    }),
    anyway: {
      label: 'Turn off anyway',
      dialog: ({ oldKeyId, graceDays }) => ({
        title: 'Turn off a key that may be in use?',
        text: `Whatever still uses ${keyName(oldKeyId)} fails at once, and no new key is made. ${undo(graceDays)}`,
        confirm: 'Turn it off anyway',
        deny: 'Keep it on',
      }),
    },
  },
  confirmMigration: {
    label: 'I replaced it everywhere',
    style: 'primary',
    dialog: undefined,
    anyway: undefined,
  },
  discardNewKey: {
    label: 'Discard new key',
    style: undefined,
    dialog: (facts) => discardDialog('Discard the new key?', facts),
    anyway: {
      label: 'Discard anyway',
      dialog: (facts) => discardDialog('Discard a key that may be in use?', facts),
    },
  },
  reopen: { label: 'Not yet, go back', style: undefined, dialog: undefined, anyway: undefined },
  deactivate: {
    label: 'Turn off the old key',
    style: 'primary',
    dialog: ({ oldKeyId, graceDays }) => ({
      title: 'Turn off the old key?',
      text: `Calls made with ${keyName(oldKeyId)} fail at once. ${undo(graceDays)}`,
      confirm: 'Turn it off',
      deny: 'Keep it on',
    }),
    anyway: {
      label: 'Turn off anyway',
      dialog: ({ oldKeyId, graceDays }) => ({
        title: 'Turn off a key that may be in use?',
        text: `Whatever still uses ${keyName(oldKeyId)} fails at once. ${undo(graceDays)}`,
        confirm: 'Turn it off anyway',
        deny: 'Keep it on',
      }),
    },
  },
  reactivate: { label: 'Turn it back on', style: undefined, dialog: undefined, anyway: undefined },
  delete: {
    label: 'Delete for good',
    style: 'danger',
    dialog: ({ oldKeyId }) => ({
      title: 'Delete the key for good?',
      text: `${keyName(oldKeyId)} is removed from AWS. *This cannot be undone*: nobody can turn it back on afterwards.`,
      confirm: 'Delete for good',
      deny: 'Keep it, off',
    }),
    anyway: undefined,
  },
};

/** For a move that came to have doubts without words of its own. */
export function anywayWords(move: MoveName): NonNullable<MoveWords['anyway']> {
  const { label, dialog, anyway } = MOVE_WORDS[move];
  return anyway ?? { label: `${label}, anyway`, dialog: dialog ?? GENERIC };
}

const GENERIC = (): Dialog => ({
  title: 'Do it anyway?',
  text: 'The message above says what speaks against it.',
  confirm: 'Do it anyway',
  deny: 'Not now',
});

function discardDialog(title: string, { oldKeyId, newKeyId }: MoveFacts): Dialog {
  const fresh = newKeyId === undefined ? 'The new key' : `The new key ${keyName(newKeyId)}`;
  return {
    title,
    text: `${fresh} is deleted for good: *this cannot be undone*, and calls made with it fail at once. The old key ${keyName(oldKeyId)} stays on.`,
    confirm: 'Discard it',
    deny: 'Keep it',
  };
}

function undo(graceDays: number): string {
  return `You can turn it back on here until you delete it, which you can do after ${count(graceDays, 'day')}.`;
}
