// What a card says while the old key is off: how to undo it, and from when there is no way back.
import type { AccessKey } from '../../../../domain/access-key.ts';
import { graceEndsAt } from '../../../../domain/policy.ts';
import { type Deactivated, type Retired, replacementOf } from '../../../../domain/rotation.ts';
import { moment, weekday } from '../shared/dates.ts';
import { lastDone } from '../shared/happenings.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { aboutUser, keyName } from '../shared/names.ts';
import { fetchWithoutOldKey } from './card-issued.ts';
import { OLD_KEY_NOT_SHOWN } from './card-lines.ts';
import { type CardView, keysInPlay, movesFor, nothingWorks } from './card-view.ts';
import { newKeyUse } from './key-use.ts';

export function off(rotation: Deactivated | Retired, view: CardView): string[] {
  const { oldKeyId, offSince, offBy } = rotation;
  const { old, fresh } = keysInPlay(view.user, rotation);
  const which = rotation.stage === 'retired' ? 'Key' : 'Old key';
  // The very first time it is said in a line of its own.
  const isTold = lastDone(rotation)?.what === 'oldKeyOff';
  const by = offBy === 'outside' && !isTold ? ' Somebody turned it off in AWS.' : '';
  const head = `*${which}* ${keyName(oldKeyId)} *is off since ${moment(offSince)}.*${by} Anything broken? Turn it back on; nothing is lost.`;
  const lines = [
    ...(old?.status === 'Active' ? [TURNED_ON_OUTSIDE] : []),
    ...(old ? [] : [OLD_KEY_NOT_SHOWN]),
    ...newKeyLine(rotation, fresh),
    ...nothingReplacesIt(rotation, view),
    ...deletableWords(rotation, view),
  ];
  return [
    ...alarm(rotation, fresh),
    `${head}\n${aboutUser(view)}`,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...(rotation.stage === 'deactivated' ? fetchWithoutOldKey(rotation, view) : []),
  ];
}

function alarm(rotation: Deactivated | Retired, fresh: AccessKey | undefined): string[] {
  if (!nothingWorks(rotation)) return [];
  const name = keyName(rotation.replacement.keyId);
  return [
    `:rotating_light: *The new key* ${name} *is ${fresh ? 'off, too' : 'gone'}: nothing works for this IAM user.* Turn the old key back on first.`,
  ];
}

function newKeyLine(rotation: Deactivated | Retired, fresh: AccessKey | undefined): string[] {
  const replacement = replacementOf(rotation);
  if (!replacement || nothingWorks(rotation)) return [];
  const name = keyName(replacement.keyId);
  if (!fresh)
    return [
      `:warning: AWS does not show the new key ${name}. Turn the old key back on if anything needs one.`,
    ];
  if (fresh.status === 'Active') return [`New key ${name}: ${newKeyUse(fresh)}`];
  return [`:warning: The new key ${name} is off in AWS. Turn the old key back on if anything needs one.`];
}

const TURNED_ON_OUTSIDE = `:warning: Somebody turned it on again in AWS. Press *${MOVE_WORDS.reactivate.label}* if that is meant to last.`;

/** Turned off in AWS, or left alone by a new key that is gone: a new one may be wanted after all. */
function nothingReplacesIt(rotation: Deactivated | Retired, view: CardView): string[] {
  if (rotation.stage !== 'retired' || !movesFor(view).includes('createKey')) return [];
  return [`Nothing replaces it. Is a new key needed after all? Press *${MOVE_WORDS.createKey.label}*.`];
}

function deletableWords(rotation: Deactivated | Retired, { policy, now }: CardView): string[] {
  // Then it may be the only key there is.
  if (nothingWorks(rotation)) return [];
  const from = graceEndsAt(rotation, policy);
  return now >= from
    ? ['It can be deleted now. After that there is no way back.']
    : [`It can be deleted from *${weekday(from)}* on.`];
}
