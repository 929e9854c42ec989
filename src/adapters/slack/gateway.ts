// The door to the internet: only a request that Slack signed, for this app and this workspace, gets through to Bolt.
import type { AwsLambdaReceiver } from '@slack/bolt';
import * as z from 'zod';
import type { Log } from '../../usecases/ports.ts';
import type { Secret } from '../../usecases/secret.ts';
import { answered, kindOf } from './answered.ts';
import { isSignedBySlack, readLambdaRequest, readPayload, type SlackRequest } from './lambda-request.ts';

type BoltHandler = ReturnType<AwsLambdaReceiver['toHandler']>;

interface GatewayOptions {
  /** `newest`: read anew, if that was not done a moment ago. */
  signingSecrets(which?: 'newest'): Promise<readonly Secret[]>;
  teamId: string;
  appId: string;
  bolt: BoltHandler;
  now(): number;
  log: Log;
}

export interface HttpReply {
  statusCode: number;
  headers?: Record<string, string>;
  body: string;
}

/** API Gateway itself stops at 10 MB; no click or command of Slack's comes near this. */
const MOST_BYTES = 256 * 1024;

/** Never throws. 4xx for whatever is not from Slack, or not for this app; 500 only when a job could not be queued, or Slack's secrets cannot be read. */
export function slackGateway(options: GatewayOptions): (event: unknown) => Promise<HttpReply> {
  return async (event) => {
    try {
      const answer = await admit(event, options);
      // So Bolt answers after a listener failed, of which the log has told already.
      if (answer.statusCode >= 500) options.log.error('slack.failed', { code: 'listener' });
      return answer;
    } catch (error) {
      options.log.error('slack.failed', { error });
      return reply(500);
    }
  };
}

async function admit(event: unknown, options: GatewayOptions): Promise<HttpReply> {
  const { log } = options;
  const turnedAway = (status: number, code: string): HttpReply => {
    log.warn('slack.turnedAway', { code });
    return reply(status);
  };
  const request = readLambdaRequest(event);
  if (!request) return turnedAway(400, 'no_request');
  if (request.body.length > MOST_BYTES) return turnedAway(413, 'too_large');
  if (!(await isFromSlack(request, options))) return turnedAway(401, 'not_signed');
  const payload = readPayload(request);
  if (!payload) return turnedAway(400, 'unreadable');
  if (payload.ssl_check !== undefined) return reply(200);
  if (payload.type !== 'url_verification' && !isForUs(payload, options)) return turnedAway(403, 'foreign');
  return toBolt(payload, options);
}

/** The signing secret may have been changed since it was read. */
async function isFromSlack(request: SlackRequest, { signingSecrets, now }: GatewayOptions): Promise<boolean> {
  return (
    isSignedBySlack(request, await signingSecrets(), now()) ||
    isSignedBySlack(request, await signingSecrets('newest'), now())
  );
}

/** Bolt gets the payload as plain JSON: its own reading of forms and encodings goes wrong on valid requests. */
async function toBolt(payload: Record<string, unknown>, { bolt, log }: GatewayOptions): Promise<HttpReply> {
  const known = answered(payload);
  // Something this version does not know: people should not see an error for it.
  if (!known) {
    log.warn('slack.unhandled', { code: kindOf(payload) });
    return reply(200);
  }
  const answer = await bolt(asLambdaEvent(JSON.stringify(known)), {});
  return {
    statusCode: answer.statusCode,
    body: answer.body,
    ...(answer.headers && { headers: textual(answer.headers) }),
  };
}

function asLambdaEvent(body: string): Parameters<BoltHandler>[0] {
  return {
    version: '2.0',
    routeKey: 'POST /slack/events',
    rawPath: '/slack/events',
    rawQueryString: '',
    requestContext: {},
    headers: { 'content-type': 'application/json' },
    body,
    isBase64Encoded: false,
  };
}

const Sender = z.object({
  api_app_id: z.string(),
  team_id: z.string().optional(),
  /** null on installations for a whole organisation; then the person's own team counts. */
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ team_id: z.string().optional() }).optional(),
});

function isForUs(payload: Record<string, unknown>, { teamId, appId }: GatewayOptions): boolean {
  const { data } = Sender.safeParse(payload);
  if (data?.api_app_id !== appId) return false;
  return (data.team_id ?? data.team?.id ?? data.user?.team_id) === teamId;
}

function reply(statusCode: number, body = ''): HttpReply {
  return { statusCode, body };
}

function textual(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
