// What was called, counted from the sandbox's own log of calls.
import { writeUnits } from '../cost/count.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';

export interface Tally {
  /** Of AWS and of Slack. */
  calls: number;
  /** Of IAM, the table and the vault: what is looked up or changed. */
  asked: number;
  iam: number;
  slack: number;
  /** Of people and groups in Slack. */
  lookUps: number;
  /** Items that were written to the table, or taken out of it. */
  writes: number;
  writeUnits: number;
  readBytes: number;
  byAction: Record<string, number>;
}

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

export function emptyTally(): Tally {
  const none = { calls: 0, asked: 0, iam: 0, slack: 0, lookUps: 0, writes: 0, writeUnits: 0, readBytes: 0 };
  return { ...none, byAction: {} };
}

export function addTo(tally: Tally, calls: readonly RecordedCall[]): void {
  for (const call of calls) {
    const { service, action, reply } = call;
    const name = `${service}:${action}`;
    tally.calls += 1;
    tally.byAction[name] = (tally.byAction[name] ?? 0) + 1;
    tally.readBytes += Buffer.byteLength(reply?.body ?? '');
    if (!['slack', 'sqs'].includes(service)) tally.asked += 1;
    if (service === 'iam') tally.iam += 1;
    if (service === 'slack') tally.slack += 1;
    if (/^slack:user(s|groups)\./.test(name)) tally.lookUps += 1;
    if (service !== 'dynamodb') continue;
    tally.writes += itemsWritten(call);
    tally.writeUnits += writeUnits(call);
  }
}

/** Of all that was called since the sandbox last forgot. */
export function tallyOf({ aws, slack }: Sandbox): Tally {
  const tally = emptyTally();
  addTo(tally, aws.wire.calls);
  addTo(tally, slack.wire.calls);
  return tally;
}

function itemsWritten({ action, input }: RecordedCall): number {
  if (WRITES.includes(action)) return 1;
  if (action === 'TransactWriteItems') return (input.TransactItems as unknown[]).length;
  const requests = action === 'BatchWriteItem' ? Object.values(input.RequestItems as object) : [];
  return requests.flat().length;
}

/** The actions that were called most, for whoever looks for what to save. */
export function mostCalled({ byAction }: Tally, most = 6): string {
  const sorted = Object.entries(byAction).sort(([, a], [, b]) => b - a);
  return sorted
    .slice(0, most)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
