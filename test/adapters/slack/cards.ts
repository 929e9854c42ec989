// The card of a user at whatever stage, and what is read on it.
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Role } from '../../../src/domain/rotation.ts';
import { asRead, viewOf, wordsOf } from './fixtures.ts';

/** The card of a user, for the owner unless told otherwise. */
export function card(user: IamUser, as: Role = 'owner'): Content {
  return buildCard(viewOf(user, { as }));
}

/** The buttons on it, in their order. */
export function labels(user: IamUser, as?: Role): string[] {
  return read(user, as).match(/\[ [^\]]+ \]/g) ?? [];
}

export function read(user: IamUser, as?: Role): string {
  return asRead(card(user, as));
}

export function words(user: IamUser, as?: Role): string {
  return wordsOf(card(user, as));
}
