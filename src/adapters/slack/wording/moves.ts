// What each move is called on its button.
import type { MoveName } from '../../../domain/transitions.ts';
import {
  createDialog,
  type Dialog,
  deactivateAnywayDialog,
  deactivateDialog,
  deleteDialog,
  discardDialog,
  genericDialog,
  type MoveFacts,
  removeDialog,
  retireAnywayDialog,
  retireDialog,
} from './dialogs.ts';
import { plainKey } from './names.ts';

interface Label {
  /** Where the keys are not at hand. At most 75 characters. */
  label: string;
  /** On the button itself, where it names the keys; undefined where it names none. */
  naming?: (facts: MoveFacts) => string | undefined;
}

interface MoveWords extends Label {
  style?: 'primary' | 'danger';
  /** None where AWS is left as it is, or a key is turned back on: asking then only trains people to say yes. */
  dialog?: (facts: MoveFacts) => Dialog;
  /** For a press that insists although doubts were shown; none for a move that no doubt holds up. */
  anyway?: Label & { dialog: (facts: MoveFacts) => Dialog };
}

export const MOVE_WORDS: Record<MoveName, MoveWords> = {
  createKey: { label: 'Create new key', style: 'primary', dialog: createDialog },
  adopt: {
    label: 'The other key replaces it',
    naming: ({ oldKeyId, otherKeyId }) =>
      otherKeyId && `${plainKey(otherKeyId)} replaces ${plainKey(oldKeyId)}`,
  },
  retire: {
    label: "I don't need this key",
    naming: ({ oldKeyId, hasSecondKey }) => (hasSecondKey ? `Turn off ${plainKey(oldKeyId)}` : undefined),
    dialog: retireDialog,
    anyway: { label: 'Turn off anyway', dialog: retireAnywayDialog },
  },
  switchKey: {
    label: 'Start with the other key',
    naming: ({ otherKeyId }) => otherKeyId && `Start with ${plainKey(otherKeyId)}`,
  },
  clearSlot: {
    label: 'Remove the other key to make room',
    naming: ({ otherKeyId }) => otherKeyId && `Remove ${plainKey(otherKeyId)} to make room`,
    anyway: removeForGood(),
  },
  discardStranded: {
    label: 'Remove the key without a secret',
    naming: ({ otherKeyId }) => otherKeyId && `Remove ${plainKey(otherKeyId)}`,
    anyway: removeForGood(),
  },
  keepBoth: { label: 'Both are needed' },
  postpone: { label: 'I need more time' },
  askForTime: { label: 'Ask for more time' },
  approve: { label: 'Approve', style: 'primary' },
  decline: { label: 'Decline' },
  notMine: { label: 'Not mine' },
  resume: { label: 'Go on now' },
  confirmMigration: { label: 'I replaced it everywhere', style: 'primary' },
  discardNewKey: {
    label: 'Discard new key',
    dialog: discardDialog('Discard the new key?'),
    anyway: { label: 'Discard anyway', dialog: discardDialog('Discard a key that may be in use?') },
  },
  undoAdopt: { label: 'Not the replacement, go back' },
  reopen: { label: 'Not yet, go back' },
  deactivate: {
    label: 'Turn off the old key',
    style: 'primary',
    dialog: deactivateDialog,
    anyway: { label: 'Turn off anyway', dialog: deactivateAnywayDialog },
  },
  reactivate: { label: 'Turn it back on' },
  delete: { label: 'Delete for good', style: 'danger', dialog: deleteDialog },
};

export function moveLabel(move: MoveName, facts: MoveFacts): string {
  return labelOf(MOVE_WORDS[move], facts);
}

/** Also for a move that came to have doubts without words of its own. */
export function anywayWords(move: MoveName, facts: MoveFacts): { label: string; dialog: Dialog } {
  const { label, dialog, anyway } = MOVE_WORDS[move];
  if (anyway) return { label: labelOf(anyway, facts), dialog: anyway.dialog(facts) };
  return { label: `${label}, anyway`, dialog: (dialog ?? genericDialog)(facts) };
}

function removeForGood() {
  return {
    label: 'Remove for good',
    naming: ({ otherKeyId }: MoveFacts) => otherKeyId && `Remove ${plainKey(otherKeyId)} for good`,
    dialog: removeDialog,
  };
}

function labelOf({ label, naming }: Label, facts: MoveFacts): string {
  return naming?.(facts) ?? label;
}
