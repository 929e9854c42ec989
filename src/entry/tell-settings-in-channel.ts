// The worker that cannot use its settings says so in the admin channel itself, with what of them can be used.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { fetchSlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { buildHealthNotice } from '../adapters/slack/blocks/health.ts';
import { slackInstallation } from '../adapters/slack/installation.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import { asking } from '../adapters/slack/slack-error.ts';
import { dynamoRecords } from '../adapters/store/records.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { badSettings } from '../usecases/health/check-health.ts';
import type { HealthNotice } from '../usecases/health/findings.ts';
import { toldAdmins, type WaysToTell } from '../usecases/health/watch-health.ts';
import type { Log, Records } from '../usecases/ports.ts';
import { AWS_CALL, logFor } from './compose.ts';
import { connect } from './compose-base.ts';
import { SLACK_CALL } from './compose-worker.ts';
import { BadConfiguration } from './config.ts';
import type { Settings } from './environment.ts';

/** Failed tries come no sooner after one another, and of two containers one tries. */
const TRY_AGAIN_AFTER = 5 * MINUTE;

/** What this container did about it, which is all that is known for want of a table. */
let triedAt = Number.NEGATIVE_INFINITY;
let toldAt = Number.NEGATIVE_INFINITY;

/** Throws what it is given: an alarm rings for that, whether or not anybody could be told. */
export async function tellInChannel(error: unknown): Promise<never> {
  if (!(error instanceof BadConfiguration)) throw error;
  const { AWS_LAMBDA_FUNCTION_NAME: functionName = '' } = error.usable;
  const log = logFor({ functionName });
  await tell(error, functionName, log).catch((failure) => log.error('settings.notTold', { error: failure }));
  throw error;
}

/** Noted is first that somebody tells it, and that it was told only once it was. The check tells that it is over. */
async function tell({ problems, usable }: BadConfiguration, functionName: string, log: Log): Promise<void> {
  const at = Date.now();
  if (at - toldAt < DAY || at - triedAt < TRY_AGAIN_AFTER) return;
  triedAt = at;
  const token = await tokenOf(usable);
  if (token === undefined) return;
  const note = noteIn(usable, log);
  const noted = await note?.health();
  if (noted && at - noted.toldAt < (noted.told.includes('settings') ? DAY : TRY_AGAIN_AFTER)) return;
  // Where there is no note yet, the check makes the first one, and sweeps.
  const begun = noted && (await note?.saveHealth({ ...noted, toldAt: at }));
  const findings = [badSettings({ functionName, problems: [...problems] })];
  const notice = { isFirst: false, modes: [], findings, isMended: false };
  if (!(await toldAdmins(notice, waysToTell(usable, token, log)))) return;
  toldAt = at;
  if (begun) await note?.saveHealth({ ...begun, told: [...new Set([...begun.told, 'settings'])] });
}

async function tokenOf(usable: Partial<Settings>): Promise<string | undefined> {
  const { SLACK_SECRET_ID: id, SLACK_BOT_TOKEN: plain } = usable;
  if (id === undefined) return plain;
  return (await fetchSlackCredentials(new SecretsManagerClient(AWS_CALL), id)).token.reveal();
}

function noteIn({ TABLE_NAME: table }: Partial<Settings>, log: Log): Records | undefined {
  return table === undefined ? undefined : dynamoRecords({ client: connect().table, table, log });
}

/** Slack refuses a channel that is not usable like one that is gone, and nobody is an admin without a workspace. */
function waysToTell(usable: Partial<Settings>, token: string, log: Log): WaysToTell {
  const {
    ADMIN_CHANNEL: adminChannel = 'unusable',
    SLACK_TEAM_ID: teamId = '',
    SLACK_APP_ID: appId = '',
    ADMINS: admins = [],
    ADMIN_GROUP: adminGroup,
    SLACK_API_URL: slackApiUrl,
  } = usable;
  const client = new WebClient(token, {
    ...SLACK_CALL,
    ...(slackApiUrl && { slackApiUrl }),
    logger: quietLogger(log),
  });
  const post = async (channel: string, notice: HealthNotice, refusedAs?: string) => {
    const content = buildHealthNotice(notice, () => undefined, refusedAs);
    await asking('chat.postMessage', client.chat.postMessage({ channel, ...content }));
  };
  return {
    messenger: {
      postHealth: (notice) => post(adminChannel, notice),
      sendHealth: (notice, slackId, refusedAs) => post(slackId, notice, refusedAs),
    },
    installation: slackInstallation({
      client,
      teamId,
      appId,
      adminChannel,
      admins,
      adminGroup,
      now: Date.now,
    }),
    log,
  };
}
