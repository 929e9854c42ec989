// The messages in Slack about an IAM user: whose each is, where it is, and which drawing of it is shown there.
import type { Instant } from './time.ts';

/** Where a message is. */
export interface Card {
  channel: string;
  ts: string;
}

/**
 * What admins decide, or should know of, the worst first: each is a matter of its own, and lives until it is settled.
 * `nothingWorks`: both keys are off, or gone. `noOwner`: nobody is named, or more than one person. `silence`: nobody
 * does anything about it, long past the day it was due.
 */
export const MATTER_KINDS = [
  'nothingWorks',
  'timeAsked',
  'ownerChanged',
  'notMine',
  'ownerLeft',
  'noOwner',
  'silence',
  'bothNeeded',
] as const;

export type MatterKind = (typeof MATTER_KINDS)[number];

/** Where it is a person's matter, their IAM users stand together in a list. */
export function isOfPerson(matter: MatterKind): boolean {
  return matter === 'silence' || matter === 'ownerLeft';
}

/** A message about one matter in the admin channel. `level`: how often it had climbed; `at`: when it was told. */
export interface MatterReader {
  as: 'admins';
  matter: MatterKind;
  level: number;
  at: Instant;
  /** Others share it. */
  isList?: true;
}

/** Whom a message is for. */
export type Reader =
  /** The card of a person or a channel that owns, or owned, the user. */
  | { as: 'owner'; id: string }
  /** The card of an admin who asked for it. */
  | { as: 'admin'; id: string }
  | MatterReader;

/** A message about this user that is kept up to date. */
export interface SentMessage extends Card {
  reader: Reader;
  /** As `drawing` made it; empty where nobody knows what is shown there. */
  drawing: string;
}

export function isSameCard(one: Card | undefined, other: Card): boolean {
  return one?.channel === other.channel && one.ts === other.ts;
}

/** Whether it is about other users as well. */
export function isList({ reader }: SentMessage): boolean {
  return reader.as === 'admins' && reader.isList === true;
}

/** Whether the later of two messages takes the place of the earlier one: an owner, an admin and a matter have one each. */
export function isForSame(one: Reader, other: Reader): boolean {
  return placeOf(one) === placeOf(other);
}

function placeOf(reader: Reader): string {
  if (reader.as === 'admins') return `admins ${reader.matter}`;
  return reader.as === 'admin' ? `admin ${reader.id}` : 'owner';
}
