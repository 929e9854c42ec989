// What admins were told of keyrotate itself, and what was started once more.
import * as z from 'zod/mini';
import type { HealthRecord, Records } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';
import { readItem } from './item.ts';
import { HEALTH } from './keys.ts';
import type { Table } from './table.ts';
import { writeOver } from './write-over.ts';

const healthSchema = object({
  version: z.int().check(z.positive()),
  since: time,
  modes: z.array(object({ account: z.string(), mode: z.enum(['preview', 'live']) })),
  told: z.array(z.string()),
  toldAt: time,
  refused: z.exactOptional(object({ code: z.string(), at: time })),
  stuckAt: z.exactOptional(time),
  settings: z.exactOptional(object({ functionName: z.string(), problems: z.array(z.string()), at: time })),
  sweepStartedAt: z.exactOptional(time),
  summaryStartedAt: z.exactOptional(time),
});

true satisfies Same<z.output<typeof healthSchema>, HealthRecord>;

export function healthRecord(table: Table): Pick<Records, 'health' | 'saveHealth'> {
  return {
    async health() {
      const item = await table.get(HEALTH);
      return item && readItem(healthSchema, item);
    },
    async saveHealth(record) {
      const next = { ...record, version: record.version + 1 };
      await writeOver(table, HEALTH, z.encode(healthSchema, next), {
        loaded: record.version,
        name: 'what is remembered of keyrotate itself',
      });
      return next;
    },
  };
}
