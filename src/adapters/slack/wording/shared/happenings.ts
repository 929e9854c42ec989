// What was done to a rotation or seen in AWS, told afterwards to whoever was not there: `the old key was turned off`.
import type { HistoryEntry, Rotation } from '../../../../domain/rotation.ts';
import { isMoveName, type MoveName } from '../../../../domain/transitions.ts';
import { MOVE_WORDS } from './moves.ts';

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
