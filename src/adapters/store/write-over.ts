// Writes an item only over the version that was read. A write whose answer was lost is recognised as one's own.
import { randomUUID } from 'node:crypto';
import { ChangedMeanwhile } from '../../usecases/errors.ts';
import { type Item, versioned } from './item.ts';
import type { Key } from './keys.ts';
import type { Condition, Table } from './table.ts';

/** `loaded`: the version that was read, 0 for none. Throws ChangedMeanwhile when another one stands there. */
export async function writeOver(
  table: Table,
  key: Key,
  item: Item,
  { loaded, name }: { loaded: number; name: string },
): Promise<void> {
  const writeId = randomUUID();
  const outcome = await table.put({ ...versioned(item), ...key, writeId }, unchangedSince(loaded));
  if (outcome === 'written') return;
  // The SDK repeats a write whose answer was lost; then it is our own write that fails the condition.
  if ((await table.get(key))?.writeId !== writeId) throw new ChangedMeanwhile(name);
}

function unchangedSince(loaded: number): Condition {
  const neverSaved = { ConditionExpression: 'attribute_not_exists(pk)' };
  const stillAtVersion = {
    ConditionExpression: '#version = :loaded',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':loaded': loaded },
  };
  return loaded === 0 ? neverSaved : stillAtVersion;
}
