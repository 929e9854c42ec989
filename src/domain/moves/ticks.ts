// What AWS has shown of a migration since there is a new key: what its owner would otherwise have to watch for.
import { type OpenRotation, replacementOf } from '../rotation.ts';
import type { Instant } from '../time.ts';
import { oldKeyNotQuiet, oldKeyQuietAt } from './doubts-raised.ts';
import { isFetched, newKeyIn, type Situation } from './situation.ts';

export interface Ticks {
  /** Absent where keyrotate never had the secret. */
  secretFetched?: boolean;
  /** By more than a question to sts who it is. */
  newKeyUsed: boolean;
  /** For as long as is asked for before it is turned off. */
  oldKeyQuiet: boolean;
}

/** undefined: no key replaces another, or the old one is off. */
export function ticksIn(situation: Situation): Ticks | undefined {
  const { rotation } = situation;
  if (!isMigrating(rotation)) return undefined;
  const use = newKeyIn(situation)?.lastUse;
  return {
    ...(rotation.replacement.kind === 'created' && { secretFetched: isFetched(situation) }),
    newKeyUsed: use?.seen === 'used' && use.service !== 'sts',
    oldKeyQuiet: oldKeyNotQuiet(situation).length === 0,
  };
}

export function allTicked(situation: Situation): boolean {
  const { secretFetched = true, newKeyUsed, oldKeyQuiet } = ticksIn(situation) ?? NONE;
  return secretFetched && newKeyUsed && oldKeyQuiet;
}

/** When the last tick comes by itself, or came, if nothing uses the old key; undefined where more is missing. */
export function lastTickAt(situation: Situation): Instant | undefined {
  const { secretFetched = true, newKeyUsed } = ticksIn(situation) ?? NONE;
  return secretFetched && newKeyUsed ? oldKeyQuietAt(situation) : undefined;
}

const NONE: Ticks = { secretFetched: false, newKeyUsed: false, oldKeyQuiet: false };

export type Migrating = Extract<OpenRotation, { stage: 'issued' | 'confirmed' }>;

export function isMigrating(rotation: OpenRotation): rotation is Migrating {
  return replacementOf(rotation) !== undefined && !('offSince' in rotation);
}
