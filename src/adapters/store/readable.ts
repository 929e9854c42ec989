// Passes over items that cannot be read, so that one of them stops neither the tick nor a summary.
import type { Log } from '../../usecases/ports.ts';
import { type Item, UnreadableItem } from './item.ts';
import { idIn } from './keys.ts';

export async function* readable<T>(
  items: AsyncIterable<Item>,
  read: (item: Item) => T,
  log: Log,
): AsyncIterable<T> {
  let skipped = 0;
  for await (const item of items) {
    const found = attempt(read, item);
    if (!(found instanceof UnreadableItem)) {
      yield found;
      continue;
    }
    skipped += 1;
    log.warn('store.itemSkipped', { ...idIn(item.pk), code: found.name, count: skipped });
  }
}

function attempt<T>(read: (item: Item) => T, item: Item): T | UnreadableItem {
  try {
    return read(item);
  } catch (error) {
    if (error instanceof UnreadableItem) return error;
    throw error;
  }
}
