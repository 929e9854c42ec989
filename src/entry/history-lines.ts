// Rotations as an auditor takes them away: a line for each move in a spreadsheet, or a line of JSON for each rotation.

import { csvLine } from '../adapters/csv.ts';
import type { OneRotation } from '../adapters/store/every-rotation.ts';
import type { AccessKey } from '../domain/access-key.ts';
import { oldestFirst } from '../domain/access-key.ts';
import { type HistoryEntry, type Rotation, replacementOf } from '../domain/rotation.ts';
import type { Instant } from '../domain/time.ts';

/** Times are in UTC, as ISO 8601 has them. */
const COLUMNS = [
  ...['account', 'IAM user', 'unique id', 'old key', 'new key', 'opened', 'stage now', 'closed'],
  ...['at', 'who', 'as', 'what', 'outcome', 'reason', 'in their words', 'until', 'other key', 'decided'],
  ...['AWS showed', 'AWS request ids', 'owner', 'owner before'],
];

export const CSV_HEAD = csvLine(COLUMNS);

export function csvLines({ account, userName, userId, rotation }: OneRotation): string {
  const { oldKeyId, openedAt, stage, history } = rotation;
  const keys = [oldKeyId, replacementOf(rotation)?.keyId ?? ''];
  const ofRotation = [account, userName, userId, ...keys, iso(openedAt), stage, iso(closedAt(rotation))];
  return history.map((entry) => csvLine([...ofRotation, ...cells(entry)])).join('');
}

function cells({ at, by, what, outcome, reason, note, until, keyId, ...more }: HistoryEntry): string[] {
  const [who, as] = by.kind === 'person' ? [by.slackId, by.as] : ['keyrotate', ''];
  return [
    ...[iso(at), who, as, what, outcome, reason ?? '', note ?? '', iso(until), keyId ?? ''],
    ...[iso(more.decidedAt), oldestFirst(more.evidence).map(keyWords).join('; ')],
    ...[more.awsRequestIds.join(' '), more.owners?.after ?? '', more.owners?.before ?? ''],
  ];
}

function keyWords({ id, status, createdAt, lastUse }: AccessKey): string {
  const key = `${id} ${status}, created ${iso(createdAt)}`;
  if (lastUse.seen !== 'used') return `${key}, use ${lastUse.seen}`;
  const { at, service, region = '' } = lastUse;
  return `${key}, last used ${iso(at)} ${service} ${region}`.trimEnd();
}

/** Every number in a rotation is a time. */
export function jsonLine({ account, userName, userId, rotation }: OneRotation): string {
  const line = { account, userName, userId, ...rotation };
  return `${JSON.stringify(line, (_, value) => (typeof value === 'number' ? iso(value) : value))}\n`;
}

function closedAt(rotation: Rotation): Instant | undefined {
  return 'closedAt' in rotation ? rotation.closedAt : undefined;
}

function iso(at: Instant | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}
