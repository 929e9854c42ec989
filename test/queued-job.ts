// What a message on one of the worker's queues asks for, as the worker reads it once it has verified it.
import { parseUpkeepJob } from '../src/adapters/queue/job-schema.ts';
import { readAsked } from '../src/adapters/slack/asked/asked.ts';
import { readRequest } from '../src/adapters/slack/queued-request.ts';
import { readPayload, signedAt } from '../src/adapters/slack/slack-request.ts';
import type { WorkerJob } from '../src/usecases/jobs.ts';
import type { Sandbox } from './sandbox/sandbox.ts';

export function queuedJob(body: string, { organisation }: Pick<Sandbox, 'organisation'>): WorkerJob {
  const request = readRequest(JSON.parse(body));
  if (!request) return parseUpkeepJob(body);
  const among = { accounts: [organisation.account], accountName: () => 'main' };
  const asked = readAsked(readPayload(request) ?? {}, { among, at: signedAt(request) });
  if (asked.kind !== 'job') throw new Error(`queued, and asks for ${asked.kind}`);
  return asked.job;
}
