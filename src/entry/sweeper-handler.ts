// The sweeper: walks over one account at a time and queues the users that need a snapshot.
import { IAMClient } from '@aws-sdk/client-iam';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { iamUsers } from '../adapters/aws/access-keys.ts';
import { type Kind, READS } from '../adapters/aws/accounts.ts';
import { iamCredentialReports } from '../adapters/aws/credential-report.ts';
import { deploymentsIn } from '../adapters/aws/deployments.ts';
import { parseSweepJob } from '../adapters/queue/job-schema.ts';
import { listedPeople } from '../adapters/store/stored-people.ts';
import { dynamoTable } from '../adapters/store/table.ts';
import { isAmong } from '../domain/protected-users.ts';
import { sweepAccount } from '../usecases/night/sweep-account.ts';
import { AWS_CALL, composeMessages, logFor } from './compose.ts';
import { composeAccounts } from './compose-accounts.ts';
import { composeBase, connect } from './compose-base.ts';
import { readConfig } from './config.ts';
import { consume } from './messages.ts';
import { remembered } from './remembered.ts';
import { tellThroughWorker } from './tell-settings.ts';

const IAM: Kind<IAMClient> = { name: 'iam', make: (more) => new IAMClient({ ...AWS_CALL, ...more }) };

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const clients = connect();
  const accounts = composeAccounts(config, READS.sweeper);
  const log = logFor(config);
  return {
    config,
    ports: {
      ...composeBase(config, log, clients),
      ownerTags: config.ownerTags,
      keys: (account: string) => iamUsers({ client: accounts.reading(IAM, account), account }),
      people: () => listedPeople(dynamoTable(clients.table, config.table), log, Date.now),
      reports: (account: string) => iamCredentialReports(accounts.reading(IAM, account)),
      deployment: config.deployment,
      isLive: config.isLive,
      deployments: () => deploymentsIn(accounts.reading(IAM, config.account)),
      isProtected: (user: string) => isAmong(config.protectedUsers, user),
    },
    messages: composeMessages(config, clients.queues),
  };
});

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { config, ports: shared, messages } = await composed.get().catch(tellThroughWorker);
  const ports = { ...shared, log: logFor(config, context.awsRequestId) };
  return consume(event, {
    parse: ({ body }) => parseSweepJob(body),
    run: (job) => sweepAccount(job, ports),
    postpone: messages.postpone,
    log: ports.log,
    now: ports.now,
  });
}
