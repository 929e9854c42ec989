// What was done to a rotation or seen in AWS, told afterwards to whoever was not there: `the old key was turned off`.
import type { HistoryEntry } from '../../../domain/rotation.ts';

const HAPPENINGS: Record<HistoryEntry['what'], string> = {
  open: 'the rotation was started',
  wake: 'the time that was agreed on is over',
  assign: 'the owner was named',
  renamed: 'the IAM user was given another name',

  createKey: 'a new key was created',
  adopt: 'the other key was put in the old one’s place',
  retire: 'the key was turned off',
  switchKey: 'the other key was put first',
  clearSlot: 'the other key was deleted',
  discardStranded: 'the key without a stored secret was deleted',
  keepBoth: 'both keys were said to be needed',
  postpone: 'the rotation was put off',
  askForTime: 'more time was asked for',
  approve: 'more time was approved',
  decline: 'more time was declined',
  notMine: 'the key was said to be somebody else’s',
  resume: 'the rotation was taken up again',
  confirmMigration: 'the new key was said to be in place',
  discardNewKey: 'the new key was discarded',
  undoAdopt: 'the other key was taken out of the old one’s place',
  reopen: 'the old key was said to be still in use',
  deactivate: 'the old key was turned off',
  reactivate: 'the old key was turned back on',
  delete: 'the old key was deleted',

  userGone: 'the IAM user was deleted, renamed or made anew in AWS',
  oldKeyGone: 'the old key was deleted in AWS',
  oldKeyOff: 'the old key was turned off in AWS',
  oldKeyOn: 'the old key was turned on in AWS',
  newKeyGone: 'the new key was deleted in AWS',
  newKeyOff: 'the new key was turned off in AWS',
  otherKeyFound: 'another key was created in AWS',
};

export function happening(what: HistoryEntry['what']): string {
  return HAPPENINGS[what];
}
