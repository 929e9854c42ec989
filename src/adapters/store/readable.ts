// Passes over items that cannot be read, so that one of them stops neither the tick nor a summary.
import type { Log } from '../../usecases/ports.ts';
import { type Item, isUnreadable } from './item.ts';
import { idIn } from './keys.ts';

export async function* readable<T>(
  items: AsyncIterable<Item>,
  read: (item: Item) => T,
  log: Log,
): AsyncIterable<T> {
  let skipped = 0;
  for await (const item of items) {
    let found: T;
    try {
      found = read(item);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      skipped += 1;
      log.warn('store.itemSkipped', { ...idIn(item.pk), code: error.name, count: skipped });
      continue;
    }
    yield found;
  }
}
