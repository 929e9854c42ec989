// What `/keyrotate list` says: somebody's IAM users, their channels', and the access keys of each.
import type { AccessKey } from '../../../../domain/access-key.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { ListedUser, OwnList } from '../../../../usecases/commands/answers.ts';
import { code, mention } from '../../escape.ts';
import { dueKeyUse } from '../card/key-use.ts';
import { day } from '../shared/dates.ts';
import { ageWords } from '../shared/deadlines.ts';
import { accountLabel, count, maskedKey } from '../shared/names.ts';
import { typed } from './commands.ts';
import { holders, ofChannel, type Whose } from './whose.ts';

export function ownListHeading({ users, more, ofChannels }: OwnList, whose: Whose): string {
  const all = users.length + more;
  return `${holders(whose, { all, ofChannels }, ['own', 'owns'])} ${count(all, 'IAM user')}`;
}

export function nothingOwned(whose: Whose): string {
  return whose === 'own'
    ? 'I know no IAM user that you own.'
    : `I know no IAM user that ${mention(whose.slackId)} owns.`;
}

export function listedUser(
  { account, userName, channelId, keys }: ListedUser,
  at: Instant,
  accountName?: string,
): string {
  return [
    `*${code(userName)}* · account ${accountLabel(account, accountName)}${ofChannel(channelId)}`,
    ...(keys.length > 0 ? keys.map((key) => keyLine(key, at)) : ['No access key.']),
  ].join('\n');
}

function keyLine(key: AccessKey, at: Instant): string {
  // A key that is off says so first.
  const on = key.status === 'Active' ? 'on, ' : '';
  const age = `${ageWords(key.createdAt, at)}, created ${day(key.createdAt)}`;
  return `• ${maskedKey(key.id)}: ${age} · ${on}${dueKeyUse(key)}`;
}

export function restOfList(number: number): string {
  return `…and ${number.toLocaleString('en')} more.`;
}

export function notAsked(
  accounts: readonly string[],
  accountName: (account: string) => string | undefined,
): string {
  const labels = accounts.slice(0, 10).map((account) => accountLabel(account, accountName(account)));
  const rest = accounts.length - labels.length;
  const all = `${labels.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}`;
  return `:warning: AWS did not answer for ${all}: what is there may be missing here. Try again in some minutes.`;
}

export const LIST_FOOTER = `${typed('rotate prod/ci-deploy')} replaces a key now, whatever its age.`;
