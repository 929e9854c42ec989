// One SQS message at a time: what becomes of a message whose job could not be done.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ChangedMeanwhile, OutsideError, TryLater } from '../usecases/errors.ts';
import type { Log } from '../usecases/ports.ts';

export interface Consumer<Job extends { kind: string; id: string }> {
  /** Throws when the body is not a job, or none for this queue. */
  parse(body: string, queueArn: string): Job;
  run(job: Job): Promise<void>;
  /** Makes the message visible again in so many seconds. */
  postpone(record: SQSRecord, seconds: number): Promise<void>;
  log: Log;
}

/** Answers Lambda which messages are to come back; the queues' batch size is 1. */
export async function consume<Job extends { kind: string; id: string }>(
  event: SQSEvent,
  consumer: Consumer<Job>,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of event.Records) {
    if (failed.length > 0 || !(await done(record, consumer))) failed.push(record.messageId);
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function done<Job extends { kind: string; id: string }>(
  record: SQSRecord,
  consumer: Consumer<Job>,
): Promise<boolean> {
  let job: Job | undefined;
  try {
    job = consumer.parse(record.body, record.eventSourceARN);
    await consumer.run(job);
    return true;
  } catch (error) {
    const facts = { jobId: job?.id ?? record.messageId, ...(job && { jobKind: job.kind }), error };
    const seconds = job ? comesBackIn(error, record) : 0;
    if (seconds === undefined) consumer.log.error('job.failed', facts);
    else if (job) consumer.log.warn('job.postponed', { ...facts, count: seconds });
    else consumer.log.error('job.unreadable', facts);
    if (seconds !== undefined) await postpone(record, seconds, consumer);
    return false;
  }
}

/**
 * Seconds until the next try for a cause that passes; 0 for a message that can never be read, so that it reaches the
 * dead-letter queue without blocking its group; undefined for anything unforeseen, which waits its full time.
 */
function comesBackIn(error: unknown, record: SQSRecord): number | undefined {
  if (error instanceof ChangedMeanwhile) return 1;
  const doubled = 2 ** (Number(record.attributes.ApproximateReceiveCount) - 1);
  if (error instanceof TryLater) return Math.min(LONGEST_WAIT, error.seconds * doubled);
  if (!(error instanceof OutsideError) || error.outcome === 'refused') return undefined;
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * doubled);
  // Half of it by chance, so that many jobs turned away at once do not come back at once.
  return Math.floor(wait / 2 + (Math.random() * wait) / 2);
}

/** Seconds. Ten tries then take more than an hour, whatever chance says: an outage of that length loses no press. */
const FIRST_WAIT = 30;
const LONGEST_WAIT = 1800;

/** Without it the message comes back too, only later. */
async function postpone<Job extends { kind: string; id: string }>(
  record: SQSRecord,
  seconds: number,
  { postpone: change, log }: Consumer<Job>,
): Promise<void> {
  try {
    await change(record, seconds);
  } catch (error) {
    log.warn('job.notPostponed', { jobId: record.messageId, error });
  }
}
