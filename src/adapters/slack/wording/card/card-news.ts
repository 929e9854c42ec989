// What the owner may not know: what was changed in AWS past keyrotate, and what an admin did for them last.
import type { HistoryEntry, Rotation } from '../../../../domain/rotation.ts';
import { SIGHTING_NAMES, type SightingName } from '../../../../domain/transitions.ts';
import { code, mention } from '../../escape.ts';
import { moment } from '../shared/dates.ts';
import { lastDone, moveLabel } from '../shared/moves.ts';
import { keyName } from '../shared/names.ts';
import { type CardView, keysInPlay, moveFacts, nothingWorks } from './card-view.ts';

type Sighted = (entry: HistoryEntry, rotation: Rotation, view: CardView) => string | undefined;

/** undefined where the card says it anyway: what ends a rotation, and the alarm when no key works. */
const SIGHTED: Record<SightingName, Sighted> = {
  userGone: () => undefined,
  oldKeyGone: () => undefined,
  oldKeyOff: (_, { oldKeyId }) => `Somebody turned ${keyName(oldKeyId)} off in AWS.`,
  oldKeyOn: (_, { oldKeyId }) => `Somebody turned ${keyName(oldKeyId)} back on in AWS.`,
  newKeyGone: (_, rotation, view) =>
    nothingWorks(rotation, view) ? undefined : 'Somebody deleted the new key in AWS.',
  newKeyOff: (_, rotation, view) => {
    if (nothingWorks(rotation, view)) return undefined;
    const { other } = keysInPlay(view.user, rotation);
    return `Somebody turned the new key ${other ? `${keyName(other.id)} ` : ''}off in AWS.`;
  },
  otherKeyFound: ({ keyId }) => `Somebody made another key in AWS${keyId ? `: ${keyName(keyId)}` : ''}.`,
};

export function newsLines(rotation: Rotation, view: CardView): string[] {
  const news = words(rotation, view, ({ by, at }) => ({
    who: by.kind === 'person' ? mention(by.slackId) : '',
    when: `, ${moment(at)}`,
  }));
  return news === undefined ? [] : [news];
}

/** For notifications: no marks, and nobody by name. */
export function spokenNews(rotation: Rotation, view: CardView): string | undefined {
  return words(rotation, view, () => ({ who: 'An admin', when: '' }))?.replaceAll('`', '');
}

export function isUserGone(rotation: Rotation): boolean {
  return lastDone(rotation)?.what === 'userGone';
}

interface Told {
  who: string;
  when: string;
}

function words(
  rotation: Rotation,
  view: CardView,
  telling: (entry: HistoryEntry) => Told,
): string | undefined {
  const last = lastDone(rotation);
  if (!last) return undefined;
  if (last.what === 'wake') return 'The time that was agreed on is over.';
  if (last.what === 'renamed') return renamed(view);
  if (isSighting(last.what)) return sighted(last.jobId, rotation, view);
  if (last.by.kind !== 'person' || last.by.as !== 'admin') return undefined;
  return adminDid(last, rotation, view, telling(last));
}

function renamed({ user: { formerName } }: CardView): string {
  const before = formerName === undefined ? '' : `: until then it was ${code(formerName)}`;
  return `Somebody renamed this IAM user in AWS${before}. Its keys are the same.`;
}

/** One look may show several changes. */
function sighted(jobId: string, rotation: Rotation, view: CardView): string | undefined {
  const seen = rotation.history.flatMap((entry) =>
    entry.jobId === jobId && isSighting(entry.what) ? (SIGHTED[entry.what](entry, rotation, view) ?? []) : [],
  );
  return seen.length > 0 ? seen.join(' ') : undefined;
}

function adminDid(entry: HistoryEntry, rotation: Rotation, view: CardView, told: Told): string | undefined {
  const { what, keyId } = entry;
  const { who, when } = told;
  const isTheirs = view.as !== 'admin';
  switch (what) {
    case 'open':
      return `${who} asked for this key to be replaced now${when}.`;
    case 'assign':
      return isTheirs ? `${who} made ${ownerNow(view)} the owner of this IAM user${when}.` : undefined;
    case 'approve':
      return undefined;
    case 'decline':
      return `${who} declined ${isTheirs ? 'your' : 'the'} request for more time${when}.`;
    default: {
      if (isSighting(what) || what === 'wake' || what === 'renamed') return undefined;
      const label = moveLabel(what, { ...moveFacts(what, rotation, view), otherKeyId: keyId });
      return `${who} did this${isTheirs ? ' for you' : ''}: ${label}${when}.`;
    }
  }
}

function ownerNow({ user }: CardView): string {
  return user.owner.kind === 'channel' ? 'this channel' : 'you';
}

function isSighting(what: string): what is SightingName {
  return SIGHTING_NAMES.some((name) => name === what);
}
