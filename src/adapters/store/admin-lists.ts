// What admins read about many IAM users at once: the messages in their channel, plans of who is to own them, and tables.
import * as z from 'zod/mini';
import { MATTER_KINDS } from '../../domain/message.ts';
import type { AdminList, OwnersPlan, Records, TableSent } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { card, object, time } from './fields.ts';
import { expiresAt, readItem, versioned } from './item.ts';
import { listKey, planKey, tableSentKey } from './keys.ts';
import type { Table } from './table.ts';

const listSchema = object({
  ...card,
  matter: z.enum(MATTER_KINDS),
  at: time,
  users: z.array(object({ account: z.string(), userName: z.string(), mark: z.exactOptional(z.string()) })),
});

const planSchema = object({
  id: z.string(),
  at: time,
  text: z.exactOptional(z.string()),
  search: z.exactOptional(z.string()),
  parts: z.array(
    object({
      to: z.union([
        object({ kind: z.literal('person'), slackId: z.string() }),
        object({ kind: z.literal('channel'), channelId: z.string() }),
      ]),
      users: z.array(object({ account: z.string(), userName: z.string() })),
    }),
  ),
});

const tableSentSchema = object({ jobId: z.string(), at: time, last: z.string() });

true satisfies Same<z.output<typeof listSchema>, AdminList>;
true satisfies Same<z.output<typeof planSchema>, OwnersPlan>;

true satisfies Same<z.output<typeof tableSentSchema>, TableSent>;

const PLANS_KEPT_DAYS = 1;
/** Longer than the queue keeps a job. */
const TABLES_KEPT_DAYS = 7;

type Kept = 'list' | 'saveList' | 'plan' | 'savePlan' | 'tableSent' | 'saveTableSent';

export function adminLists(table: Table): Pick<Records, Kept> {
  return {
    async saveList(list) {
      const item = versioned(z.encode(listSchema, list));
      await table.put({ ...item, ...listKey(list.ts), expiresAt: expiresAt(list.at) });
    },
    async list(ts) {
      const item = await table.get(listKey(ts));
      return item && readItem(listSchema, item);
    },
    async savePlan(plan) {
      const item = versioned(z.encode(planSchema, plan));
      await table.put({ ...item, ...planKey(plan.id), expiresAt: expiresAt(plan.at, PLANS_KEPT_DAYS) });
    },
    async plan(id) {
      const item = await table.get(planKey(id));
      return item && readItem(planSchema, item);
    },
    async saveTableSent(sent) {
      const item = versioned(z.encode(tableSentSchema, sent));
      const key = tableSentKey(sent.jobId);
      await table.put({ ...item, ...key, expiresAt: expiresAt(sent.at, TABLES_KEPT_DAYS) });
    },
    async tableSent(jobId) {
      const item = await table.get(tableSentKey(jobId));
      return item && readItem(tableSentSchema, item);
    },
  };
}
