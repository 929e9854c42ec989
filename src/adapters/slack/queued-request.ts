// Slack's request on its way through the clicks queue: as Slack signed it, so that the worker need not believe who queued it.
import { readLambdaRequest } from './lambda-request.ts';
import { type SlackRequest, withoutOtherHeaders } from './slack-request.ts';

/** Of the message's shape. An earlier version queued jobs, which were 1. */
export const VERSION = 2;

/**
 * Of the body. SQS takes 256 KB in all regions, base64 makes four bytes of three, and API Gateway lets 10 KB of headers
 * through. No press, form or command of Slack's comes near this.
 */
export const MOST_BYTES = 184 * 1024;

/** What Slack sends is such text, as all forms are; JSON would write it as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The fields are those of an event of API Gateway's. */
export function writeRequest(request: SlackRequest): string {
  const { headers, body } = withoutOtherHeaders(request);
  const text = body.toString('latin1');
  const isBase64Encoded = !PLAIN.test(text);
  return JSON.stringify({
    ...{ v: VERSION, headers, isBase64Encoded },
    body: isBase64Encoded ? body.toString('base64') : text,
  });
}

/** undefined when it is none. Whether Slack signed it is not said here. */
export function readRequest(message: unknown): SlackRequest | undefined {
  const request = readLambdaRequest(message);
  return request && withoutOtherHeaders(request);
}
