// The worker: takes jobs off both queues, one at a time, and is the only one that changes IAM, the vault and the table.
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseUpkeepJob, parseWorkerJob } from '../adapters/queue/job-schema.ts';
import { isStaleToken } from '../adapters/slack/slack-error.ts';
import { doJob } from '../usecases/do-job.ts';
import { TryLater } from '../usecases/errors.ts';
import type { WorkerJob } from '../usecases/jobs.ts';
import type { Ports } from '../usecases/ports.ts';
import { composeMessages, connect, logFor } from './compose.ts';
import { composeWorker } from './compose-worker.ts';
import { readConfig } from './config.ts';
import { consume } from './messages.ts';
import { type Remembered, remembered } from './remembered.ts';
import { tellInChannel } from './tell-settings-in-channel.ts';

/** How long a container goes on with a Slack token before it looks whether there is a new one. */
const TOKEN_MS = 10 * 60_000;
/** Seconds until the next look for a token in place of one that Slack no longer takes. */
const LOOK_AGAIN_IN = 60;

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const clients = connect();
  const { aws, slack } = composeWorker(config, logFor(config), clients);
  return {
    config,
    aws,
    slack: remembered(TOKEN_MS, slack),
    messages: composeMessages(config, clients.queues),
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { config, aws, slack, messages } = await composed.get().catch(tellInChannel);
  const log = logFor(config, context.awsRequestId);
  const timeLeft = () => context.getRemainingTimeInMillis();
  return consume(event, {
    parse: (body, arn) =>
      queueName(arn) === queueName(config.queues.clicks) ? parseWorkerJob(body) : parseUpkeepJob(body),
    // Slack's token may not be readable now: that, too, is a reason to come back soon.
    run: async (job) => doWithFreshToken(job, { ...aws, ...(await slack.get()), log, timeLeft }, slack),
    postpone: messages.postpone,
    log,
    now: aws.now,
  });
}

/** A token that Slack no longer takes may have been replaced: the job comes back to what is stored then. */
async function doWithFreshToken(job: WorkerJob, ports: Ports, slack: Remembered<unknown>): Promise<void> {
  try {
    await doJob(job, ports);
  } catch (error) {
    if (!isStaleToken(error)) throw error;
    slack.forget();
    // Another one comes within minutes, with what is stored then.
    if (job.kind === 'watchHealth') return ports.log.warn('health.leftToTheNext', { jobId: job.id, error });
    throw new TryLater(LOOK_AGAIN_IN, "Slack does not take the bot's token", { cause: error });
  }
}

/** An ARN ends in `:name`, a URL in `/name`. */
function queueName(queue: string): string | undefined {
  return queue.split(/[:/]/).at(-1);
}
