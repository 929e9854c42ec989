// What is remembered besides the IAM users: owners, how keys are used, the figures of each sweep, the last summary.
// Figures that cannot be read count as absent.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { SHARD_COUNTS } from '../../domain/usage-ledger.ts';
import type { RefusedSweep, SweepFigures } from '../../usecases/jobs.ts';
import type { SummaryRecord } from '../../usecases/night/gathered-summary.ts';
import type { Log, Records } from '../../usecases/ports.ts';
import type { Same } from '../same.ts';
import { adminLists } from './admin-lists.ts';
import { object, time } from './fields.ts';
import { healthRecord } from './health-record.ts';
import { expiresAt, readItem, versioned } from './item.ts';
import { iso, LATEST_SUMMARY, refusedSweepKey, sweepKey, sweepPartition } from './keys.ts';
import { ledgers } from './ledgers.ts';
import { ownerRecords } from './owner-records.ts';
import { readable } from './readable.ts';
import { refusedLooks } from './refused-looks.ts';
import { dynamoTable } from './table.ts';

const count = z.int().check(z.nonnegative());

const figuresSchema = object({
  account: z.string(),
  sweptAt: time,
  reportedAt: z.exactOptional(time),
  users: count,
  activeKeys: count,
  withinAge: count,
  rootKeys: z.exactOptional(count),
  protectedUsers: z.exactOptional(count),
  unreadable: z.array(object({ line: z.int(), why: z.string() })),
  unreadableCount: count,
});

const refusedSchema = object({ account: z.string(), at: time, operation: z.string(), code: z.string() });

const summarySchema = object({ jobId: z.string(), at: time, share: z.number() });

true satisfies Same<z.output<typeof figuresSchema>, SweepFigures>;
true satisfies Same<z.output<typeof refusedSchema>, RefusedSweep>;
true satisfies Same<z.output<typeof summarySchema>, SummaryRecord>;

export interface RecordsOptions {
  client: DynamoDBDocumentClient;
  table: string;
  log: Log;
  shardCounts?: readonly number[];
}

export function dynamoRecords({
  client,
  table: name,
  log,
  shardCounts = SHARD_COUNTS,
}: RecordsOptions): Records {
  const table = dynamoTable(client, name);

  /** A summary posted a moment ago must not be posted again: the read is consistent. */
  async function latest<Schema extends z.ZodMiniType>(pk: string, schema: Schema) {
    const newestFirst = table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    });
    for await (const record of readable(newestFirst, (item) => readItem(schema, item), log)) return record;
    return undefined;
  }

  return {
    ...ownerRecords(table),
    ...adminLists(table),
    ...ledgers(table, shardCounts),
    ...healthRecord(table),
    ...refusedLooks(table, log),
    async saveSweep(figures) {
      await table.put({
        ...versioned(z.encode(figuresSchema, figures)),
        ...sweepKey(figures.account, figures.sweptAt),
        expiresAt: expiresAt(figures.sweptAt),
      });
    },
    latestSweep: (account) => latest(sweepPartition(account), figuresSchema),
    async sweepsFrom(account, from) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': sweepPartition(account), ':from': iso(from) },
      });
      const found: SweepFigures[] = [];
      for await (const figures of readable(items, (item) => readItem(figuresSchema, item), log))
        found.push(figures);
      return found;
    },
    async saveRefusedSweep(refused) {
      const item = versioned(z.encode(refusedSchema, refused));
      await table.put({ ...item, ...refusedSweepKey(refused.account), expiresAt: expiresAt(refused.at) });
    },
    refusedSweep: (account) => latest(refusedSweepKey(account).pk, refusedSchema),
    async saveSummary(summary) {
      await table.put({ ...versioned(z.encode(summarySchema, summary)), ...LATEST_SUMMARY });
    },
    latestSummary: () => latest(LATEST_SUMMARY.pk, summarySchema),
  };
}
