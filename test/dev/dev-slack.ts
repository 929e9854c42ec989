// What Slack says of the two tokens, and of the rest before anything is started: whose they are, and whether they do.
import { WebClient } from '@slack/web-api';
import { quietLogger } from '../../src/adapters/slack/quiet-logger.ts';
import { asking, isStaleToken } from '../../src/adapters/slack/slack-error.ts';
import { findingWords, titleOf } from '../../src/adapters/slack/wording/health/health-text.ts';
import { policyOf } from '../../src/entry/compose.ts';
import { composeSlack, SLACK_CALL } from '../../src/entry/compose-worker.ts';
import { readConfig } from '../../src/entry/config.ts';
import { plain } from '../../src/entry/doctor.ts';
import { ifFailed, type OutsideError } from '../../src/usecases/errors.ts';
import { slackFindings } from '../../src/usecases/health/check-health.ts';
import { isWrong } from '../../src/usecases/health/findings.ts';
import type { Log } from '../../src/usecases/ports.ts';
import { Secret } from '../../src/usecases/secret.ts';
import type { DevSettings } from './dev-settings.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Identity {
  teamId: string;
  appId: string;
}

type Tokens = Pick<DevSettings, 'botToken' | 'appToken' | 'slackApiUrl'>;

/** Asks only with tokens that are of their kind. `problems`: one sentence each. */
export async function whoWeAre({ botToken, appToken, slackApiUrl }: Tokens) {
  const problems: string[] = [];
  const client = (token: string) =>
    new WebClient(token, {
      ...SLACK_CALL,
      ...(slackApiUrl && { slackApiUrl }),
      logger: quietLogger(SILENT),
    });
  const telling =
    (refused: (code: string) => string) =>
    (error: OutsideError): undefined => {
      const { outcome, code } = error;
      const isNo = outcome === 'refused' || isStaleToken(error);
      problems.push(isNo ? refused(code) : `Slack did not answer (${code}): start again`);
    };
  const identity = botToken.startsWith('xoxb-')
    ? await ifFailed(
        identityOf(client(botToken)),
        telling((code) =>
          code === 'missing_scope'
            ? 'The app lacks the scope users:read: paste the manifest anew under App Manifest, and install it again'
            : `Slack does not take SLACK_BOT_TOKEN (${code}): copy it anew, from Install App`,
        ),
      )
    : undefined;
  if (appToken.startsWith('xapp-'))
    await ifFailed(
      asking('apps.connections.open', client(appToken).apps.connections.open({})),
      telling((code) =>
        code === 'missing_scope'
          ? 'SLACK_APP_TOKEN lacks the scope connections:write: generate another with it, under Basic Information → App-Level Tokens'
          : `Slack does not take SLACK_APP_TOKEN (${code}): copy it anew, from Basic Information → App-Level Tokens`,
      ),
    );
  return { identity, problems };
}

async function identityOf(client: WebClient): Promise<Identity> {
  const { team_id: teamId = '', bot_id = '' } = await asking('auth.test', client.auth.test());
  const { bot } = await asking('bots.info', client.bots.info({ bot: bot_id }));
  return { teamId, appId: bot?.app_id ?? '' };
}

/** Scopes, admin channel and admins, as `npm run doctor` looks at them. */
export async function slackProblems(
  environment: Record<string, string>,
  botToken: string,
): Promise<string[]> {
  const config = readConfig(environment);
  const base = { policy: (account: string) => policyOf(config, account), log: SILENT };
  const { installation } = composeSlack(config, new Secret(botToken), base);
  const findings = await slackFindings({ installation, now: Date.now });
  return findings
    .filter(isWrong)
    .map((finding) => `${titleOf(finding.check)}: ${plain(findingWords(finding, () => undefined))}`);
}
