// The lines that several cards share: about whom, what the keys do, what goes on.
import type { Claim, IamUser } from '../../../domain/iam-user.ts';
import type { OwnerSource } from '../../../domain/owner.ts';
import { deadlineOf } from '../../../domain/policy.ts';
import type { OpenRotation, Rotation } from '../../../domain/rotation.ts';
import { channelLink, code } from '../escape.ts';
import { type CardView, keysInPlay } from './card-view.ts';
import { moment } from './dates.ts';
import { deadlineWords } from './deadlines.ts';
import { newKeyUse, oldKeyUse } from './key-use.ts';
import { MOVE_WORDS } from './moves.ts';
import { accountLabel, keyName } from './names.ts';

export function aboutUser({ user, accountName }: CardView): string {
  return `IAM user ${code(user.userName)} · account ${accountLabel(user.account, accountName)}`;
}

export function aboutUserByWhen(rotation: OpenRotation, view: CardView): string {
  return `${aboutUser(view)} · ${deadlineWords(deadlineOf(rotation, view.policy), view.now)}`;
}

/** What AWS says about both keys. */
export function evidenceLines(rotation: Rotation, { user }: CardView): string {
  const { old, fresh } = keysInPlay(user, rotation);
  return [
    `New key: ${fresh ? newKeyUse(fresh) : NOT_SHOWN}`,
    `Old key: ${old ? oldKeyUse(old, fresh?.createdAt) : NOT_SHOWN}`,
  ].join('\n');
}

const NOT_SHOWN = 'AWS did not show it at the last look';

export const OLD_KEY_NOT_SHOWN =
  'AWS did not show this key when I last looked. If somebody deleted it, I close this within a day.';

export const CREATING_IS_SAFE = 'Creating a key changes nothing for the old one: both work until you say so.';

export const TURNING_OFF_CAN_BE_UNDONE =
  'Turning off breaks whatever still uses the old key, and can be undone here until it is deleted.';

export function claimLine({ move }: Claim): string {
  return `*Working on it:* ${MOVE_WORDS[move].label}. This message changes as soon as it is done.`;
}

/** Keys that appeared while a createKey broke off. Probably ours, but that is a guess, and nothing is done on a guess. */
export function strandedLines({ user, helpChannel }: CardView): string[] {
  return user.stranded.map(
    (id) =>
      `:warning: *Key* ${keyName(id)} *came into being while I was creating one, and I did not store its secret.* Probably nobody can use it. If nobody you know made it, ask an admin${whereToAsk(helpChannel)} to delete it in AWS. I do not touch it.`,
  );
}

const BECAUSE: Record<OwnerSource, string> = {
  ownerTag: 'its owner tag names you',
  mailTag: 'its mail tag has your address',
  userName: 'its name is your address',
};

export function whyYou({ owner }: IamUser, helpChannel: string | undefined): string | undefined {
  if (owner.kind === 'nobody') return undefined;
  return `You get this because ${BECAUSE[owner.from]}. Not yours? Ask an admin${whereToAsk(helpChannel)}.`;
}

export function asOf({ keysSeenAt }: IamUser): string {
  return `As AWS had it on ${moment(keysSeenAt)}.`;
}

function whereToAsk(helpChannel: string | undefined): string {
  return helpChannel === undefined ? '' : ` in ${channelLink(helpChannel)}`;
}
