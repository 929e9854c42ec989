// An item of the table: which schema wrote it, what of it belongs to the store alone, and how long it is kept.
import type * as z from 'zod/mini';
import { DAY, type Instant, SECOND } from '../../domain/time.ts';
import { NewerSchema } from '../../usecases/errors.ts';

export type Item = Record<string, unknown>;

/** The schema this version writes. */
const SCHEMA = 1;

/** What the store adds to an item for itself: the keys, the indexes, the marks of a write. */
const OWN = new Set('pk sk schema writeId ownerId listedIn dueIn nextAt expiresAt'.split(' '));

/** An item that is not what it should be. The message names its fields, never what is in them. */
export class UnreadableItem extends Error {
  constructor(item: Item, why: string) {
    super(`${item.pk} ${item.sk} cannot be read: ${why}`);
    this.name = 'UnreadableItem';
  }
}

export function isUnreadable(error: unknown): error is Error {
  return error instanceof UnreadableItem || error instanceof NewerSchema;
}

/** Whatever else is in it, only a later version knows what it means. */
export function refuseNewer(item: Item): void {
  if (typeof item.schema !== 'number' || item.schema <= SCHEMA) return;
  const why = `it has schema ${item.schema}, and this version knows ${SCHEMA}; deploy the later version`;
  throw new NewerSchema(`${item.pk} ${item.sk} cannot be read: ${why}`);
}

export function readItem<Schema extends z.ZodMiniType>(schema: Schema, item: Item): z.output<Schema> {
  if (typeof item.schema !== 'number') throw new UnreadableItem(item, 'schema');
  refuseNewer(item);
  // Once there is a schema 2, what schema 1 wrote is brought up to it here.
  const fields = Object.entries(item).filter(([name]) => !OWN.has(name));
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  throw new UnreadableItem(item, parsed.error.issues.map(({ path }) => path.join('.')).join(', '));
}

export function versioned(item: Item): Item {
  return { ...item, schema: SCHEMA };
}

/** How long the evidence is kept. */
const RETENTION_DAYS = 400;

/** DynamoDB counts in seconds, and removes what has expired within days. */
export function expiresAt(at: Instant, keptDays = RETENTION_DAYS): number {
  return Math.ceil((at + keptDays * DAY) / SECOND);
}
