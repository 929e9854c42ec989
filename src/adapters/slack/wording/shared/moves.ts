// What each move is called on its button, what it asks, and what is said of it afterwards: one row a move.
import type { DoubtfulMove } from '../../../../domain/moves/rows.ts';
import type { MoveName } from '../../../../domain/transitions.ts';
import {
  createDialog,
  type Dialog,
  deactivateAnywayDialog,
  deactivateDialog,
  deleteDialog,
  discardDialog,
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

interface Words extends Label {
  style?: 'primary' | 'danger';
  /** None where AWS is left as it is, or a key is turned back on: asking then only trains people to say yes. */
  dialog?: (facts: MoveFacts) => Dialog;
  /** For a press that insists although doubts were shown. */
  anyway?: Anyway;
  /** Told afterwards to whoever was not there. */
  happening: string;
}

interface Anyway extends Label {
  dialog: (facts: MoveFacts) => Dialog;
}

const WORDS: Record<MoveName, Words> & Record<DoubtfulMove, { anyway: Anyway }> = {
  createKey: {
    label: 'Create new key',
    style: 'primary',
    dialog: createDialog,
    happening: 'a new key was created',
  },
  adopt: {
    label: 'The other key replaces it',
    naming: ({ oldKeyId, otherKeyId }) =>
      otherKeyId && `${plainKey(otherKeyId)} replaces ${plainKey(oldKeyId)}`,
    happening: 'the other key was put in the old one’s place',
  },
  retire: {
    label: "I don't need this key",
    naming: ({ oldKeyId, hasSecondKey }) => (hasSecondKey ? `Turn off ${plainKey(oldKeyId)}` : undefined),
    dialog: retireDialog,
    anyway: { label: 'Turn off anyway', dialog: retireAnywayDialog },
    happening: 'the key was turned off',
  },
  switchKey: {
    label: 'Start with the other key',
    naming: ({ otherKeyId }) => otherKeyId && `Start with ${plainKey(otherKeyId)}`,
    happening: 'the other key was put first',
  },
  clearSlot: {
    label: 'Remove the other key to make room',
    naming: ({ otherKeyId }) => otherKeyId && `Remove ${plainKey(otherKeyId)} to make room`,
    anyway: removeForGood(),
    happening: 'the other key was deleted',
  },
  discardStranded: {
    label: 'Remove the key without a secret',
    naming: ({ otherKeyId }) => otherKeyId && `Remove ${plainKey(otherKeyId)}`,
    anyway: removeForGood(),
    happening: 'the key without a stored secret was deleted',
  },
  keepBoth: { label: 'Both are needed', happening: 'both keys were said to be needed' },
  postpone: { label: 'I need more time', happening: 'more time was taken' },
  askForTime: { label: 'Ask for more time', happening: 'more time was asked for' },
  approve: { label: 'Approve', style: 'primary', happening: 'more time was approved' },
  decline: { label: 'Decline', happening: 'more time was declined' },
  notMine: { label: 'Not mine', happening: 'the key was said to be somebody else’s' },
  resume: { label: 'Go on now', happening: 'the rotation was taken up again' },
  confirmMigration: {
    label: 'I replaced it everywhere',
    style: 'primary',
    happening: 'the new key was said to be in place',
  },
  discardNewKey: {
    label: 'Discard new key',
    dialog: discardDialog('Discard the new key?'),
    anyway: { label: 'Discard anyway', dialog: discardDialog('Discard a key that may be in use?') },
    happening: 'the new key was discarded',
  },
  undoAdopt: {
    label: 'Not the replacement, go back',
    happening: 'the other key was taken out of the old one’s place',
  },
  reopen: { label: 'Not yet, go back', happening: 'the old key was said to be still in use' },
  deactivate: {
    label: 'Turn off the old key',
    style: 'primary',
    dialog: deactivateDialog,
    anyway: { label: 'Turn off anyway', dialog: deactivateAnywayDialog },
    happening: 'the old key was turned off',
  },
  reactivate: { label: 'Turn it back on', happening: 'the old key was turned back on' },
  delete: {
    label: 'Delete for good',
    style: 'danger',
    dialog: deleteDialog,
    anyway: { label: 'Delete for good, anyway', dialog: deleteDialog },
    happening: 'the old key was deleted',
  },
};

export const MOVE_WORDS: Record<MoveName, Words> = WORDS;

export function moveLabel(move: MoveName, facts: MoveFacts): string {
  return labelOf(MOVE_WORDS[move], facts);
}

/** undefined: no doubt holds it up. */
export function anywayWords(move: MoveName, facts: MoveFacts): { label: string; dialog: Dialog } | undefined {
  const { anyway } = MOVE_WORDS[move];
  return anyway && { label: labelOf(anyway, facts), dialog: anyway.dialog(facts) };
}

function removeForGood(): Anyway {
  return {
    label: 'Remove for good',
    naming: ({ otherKeyId }: MoveFacts) => otherKeyId && `Remove ${plainKey(otherKeyId)} for good`,
    dialog: removeDialog,
  };
}

function labelOf({ label, naming }: Label, facts: MoveFacts): string {
  return naming?.(facts) ?? label;
}
