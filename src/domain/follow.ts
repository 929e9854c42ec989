// Where each sighting leads: the rotation as it truly is.

import {
  begun,
  isAt,
  type OpenRotation,
  type Rotation,
  type RotationAt,
  replacementOf,
  withoutRequest,
} from './rotation.ts';
import type { Snapshot } from './snapshot.ts';
import type { Instant } from './time.ts';
import type { OpenStage, SightingName, SightingsAt, Truth } from './transitions.ts';

export interface Seeing {
  since: Instant;
  snapshot: Snapshot;
}

type Followed<To extends Rotation> = (rotation: OpenRotation, seeing: Seeing) => To;

/** The stage after each sighting, row by row: the compiler holds it to the table. */
const FOLLOWED: {
  [S in OpenStage]: { [N in SightingsAt<S>]: Followed<RotationAt<Truth<S, N>>> };
} = {
  due: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOff: offWithout,
    otherKeyFound: from('due', unchanged),
  },
  postponed: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOff: offWithout,
    otherKeyFound: from('postponed', unchanged),
  },
  issued: {
    userGone: resolve,
    oldKeyGone: resolve,
    newKeyGone: backToDue,
    newKeyOff: backToDue,
    oldKeyOff: from('issued', offWith),
  },
  confirmed: {
    userGone: resolve,
    oldKeyGone: resolve,
    newKeyGone: backToDue,
    newKeyOff: backToDue,
    oldKeyOff: from('confirmed', offWith),
  },
  deactivated: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOn: from('deactivated', backToIssued),
    newKeyGone: from('deactivated', nothingWorks),
    newKeyOff: from('deactivated', nothingWorks),
  },
  retired: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOn: backToDue,
    otherKeyFound: from('retired', unchanged),
  },
};

export function follow(name: SightingName, rotation: OpenRotation, seeing: Seeing): Rotation {
  const row: Partial<Record<SightingName, Followed<Rotation>>> = FOLLOWED[rotation.stage];
  const step = row[name];
  if (!step) throw new Error(`nothing follows from ${name} at ${rotation.stage}`);
  return step(rotation, seeing);
}

function from<S extends OpenStage, To extends Rotation>(
  stage: S,
  step: (rotation: RotationAt<S>, seeing: Seeing) => To,
): Followed<To> {
  return (rotation, seeing) => {
    if (!isAt(rotation, stage)) throw new Error(`expected ${stage}, found ${rotation.stage}`);
    return step(rotation, seeing);
  };
}

function unchanged<R extends OpenRotation>(rotation: R): R {
  return rotation;
}

function resolve(rotation: OpenRotation, { snapshot }: Seeing): RotationAt<'resolved'> {
  const replacement = replacementOf(rotation);
  return {
    ...withoutRequest(rotation),
    stage: 'resolved',
    ...(replacement && { replacement }),
    closedAt: snapshot.at,
  };
}

function backToDue(rotation: OpenRotation): RotationAt<'due'> {
  return { ...begun(rotation), stage: 'due' };
}

/** Its grace period counts from the first snapshot that showed it off. */
function offWithout(rotation: OpenRotation, { since }: Seeing): RotationAt<'retired'> {
  return { ...withoutRequest(rotation), stage: 'retired', offSince: since, offBy: 'outside' };
}

function offWith(rotation: RotationAt<'issued' | 'confirmed'>, { since }: Seeing): RotationAt<'deactivated'> {
  const { replacement } = rotation;
  const off = { offSince: since, offBy: 'outside' } as const;
  return { ...withoutRequest(rotation), stage: 'deactivated', replacement, ...off };
}

function backToIssued(off: RotationAt<'deactivated'>): RotationAt<'issued'> {
  return { ...begun(off), stage: 'issued', replacement: off.replacement };
}

/** The old key may be the last one. It stays off and must not be deleted; the card offers first to turn it back on. */
function nothingWorks(off: RotationAt<'deactivated'>, { since }: Seeing): RotationAt<'deactivated'> {
  return { ...off, newKeyOutSince: since };
}
