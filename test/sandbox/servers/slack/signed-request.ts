// A request from Slack as API Gateway hands it to the function: signed, and forged where a test wants it so.
import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Clock } from '../../clock.ts';

/** What may be wrong with a request. */
export interface Forgery {
  signingSecret?: string;
  /** Seconds added to the signed time. */
  timestampShift?: number;
  teamId?: string;
  appId?: string;
  /** Replaces the signature; an empty string leaves it out. */
  signature?: string;
  headers?: Record<string, string>;
  /** Overrides what API Gateway would do. */
  base64?: boolean;
}

export interface Sender {
  signingSecret: string;
  clock: Clock;
}

export type ContentType = 'application/x-www-form-urlencoded' | 'application/json';

/** Signs any body as Slack does and wraps it in a Lambda event. */
export function signedRequest(sender: Sender, contentType: ContentType, body: string, forgery: Forgery = {}) {
  const timestamp = String(Math.floor(sender.clock.now() / 1000) + (forgery.timestampShift ?? 0));
  const signature = forgery.signature ?? sign(forgery.signingSecret ?? sender.signingSecret, timestamp, body);
  const headers = {
    ...{ accept: '*/*', 'accept-encoding': 'gzip,deflate', 'content-type': contentType },
    ...{ 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)' },
    'x-slack-request-timestamp': timestamp,
    ...(signature && { 'x-slack-signature': signature }),
    ...forgery.headers,
  };
  return lambdaEvent(sender.clock.now(), headers, body, forgery.base64 ?? isBinary(contentType));
}

// https://docs.slack.dev/authentication/verifying-requests-from-slack
export function sign(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/**
 * HTTP APIs pass only text/* and application/{json,xml,javascript} on as text; forms arrive in base64.
 * Which types those are is not documented; measured in ministackorg/ministack #766.
 */
function isBinary(contentType: ContentType): boolean {
  return contentType === 'application/x-www-form-urlencoded';
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
function lambdaEvent(now: number, headers: Record<string, string>, body: string, base64: boolean) {
  const path = '/slack/events';
  const domainName = 'sandbox.execute-api.eu-west-1.amazonaws.com';
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-length': String(Buffer.byteLength(body)), host: domainName, ...headers },
    requestContext: {
      ...{ accountId: '111122223333', apiId: 'sandbox', domainName, domainPrefix: 'sandbox' },
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'Slackbot 1.0' },
      ...{ requestId: `request-${now}`, routeKey: `POST ${path}`, stage: '$default' },
      ...{ time: new Date(now).toISOString(), timeEpoch: now },
    },
    body: base64 ? Buffer.from(body, 'utf8').toString('base64') : body,
    isBase64Encoded: base64,
  };
  return event;
}
