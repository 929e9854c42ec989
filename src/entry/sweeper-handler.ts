// The sweeper: walks over one account at a time and queues the users that need a snapshot.
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseSweepJob } from '../adapters/queue/job-schema.ts';
import { sweepAccount } from '../usecases/night/sweep-account.ts';
import { composeMessages, connect } from './compose.ts';
import { composeSweeper } from './compose-sweeper.ts';
import { readConfig } from './config.ts';
import { logFor } from './log.ts';
import { consume } from './messages.ts';
import { remembered } from './remembered.ts';

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const clients = connect();
  return {
    ports: composeSweeper(config, logFor('sweeper'), clients),
    messages: composeMessages(config, clients.queues),
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { ports: shared, messages } = await composed.get();
  const ports = { ...shared, log: logFor('sweeper', context.awsRequestId) };
  return consume(event, {
    parse: parseSweepJob,
    run: (job) => sweepAccount(job, ports),
    postpone: messages.postpone,
    log: ports.log,
  });
}
