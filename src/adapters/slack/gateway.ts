// The door to the internet: only a request that Slack signed, for this app and this workspace, gets through to Bolt.
import type { Log } from '../../usecases/ports.ts';
import type { BoltApp, HttpReply } from './app.ts';
import { answered, isEcho, kindOf } from './asked/answered.ts';
import { readLambdaRequest } from './lambda-request.ts';
import { MOST_BYTES } from './queued-request.ts';
import {
  isForUs,
  isFromSlack,
  looksLikeOurs,
  type Recipient,
  readPayload,
  type SigningSecrets,
  type SlackRequest,
} from './slack-request.ts';

interface GatewayOptions extends Recipient {
  signingSecrets: SigningSecrets;
  bolt: BoltApp;
  now(): number;
  log: Log;
}

/** Seconds, as Slack recommends it. The worker, where a job may wait for days, asks for no such freshness. */
const MAX_AGE = 300;

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
  const { log, signingSecrets, now } = options;
  const turnedAway = (status: number, code: string): HttpReply => {
    log.warn('slack.turnedAway', { code });
    return reply(status);
  };
  const request = readLambdaRequest(event);
  if (!request) return turnedAway(400, 'no_request');
  if (request.body.length > MOST_BYTES) return turnedAway(413, 'too_large');
  if (!(await isFromSlack(request, signingSecrets, now, MAX_AGE)))
    return turnedAway(
      401,
      looksLikeOurs(request, options, now(), MAX_AGE) ? 'ours_not_signed' : 'not_signed',
    );
  const payload = readPayload(request);
  if (!payload) return turnedAway(400, 'unreadable');
  if (payload.ssl_check !== undefined) return reply(200);
  if (payload.type !== 'url_verification' && !isForUs(payload, options)) return turnedAway(403, 'foreign');
  return toBolt(payload, request, options);
}

async function toBolt(
  payload: Record<string, unknown>,
  request: SlackRequest,
  { bolt, log }: GatewayOptions,
): Promise<HttpReply> {
  const known = answered(payload);
  // Something this version does not know: people should not see an error for it.
  if (!known) {
    if (!isEcho(payload)) log.warn('slack.unhandled', { code: kindOf(payload) });
    return reply(200);
  }
  return bolt(known, request);
}

function reply(statusCode: number, body = ''): HttpReply {
  return { statusCode, body };
}
