// `npm run history`: every rotation that the table holds, and everything that was done in it. It only reads.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { everyRotation, type OneRotation } from '../adapters/store/every-rotation.ts';
import type { Instant } from '../domain/time.ts';
import { OutsideError } from '../usecases/errors.ts';
import type { Log } from '../usecases/ports.ts';
import { noCredentials } from './aws-profiles.ts';
import { actIn } from './config.ts';
import { CSV_HEAD, csvLines, jsonLine } from './history-lines.ts';
import { progressOn } from './progress.ts';

/** All that it asks of AWS, of that table alone. */
export const HISTORYS_ACTIONS: readonly string[] = ['dynamodb:Scan'];

const USAGE = `Usage: npm run --silent history -- --table NAME --region REGION [--profile NAME] [--user NAME] [--since 2027-01-31] [--json]
A line for each move, as CSV; with --json a line for each rotation. The stack's output TableName tells the table.
--user: of IAM users with this name alone. --since: what was open on that day or later.
It changes nothing, and asks AWS for no more than
${HISTORYS_ACTIONS.map((action) => `  ${action}`).join('\n')}`;

const DAY_SHAPE = /^\d{4}-\d\d-\d\d$/;

interface Asked {
  table: string;
  user: string | undefined;
  since: Instant;
  isJson: boolean;
}

/** How many records could not be read, and whether there was a rotation of the IAM user that was asked about. */
interface Exported {
  unreadable: number;
  isKnown: boolean;
}

async function exportHistory({ table, user, since, isJson }: Asked): Promise<Exported> {
  let unreadable = 0;
  let isKnown = user === undefined;
  const log: Log = { info: () => undefined, error: () => undefined, warn: () => (unreadable += 1) };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const isAsked = ({ userName, rotation }: OneRotation) => {
    const isTheirs = user === undefined || userName === user;
    isKnown ||= isTheirs;
    return isTheirs && (!('closedAt' in rotation) || rotation.closedAt >= since);
  };
  const progress = progressOn(process.stderr);
  async function* lines(): AsyncIterable<string> {
    let read = 0;
    if (!isJson) yield CSV_HEAD;
    for await (const one of everyRotation(client, table, log)) {
      read += 1;
      progress(`${read} rotations read`);
      if (isAsked(one)) yield isJson ? jsonLine(one) : csvLines(one);
    }
  }
  await pipeline(Readable.from(lines()), process.stdout, { end: false }).finally(() => progress(''));
  return { unreadable, isKnown };
}

function readArguments(): Asked {
  const { values } = parseArgs({
    options: {
      table: { type: 'string' },
      region: { type: 'string' },
      profile: { type: 'string' },
      user: { type: 'string' },
      since: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { table, region, profile, user, since = '1970-01-01', json, help } = values;
  if (help) throw new TypeError('');
  if (!table) throw new TypeError('--table is missing');
  if (!region) throw new TypeError('--region is missing');
  if (!DAY_SHAPE.test(since) || Number.isNaN(Date.parse(since)))
    throw new TypeError('--since must be a day, such as 2027-01-31');
  actIn(region, profile);
  return { table, user, since: Date.parse(since), isJson: json };
}

function failed(error: unknown): string {
  if (!(error instanceof OutsideError)) throw error;
  const { code, operation, outcome } = error;
  if (code === 'CredentialsProviderError') return noCredentials('name a profile with --profile');
  if (code === 'ResourceNotFound') return 'There is no such table in this account and region.';
  return outcome === 'refused'
    ? `These AWS credentials may not call ${operation} on that table (${code}).`
    : `AWS did not answer ${operation} (${code}). Try again.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const asked = readArguments();
    const { unreadable, isKnown } = await exportHistory(asked);
    if (!isKnown) console.error(`No rotation of an IAM user “${asked.user}” is on record.`);
    if (unreadable > 0) {
      console.error(
        `${unreadable} record(s) could not be read, and are missing above. Is this checkout older than what is deployed?`,
      );
      process.exitCode = 1;
    }
  } catch (error) {
    const isUsage = error instanceof TypeError;
    // Whoever reads has read enough.
    const isOver = (error as { code?: string }).code === 'EPIPE';
    if (!isOver) console.error(isUsage ? `${error.message}\n${USAGE}`.trim() : failed(error));
    process.exitCode = isUsage ? 2 : isOver ? 0 : 1;
  }
}
