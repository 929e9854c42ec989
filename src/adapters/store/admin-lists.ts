// The messages in the admin channel that are about many IAM users at once.
import * as z from 'zod';
import { MATTER_KINDS } from '../../domain/message.ts';
import type { AdminList, Records } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { card, object, time } from './fields.ts';
import { expiresAt, readItem, versioned } from './item.ts';
import { listKey } from './keys.ts';
import type { Table } from './table.ts';

const listSchema = object({
  ...card,
  matter: z.enum(MATTER_KINDS),
  at: time,
  users: z.array(object({ account: z.string(), userName: z.string(), mark: z.string().exactOptional() })),
});

true satisfies Same<z.output<typeof listSchema>, AdminList>;

export function adminLists(table: Table): Pick<Records, 'list' | 'saveList'> {
  return {
    async saveList(list) {
      const item = versioned(z.encode(listSchema, list));
      await table.put({ ...item, ...listKey(list.ts), expiresAt: expiresAt(list.at) });
    },
    async list(ts) {
      const item = await table.get(listKey(ts));
      return item && readItem(listSchema, item);
    },
  };
}
