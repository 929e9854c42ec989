// What each move is called on its button, what it asks, and what is said afterwards of it and of whatever else happened.
import type { AccessKeyId } from '../../../../domain/access-key.ts';
import type { DoubtfulMove } from '../../../../domain/moves/rows.ts';
import type { HistoryEntry, Rotation } from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import { isMoveName, type MoveName } from '../../../../domain/transitions.ts';
import { label } from '../../escape.ts';
import { plainMoment } from './dates.ts';
import { count, plainKey } from './names.ts';

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
  /** Whether a key besides the old one is on. */
  hasSecondKey: boolean;
  graceDays: number;
  /** Of the old key, as AWS had it last; undefined: none is known. */
  lastUse?: { at: Instant; service: string } | undefined;
  /** AWS shows something that speaks against the move. */
  isDoubtful: boolean;
}

interface Label {
  /** Where the keys are not at hand. At most 75 characters. */
  label: string;
  /** On the button itself, where it names the keys; undefined where it names none. */
  naming?: (facts: MoveFacts) => string | undefined;
}

interface Words extends Label {
  style?: 'primary' | 'danger';
  /** Only where something stops working or goes for good: asking anywhere else trains people to say yes. Plain text. */
  dialog?: (facts: MoveFacts) => Dialog;
  /** For a press that insists although doubts were shown. */
  anyway?: Anyway;
  happening: string;
}

interface Anyway extends Label {
  /** What has not happened because of the doubts. */
  notYet: string;
  dialog?: (facts: MoveFacts) => Dialog;
}

/** Although AWS shows nothing of it. */
export const IN_PLACE = 'It is in place, go on';

/** In the menu of a card. */
export const HISTORY = 'History';

const NO_NEW_KEY = ', and no new key is made';

export const MOVE_WORDS: Record<MoveName, Words> = {
  createKey: {
    label: 'Create new key',
    style: 'primary',
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
    dialog: turnOffDialog('Turn off this key?', NO_NEW_KEY),
    anyway: turnOffAnyway(NO_NEW_KEY),
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
  resume: { label: 'I need no more time', happening: 'the time that was given was handed back' },
  confirmMigration: {
    label: 'I replaced it everywhere',
    style: 'primary',
    anyway: { notYet: 'Not taken as done yet', label: IN_PLACE },
    happening: 'the new key was said to be in place',
  },
  discardNewKey: {
    label: 'Discard new key',
    dialog: discardDialog('Discard the new key?'),
    anyway: {
      notYet: 'Not discarded',
      label: 'Discard anyway',
      dialog: discardDialog('Discard a key that may be in use?'),
    },
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
    dialog: turnOffDialog('Turn off the old key?'),
    anyway: turnOffAnyway(),
    happening: 'the old key was turned off',
  },
  turnOffWhenQuiet: {
    label: 'Turn it off when quiet',
    happening: 'it was decided that the old key goes off when quiet',
  },
  keepOn: { label: 'Keep it on', happening: 'it was decided that the old key stays on for now' },
  reactivate: { label: 'Turn it back on', happening: 'the old key was turned back on' },
  delete: {
    label: 'Delete for good',
    style: 'danger',
    dialog: deleteDialog,
    anyway: { notYet: 'Not deleted yet', label: 'Delete for good, anyway', dialog: deleteDialog },
    happening: 'the old key was deleted',
  },
} satisfies Record<MoveName, Words> & Record<DoubtfulMove, { anyway: Anyway }>;

export function moveLabel(move: MoveName, facts: MoveFacts): string {
  return labelOf(MOVE_WORDS[move], facts);
}

/** undefined: no doubt holds it up. */
export function anywayWords(
  move: MoveName,
  facts: MoveFacts,
): { label: string; dialog?: Dialog } | undefined {
  const { anyway } = MOVE_WORDS[move];
  return anyway && { label: labelOf(anyway, facts), ...(anyway.dialog && { dialog: anyway.dialog(facts) }) };
}

function removeForGood(): Anyway {
  return {
    notYet: 'Not removed',
    label: 'Remove for good',
    naming: ({ otherKeyId }: MoveFacts) => otherKeyId && `Remove ${plainKey(otherKeyId)} for good`,
    dialog: removeDialog,
  };
}

function labelOf({ label, naming }: Label, facts: MoveFacts): string {
  return naming?.(facts) ?? label;
}

function turnOffDialog(title: string, andWhat = ''): (facts: MoveFacts) => Dialog {
  return ({ oldKeyId, graceDays, lastUse }) => ({
    title,
    text: `Calls made with ${plainKey(oldKeyId)} fail at once${andWhat}.${used(lastUse)} ${undo(graceDays)}`,
    confirm: 'Turn it off',
    deny: 'Keep it on',
  });
}

function turnOffAnyway(andWhat = ''): Anyway {
  return {
    notYet: 'Not turned off yet',
    label: 'Turn off anyway',
    dialog: ({ oldKeyId, graceDays, lastUse }) => ({
      title: 'Turn off a key that may be in use?',
      text: `Whatever still uses ${plainKey(oldKeyId)} fails at once${andWhat}.${used(lastUse)} ${undo(graceDays)}`,
      confirm: 'Turn it off anyway',
      deny: 'Keep it on',
    }),
  };
}

function discardDialog(title: string): (facts: MoveFacts) => Dialog {
  return ({ oldKeyId, newKeyId }) => {
    const fresh = newKeyId === undefined ? 'The new key' : `The new key ${plainKey(newKeyId)}`;
    return {
      title,
      text: `${fresh} is deleted for good: this cannot be undone, and calls made with it fail at once. The old key ${plainKey(oldKeyId)} stays on.`,
      confirm: 'Discard it',
      deny: 'Keep it',
    };
  };
}

/ Asked after the card has shown what is known of that key. /;
function removeDialog({ oldKeyId, otherKeyId }: MoveFacts): Dialog {
  const other = otherKeyId === undefined ? 'The other key' : plainKey(otherKeyId);
  return {
    title: 'Remove this key for good?',
    text: `${other} is deleted in AWS. This cannot be undone: nobody can turn it back on afterwards. ${plainKey(oldKeyId)} is left as it is.`,
    confirm: 'Remove it for good',
    deny: 'Keep it',
  };
}

function deleteDialog({ oldKeyId }: MoveFacts): Dialog {
  return {
    title: 'Delete the key for good?',
    text: `${plainKey(oldKeyId)} is removed from AWS. This cannot be undone: nobody can turn it back on afterwards.`,
    confirm: 'Delete for good',
    deny: 'Keep it, off',
  };
}

/** In a dialog Slack draws no dates, and counts no time. */
function used(lastUse: MoveFacts['lastUse']): string {
  return lastUse ? ` Last used ${plainMoment(lastUse.at)}: ${label(lastUse.service, 40)}.` : '';
}

function undo(graceDays: number): string {
  return `You can turn it back on here until you delete it, which you can do after ${count(graceDays, 'day')}.`;
}

const HAPPENINGS: Record<Exclude<HistoryEntry['what'], MoveName>, string> = {
  open: 'the rotation was started',
  wake: 'the time that was agreed on is over',
  assign: 'the owner was named',
  renamed: 'the IAM user was given another name',

  userGone: 'the IAM user was deleted, renamed or made anew in AWS',
  oldKeyGone: 'the old key was deleted in AWS',
  oldKeyOff: 'the old key was turned off in AWS',
  oldKeyOn: 'the old key was turned on in AWS',
  newKeyGone: 'the new key was deleted in AWS',
  newKeyOff: 'the new key was turned off in AWS',
  otherKeyFound: 'another key was created in AWS',
};

export function happening(what: HistoryEntry['what']): string {
  return isMoveName(what) ? MOVE_WORDS[what].happening : HAPPENINGS[what];
}

/** What was done last, by whomever, or the last of one kind. What failed is told when it fails. */
export function lastDone(rotation: Rotation, kind?: HistoryEntry['what']): HistoryEntry | undefined {
  return rotation.history.findLast(
    ({ what, outcome }) => outcome === 'done' && (kind === undefined || what === kind),
  );
}
