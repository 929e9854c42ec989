// What was done to an IAM user's keys, one line of evidence after the other, as an auditor reads it.
import { type AccessKey, oldestFirst } from '../../../../domain/access-key.ts';
import type { IamUserId } from '../../../../domain/iam-user.ts';
import { isChannelId } from '../../../../domain/owner.ts';
import type { RefusalKind } from '../../../../domain/refusal.ts';
import type { HistoryEntry } from '../../../../domain/rotation.ts';
import { isMoveName } from '../../../../domain/transitions.ts';
import type { History } from '../../../../usecases/commands/answers.ts';
import { channelLink, code, mention } from '../../escape.ts';
import { STAGE_WORDS } from '../card/steps.ts';
import { day, moment, weekday } from '../shared/dates.ts';
import { happening, MOVE_WORDS } from '../shared/moves.ts';
import { accountLabel, count, inTheirWords, keyName, sentence } from '../shared/names.ts';

export function historyHeading(
  { account, userName, rotations }: History,
  accountName: string | undefined,
): string {
  const user = userWords({ account, userName }, accountName);
  return rotations.length === 0
    ? `No access key of ${user} was ever rotated here.`
    : `${count(rotations.length, 'rotation')} of ${user}`;
}

function userWords({ account, userName }: IamUserId, accountName: string | undefined): string {
  return `${code(userName)} in account ${accountLabel(account, accountName)}`;
}

export function rotationHeading({ rotation, isOfAnother }: History['rotations'][number]): string {
  const { oldKeyId, openedAt, stage } = rotation;
  const whose = isOfAnother ? ', of an IAM user that had this name before' : '';
  const until = 'closedAt' in rotation ? ` to ${day(rotation.closedAt)}` : '';
  return `*${keyName(oldKeyId)}*${whose}, ${day(openedAt)}${until}: ${STAGE_WORDS[stage]}.`;
}

export function entryWords(entry: HistoryEntry): string {
  const { at, note, until, evidence, awsRequestIds, keyId } = entry;
  const who = whoWords(entry);
  return [
    `• ${moment(at)} · ${who} · ${whatWords(entry)}${keyId ? ` (${keyName(keyId)})` : ''}.`,
    note && !isUnassigned(entry) && `“${inTheirWords(note)}”`,
    until !== undefined && `Until ${weekday(until)}.`,
    evidence.length > 0 && `AWS showed ${oldestFirst(evidence).map(keyWords).join('; ')}.`,
    awsRequestIds.length > 0 && `AWS request ${awsRequestIds.map((id) => code(id)).join(', ')}.`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** Of what was decided before, keyrotate did it, on somebody's word. */
function whoWords({ by, decidedAt }: HistoryEntry): string {
  if (by.kind !== 'person') return 'keyrotate';
  const person = `${mention(by.slackId)} as ${by.as}`;
  return decidedAt === undefined ? person : `keyrotate, decided on ${moment(decidedAt)} by ${person}`;
}

function whatWords(entry: HistoryEntry): string {
  const { what, outcome, reason } = entry;
  if (outcome === 'done') return ownerWords(entry) ?? sentence(happening(what));
  const why = reason === undefined ? '' : `: ${WHY_NOT.get(reason) ?? code(reason)}`;
  return `“${isMoveName(what) ? MOVE_WORDS[what].label : happening(what)}” was *not done*${why}`;
}

/** undefined: an earlier version wrote it, and did not say who. */
function ownerWords(entry: HistoryEntry): string | undefined {
  const { owners: { before, after } = {} } = entry;
  const earlier = before === undefined || before === after ? '' : `, before it was ${called(before)}`;
  if (isUnassigned(entry)) {
    const now = entry.owners ? `: ${after === undefined ? 'nobody' : called(after)}` : '';
    return `The tags tell the owner again${now}${earlier}`;
  }
  return after === undefined ? undefined : `${called(after)} was named the owner${earlier}`;
}

function isUnassigned({ what, note }: HistoryEntry): boolean {
  return what === 'assign' && note === 'unassign';
}

function called(id: string): string {
  return isChannelId(id) ? channelLink(id) : mention(id);
}

/** Whatever a claimed move can end in. What is not among these is a code of AWS's. */
const WHY_NOT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    asked: 'AWS showed a reason to ask again',
    // while it was taken up again
    nothingOpen: 'the rotation was over',
    previewOnly: 'only watched, this account is not changed',
    ownerInDoubt: 'the tags name another owner',
    notAtThisStage: 'it did not fit any more',
    adminsOnly: 'only an admin may do it',
    ownerOnly: 'only the owner may say it',
    inputMissing: 'its form was not filled in',
    dateNotPossible: 'the date was not possible any more',
    notRequested: 'no more time was asked for',
    bothNeededKnown: 'it had been said before',
    alreadyDecided: 'it had been decided before',
    nothingDecided: 'the decision did not stand any more',
    // what AWS showed
    slotTaken: 'another key was in the way',
    graceNotOver: 'the old key had not been off for long enough',
    oldKeyOn: 'the old key was on',
    oldKeyOff: 'the old key was off',
    oldKeyMissing: 'AWS did not show the old key',
    newKeyOff: 'the new key was off',
    newKeyMissing: 'AWS did not show the new key',
    otherKeyMissing: 'AWS did not show the other key any more',
    otherKeyOn: 'the other key was on',
    otherKeyOff: 'the other key was off',
    otherKeyOlder: 'the other key was no newer',
    otherKeyNotDue: 'the other key was not due',
    otherKeyStranded: 'nobody has the secret of the other key',
    nothingStranded: 'there was no key without a stored secret any more',
    notMadeHere: 'the key was not made by keyrotate',
    madeHere: 'the key was made by keyrotate',
    userRecreated: 'the IAM user had been deleted and made anew',
    userGone: 'AWS no longer had an IAM user of this name',
    // how it went
    awsBusy: 'AWS was too busy',
    AccessDenied: 'AWS said no (`AccessDenied`)',
    keyNotCreated: 'the attempt broke off before there was a key',
    newKeyStranded: 'the attempt broke off, and a key came into being whose secret nobody has',
  } satisfies { [reason in RefusalKind | 'asked' | 'AccessDenied']?: string }),
);

/** As it was then: how long ago that is now would be no evidence. */
function keyWords({ id, status, lastUse }: AccessKey): string {
  const state = status === 'Active' ? 'on' : 'off';
  if (lastUse.seen === 'never') return `${keyName(id)} ${state}, never used`;
  if (lastUse.seen === 'unknown') return `${keyName(id)} ${state}, use unknown`;
  const { at, service, region } = lastUse;
  const where = [service, region].flatMap((part) => (part === undefined ? [] : [code(part, 40)]));
  return `${keyName(id)} ${state}, last used ${moment(at)}: ${where.join(', ')}`;
}

export const OLDER = ', older than these. `npm run history` tells all of them.';
export const HISTORY_FOOTER =
  'The newest first. CloudTrail knows a call by its request id. Rotations are kept for 400 days after their end.';
