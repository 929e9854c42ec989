// A world put away and set up again: playing its beginning once is enough for a thousand endings.

import * as backup from '../sandbox/backup.ts';
import type { WrittenItem } from '../sandbox/play/items.ts';
import type { World } from './fault-world.ts';
import { lastOverwritten } from './overwritten.ts';

export type { Backup } from '../sandbox/backup.ts';

export function takeBackup(world: World): Promise<backup.Backup> {
  return backup.takeBackup(world.sandbox, lastOverwritten(world)?.former);
}

export async function setUp(world: World, from: backup.Backup): Promise<void> {
  const { items, more: former } = await backup.setUp<WrittenItem | undefined>(world.sandbox, from);
  world.given = former ? [former, ...items] : items;
}
