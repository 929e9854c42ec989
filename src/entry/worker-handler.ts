// The worker: takes jobs and Slack's requests off its queues, one at a time, and is the only one that changes IAM, the vault and the table.
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseUpkeepJob } from '../adapters/queue/job-schema.ts';
import { readQueuedPress } from '../adapters/slack/queued-press.ts';
import { isStaleToken } from '../adapters/slack/slack-error.ts';
import { doJob } from '../usecases/do-job.ts';
import { TryLater } from '../usecases/errors.ts';
import type { SlackJob, UpkeepJob, WorkerJob } from '../usecases/jobs.ts';
import type { Ports } from '../usecases/ports.ts';
import { accountsIn, composeMessages, logFor } from './compose.ts';
import { connect } from './compose-base.ts';
import { composeWorker } from './compose-worker.ts';
import { readConfig } from './config.ts';
import { consume } from './messages.ts';
import { type Remembered, remembered } from './remembered.ts';
import { tellInChannel } from './tell-settings-in-channel.ts';

/** How long a container goes on with Slack's secrets before it looks whether there are new ones. */
const SECRETS_MS = 10 * 60_000;
/** Seconds until the next look for a token in place of one that Slack no longer takes. */
const LOOK_AGAIN_IN = 60;

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const clients = connect();
  const worker = composeWorker(config, logFor(config), clients);
  const slack = remembered(SECRETS_MS, worker.slack);
  const { teamId, appId, apiUrl } = config.slack;
  return {
    config,
    aws: worker.aws,
    slack,
    press: {
      ...{ teamId, appId, among: accountsIn(config), now: worker.aws.now },
      // What is not signed is lost, so that must not be said by secrets from before the press: read them, or fail.
      signingSecrets: async (which?: 'newest') =>
        (await (which === 'newest' ? worker.slack() : slack.get())).signingSecrets,
      ...(apiUrl && { responseUrlBase: new URL('/', apiUrl).href }),
    },
    messages: composeMessages(config, clients.queues),
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { config, aws, slack, press, messages } = await composed.get().catch(tellInChannel);
  const log = logFor(config, context.awsRequestId);
  const timeLeft = () => context.getRemainingTimeInMillis();
  return consume<WorkerJob>(event, {
    parse: (message): UpkeepJob | Promise<SlackJob | undefined> =>
      queueName(message.eventSourceARN) === queueName(config.queues.clicks)
        ? readQueuedPress(message.body, sent(message), { ...press, log })
        : parseUpkeepJob(message.body),
    // Slack's token may not be readable now: that, too, is a reason to come back soon.
    run: async (job) => doWithFreshToken(job, { ...aws, ...(await slack.get()).ports, log, timeLeft }, slack),
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

function sent({ messageId, attributes }: SQSRecord) {
  return { messageId, sender: attributes.SenderId };
}

/** An ARN ends in `:name`, a URL in `/name`. */
function queueName(queue: string): string | undefined {
  return queue.split(/[:/]/).at(-1);
}
