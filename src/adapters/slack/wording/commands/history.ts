// What was done to an IAM user's keys, one line of evidence after the other, as an auditor reads it.
import { type AccessKey, oldestFirst } from '../../../../domain/access-key.ts';
import type { IamUserId } from '../../../../domain/iam-user.ts';
import type { HistoryEntry } from '../../../../domain/rotation.ts';
import { isMoveName } from '../../../../domain/transitions.ts';
import type { History } from '../../../../usecases/commands/answers.ts';
import { code, mention } from '../../escape.ts';
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
    note && `“${inTheirWords(note)}”`,
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

function whatWords({ what, outcome, reason }: HistoryEntry): string {
  if (outcome === 'done') return sentence(happening(what));
  const why = reason === undefined ? '' : `: ${code(reason)}`;
  return `*Not done*${why}, “${isMoveName(what) ? MOVE_WORDS[what].label : happening(what)}”`;
}

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
