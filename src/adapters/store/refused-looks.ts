// IAM users of whom nothing could be learnt yet: what AWS or Slack refused at the first look.
import * as z from 'zod/mini';
import type { Log, Records, RefusedLook } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';
import { expiresAt, readItem, versioned } from './item.ts';
import { refusedLookKey, refusedLooksOf } from './keys.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

const lookSchema = object({ account: z.string(), userName: z.string(), at: time, code: z.string() });

true satisfies Same<z.output<typeof lookSchema>, RefusedLook>;

/** Each sweep looks again; what is older than some of them tells nothing. */
const KEPT_DAYS = 7;

export function refusedLooks(table: Table, log: Log): Pick<Records, 'saveRefusedLook' | 'refusedLooks'> {
  return {
    async saveRefusedLook(look) {
      const item = versioned(z.encode(lookSchema, look));
      await table.put({ ...item, ...refusedLookKey(look), expiresAt: expiresAt(look.at, KEPT_DAYS) });
    },
    async refusedLooks(account) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': refusedLooksOf(account) },
      });
      const found: RefusedLook[] = [];
      for await (const look of readable(items, (item) => readItem(lookSchema, item), log)) found.push(look);
      return found;
    },
  };
}
