// The lines that several cards share: about whom, what the keys do, what goes on.
import { type AccessKey, findKey } from '../../../../domain/access-key.ts';
import type { Claim, IamUser } from '../../../../domain/iam-user.ts';
import type { OwnerSource } from '../../../../domain/owner.ts';
import { deadlineOf } from '../../../../domain/policy.ts';
import { type OpenRotation, type Rotation, replacementOf } from '../../../../domain/rotation.ts';
import { startOfDay } from '../../../../domain/time.ts';
import { channelLink } from '../../escape.ts';
import { ageWords, deadlineWords, moment, plainDay } from '../shared/dates.ts';
import { MOVE_WORDS, moveLabel } from '../shared/moves.ts';
import { aboutUser, keyName } from '../shared/names.ts';
import { type CardView, keysInPlay, moveFacts, movesFor } from './card-view.ts';
import { dueKeyUse, newKeyUse, oldKeyUse } from './key-use.ts';

/** Who writes, why, and where to ask: for people who have never heard of keyrotate. */
export function introduction(maxKeyAgeDays: number, helpChannel?: string): string {
  return `*I am keyrotate, run by your AWS admins.* Access keys older than ${maxKeyAgeDays} days must be replaced; here you do that step by step, and every step but the last can be undone. I never ask you for a secret. Questions? Ask an admin${whereToAsk(helpChannel)}.`;
}

export function aboutUserByWhen(rotation: OpenRotation, view: CardView): string {
  return `${aboutUser(view)} · ${deadlineWords(deadlineOf(rotation, view.policy, view.now), view.now)}`;
}

/** What AWS says about both keys, and about the way to the new one. */
export function evidenceLines(rotation: Rotation, { user }: CardView): string {
  const { old, fresh } = keysInPlay(user, rotation);
  const isOurs = replacementOf(rotation)?.kind === 'created';
  return [
    `New key: ${fresh ? newKeyUse(fresh) : NOT_SHOWN}`,
    `Old key: ${old ? oldKeyUse(old, fresh?.createdAt) : NOT_SHOWN}`,
    ...(isOurs && fresh ? secretOpened(user, fresh) : []),
  ].join('\n');
}

const NOT_SHOWN = 'AWS did not show it at the last look';

/** AWS notes the day only, and for the secret as a whole: what was before this key does not count. */
function secretOpened({ secretOpenedOn }: IamUser, { createdAt, lastUse }: AccessKey): string[] {
  if (secretOpenedOn !== undefined && secretOpenedOn >= startOfDay(createdAt))
    return [`Secret last opened on ${plainDay(secretOpenedOn)}.`];
  // A key that was used says more than what AWS has not noted yet.
  return lastUse.seen === 'never' ? ['Nobody has opened the secret yet, as far as AWS shows.'] : [];
}

export const OLD_KEY_NOT_SHOWN =
  'AWS did not show this key when I last looked. If somebody deleted it, I close this within a day.';

export const CREATING_IS_SAFE = 'Creating a key changes nothing for the old one: both work until you say so.';

export const TURNING_OFF_CAN_BE_UNDONE =
  'Turning off breaks whatever still uses the old key, and can be undone here until it is deleted.';

export function claimLine(claim: Claim, rotation: Rotation, view: CardView): string {
  return `*Working on it:* ${claimLabel(claim, rotation, view)}. This message changes as soon as it is done.`;
}

export function claimLabel({ move, keyId }: Claim, rotation: Rotation, view: CardView): string {
  return moveLabel(move, { ...moveFacts(move, rotation, view), otherKeyId: keyId });
}

/** Keys that appeared while a createKey broke off. Probably ours, but that is a guess, and nothing is done on a guess. */
export function strandedLines(rotation: Rotation, view: CardView): string[] {
  const { user, helpChannel, now } = view;
  const facts = moveFacts('discardStranded', rotation, view);
  const removable = movesFor(view).includes('discardStranded') ? facts.otherKeyId : undefined;
  return user.stranded.map((id) => {
    const key = findKey(user.keys, id);
    const evidence = key ? `: it is ${ageWords(key.createdAt, now)}, ${dueKeyUse(key)}` : '';
    const advice =
      id === removable
        ? `press *${moveLabel('discardStranded', facts)}*; you are asked once more.`
        : `ask an admin${whereToAsk(helpChannel)} to delete it in AWS. I do not touch it.`;
    return `:warning: *Key* ${keyName(id)} *came into being while I was creating one, and I did not store its secret.* Probably nobody can use it${evidence}. If nobody you know made it, ${advice}`;
  });
}

const BECAUSE: Record<OwnerSource, string> = {
  link: 'an admin named you',
  ownerTag: 'its owner tag names you',
  mailTag: 'its mail tag has your address',
  userName: 'its name is your address',
};

export function whyYou(view: CardView): string | undefined {
  const { user, helpChannel, as } = view;
  const { owner } = user;
  if (owner.kind === 'nobody' || user.ownerChange || as === 'admin') return undefined;
  const because = owner.kind === 'channel' ? 'an admin named this channel' : BECAUSE[owner.from];
  const ask = `an admin${whereToAsk(helpChannel)}`;
  const whatToDo = movesFor(view).includes('notMine')
    ? `Choose *${MOVE_WORDS.notMine.label}* from the menu, or ask ${ask}`
    : `Ask ${ask}`;
  return `You get this because ${because}. Not yours? ${whatToDo}.`;
}

export function asOf({ keysSeenAt }: IamUser): string {
  return `As AWS had it on ${moment(keysSeenAt)}.`;
}

function whereToAsk(helpChannel: string | undefined): string {
  return helpChannel === undefined ? '' : ` in ${channelLink(helpChannel)}`;
}
