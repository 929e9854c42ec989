// The worker that cannot use its settings says so in the admin channel itself, with what of them can be used.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { fetchSlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { buildHealthNotice } from '../adapters/slack/blocks/health.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import { dynamoRecords } from '../adapters/store/records.ts';
import { DAY, type Instant } from '../domain/time.ts';
import { badSettings, healthRecord } from '../usecases/health/check-health.ts';
import type { Log } from '../usecases/ports.ts';
import { AWS_CALL, connect, logFor } from './compose.ts';
import { SLACK_CALL } from './compose-worker.ts';
import { BadConfiguration } from './config.ts';
import type { Settings } from './environment.ts';

/** When this container told of it, for want of a table. */
let toldAt: Instant | undefined;

/** Throws what it is given: an alarm rings for that, whether or not anybody could be told. */
export async function tellInChannel(error: unknown): Promise<never> {
  if (!(error instanceof BadConfiguration)) throw error;
  const { AWS_LAMBDA_FUNCTION_NAME: functionName = '' } = error.usable;
  const log = logFor({ functionName });
  await tell(error, functionName, log).catch((failure) => log.error('settings.notTold', { error: failure }));
  throw error;
}

async function tell({ problems, usable }: BadConfiguration, functionName: string, log: Log): Promise<void> {
  const { ADMIN_CHANNEL: channel, SLACK_API_URL: slackApiUrl } = usable;
  const now = Date.now();
  if (channel === undefined || (toldAt !== undefined && now - toldAt < DAY)) return;
  const token = await tokenOf(usable);
  if (token === undefined || !(await isNoted(usable, now, log))) return;
  const findings = [badSettings({ functionName, problems: [...problems] })];
  const notice = { isFirst: false, modes: [], findings, isMended: false };
  const client = new WebClient(token, {
    ...SLACK_CALL,
    ...(slackApiUrl && { slackApiUrl }),
    logger: quietLogger(log),
  });
  await client.chat.postMessage({ channel, ...buildHealthNotice(notice, () => undefined) });
  toldAt = now;
}

async function tokenOf(usable: Partial<Settings>): Promise<string | undefined> {
  const { SLACK_SECRET_ID: id, SLACK_BOT_TOKEN: plain } = usable;
  if (id === undefined) return plain;
  return (await fetchSlackCredentials(new SecretsManagerClient(AWS_CALL), id)).token.reveal();
}

/**
 * Whether it may be told: not where it was within a day, by this container or another. The check tells that it is over. Where
 * there is no note yet, the check makes the first one, and sweeps.
 */
async function isNoted({ TABLE_NAME: table }: Partial<Settings>, at: Instant, log: Log): Promise<boolean> {
  if (table === undefined) return true;
  const records = dynamoRecords({ client: connect().table, table, log });
  const record = await healthRecord({ records, now: () => at });
  if (record.version === 0) return true;
  if (record.told.includes('settings') && at - record.toldAt < DAY) return false;
  const told = [...new Set([...record.told, 'settings'])];
  await records.saveHealth({ ...record, told, toldAt: at });
  return true;
}
