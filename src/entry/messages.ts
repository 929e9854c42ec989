// One SQS message at a time: what becomes of a message whose job could not be done.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { UnreadableJob } from '../adapters/unreadable-job.ts';
import { ChangedMeanwhile, NewerSchema, OutsideError, TryLater } from '../usecases/errors.ts';
import type { Log } from '../usecases/ports.ts';

interface AnyJob {
  kind: string;
  id: string;
}

export interface Consumer<Job extends AnyJob> {
  /** undefined: nothing is to be done, which is logged already. Throws UnreadableJob when it is no job of this queue's. */
  parse(record: SQSRecord): Job | undefined | Promise<Job | undefined>;
  run(job: Job): Promise<void>;
  /** Makes the message visible again in so many seconds. */
  postpone(record: SQSRecord, seconds: number): Promise<void>;
  log: Log;
  now(): number;
}

/** Answers Lambda which messages are to come back; the queues' batch size is 1. */
export async function consume<Job extends AnyJob>(
  event: SQSEvent,
  consumer: Consumer<Job>,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of event.Records) {
    if (failed.length > 0 || !(await done(record, consumer))) failed.push(record.messageId);
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function done<Job extends AnyJob>(record: SQSRecord, consumer: Consumer<Job>): Promise<boolean> {
  let job: Job | undefined;
  const facts = () => ({
    jobId: job?.id ?? record.messageId,
    ...(job && { jobKind: job.kind }),
    queue: record.eventSourceARN.split(':').at(-1) ?? '',
    ms: consumer.now() - Number(record.attributes.SentTimestamp),
  });
  try {
    job = await consumer.parse(record);
    if (!job) return true;
    await consumer.run(job);
    consumer.log.info('job.done', facts());
    return true;
  } catch (error) {
    const tries = Number(record.attributes.ApproximateReceiveCount);
    const isUnreadable = error instanceof UnreadableJob;
    const passesIn = secondsUntilItPasses(error, tries);
    const seconds = passesIn ?? (isUnreadable ? 0 : secondsToMend(tries));
    if (isUnreadable) consumer.log.error('job.unreadable', { ...facts(), error });
    else if (passesIn === undefined) consumer.log.error('job.failed', { ...facts(), error, count: seconds });
    else consumer.log.warn('job.postponed', { ...facts(), error, count: seconds });
    // Without it the message comes back too, only later.
    await consumer
      .postpone(record, seconds)
      .catch((cause) => consumer.log.warn('job.notPostponed', { jobId: record.messageId, error: cause }));
    return false;
  }
}

/** undefined for a plain "no", and for anything unforeseen: these do not pass by themselves. */
function secondsUntilItPasses(error: unknown, tries: number): number | undefined {
  if (error instanceof ChangedMeanwhile) return 1;
  if (error instanceof TryLater) return error.seconds;
  if (error instanceof NewerSchema) return tries <= 10 ? 60 : UNTIL_NEXT_LOOK;
  if (!(error instanceof OutsideError) || error.outcome === 'refused') return undefined;
  if (error.retryAfter !== undefined && tries <= AS_SOON_AS_SAID)
    return error.retryAfter + Math.floor(Math.random() * SPREAD);
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
  // Half of it by chance, so that many jobs turned away at once do not come back at once.
  const byChance = Math.floor(wait / 2 + (Math.random() * wait) / 2);
  return Math.max(byChance, error.retryAfter ?? 0);
}

/**
 * Seconds. A short longest wait, since whatever comes later for the same IAM user waits as well. The tries that
 * serverless.yml allows still take more than an hour, whatever chance says: an outage of that length loses no press.
 */
const FIRST_WAIT = 30;
const LONGEST_WAIT = 120;

/** Tries. Whoever says when they can be asked again keeps the others waiting no longer than that, up to here. */
const AS_SOON_AS_SAID = 20;
/** Seconds, over which those that were told the same time come back. */
const SPREAD = 15;

/** Seconds. A roll-back may last: with eighty tries a press waits for three days, of the four that SQS keeps it. */
const UNTIL_NEXT_LOOK = 3600;

/** Somebody may mend it within ten minutes. After that it is tried at once until it is a dead letter, and frees its group. */
function secondsToMend(tries: number): number {
  return tries <= 10 ? 60 : 0;
}
