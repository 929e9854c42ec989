// A world put away and set up again: playing its beginning once is enough for a thousand endings.
import type { WrittenItem } from '../sandbox/play/items.ts';
import * as snapshot from '../sandbox/snapshot.ts';
import type { World } from './fault-world.ts';
import { lastOverwritten } from './overwritten.ts';

export type { Snapshot } from '../sandbox/snapshot.ts';

export function takeSnapshot(world: World): Promise<snapshot.Snapshot> {
  return snapshot.takeSnapshot(world.sandbox, lastOverwritten(world)?.former);
}

export async function setUp(world: World, from: snapshot.Snapshot): Promise<void> {
  const { items, more: former } = await snapshot.setUp<WrittenItem | undefined>(world.sandbox, from);
  world.given = former ? [former, ...items] : items;
}
