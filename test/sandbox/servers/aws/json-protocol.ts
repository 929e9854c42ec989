// The AWS JSON protocols 1.0 and 1.1 (Smithy: "AWS JSON 1.0/1.1 protocol"): the action in a header, JSON both ways.
import type { WireReply, WireRequest } from '../wire.ts';
import type { AwsError } from './service.ts';

export type JsonVersion = 'json-1.0' | 'json-1.1';

/** `x-amz-target: Prefix.Action` names the action. */
export function decodeJson({ headers, body }: WireRequest): {
  action: string;
  input: Record<string, unknown>;
} {
  const action = /\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1] ?? '';
  return { action, input: body.length > 0 ? JSON.parse(body.toString('utf8')) : {} };
}

export function encodeJson(
  version: JsonVersion,
  output: Record<string, unknown>,
  requestId: string,
): WireReply {
  return reply(version, 200, output, requestId);
}

export function encodeJsonError(
  version: JsonVersion,
  { code, message, status }: Pick<AwsError, 'code' | 'message' | 'status'>,
  requestId: string,
): WireReply {
  return reply(version, status, { __type: code, message }, requestId);
}

function reply(version: JsonVersion, status: number, body: object, requestId: string): WireReply {
  return {
    status,
    headers: { 'content-type': `application/x-amz-${version}`, 'x-amzn-requestid': requestId },
    body: JSON.stringify(body, inSeconds),
  };
}

/** Timestamps are epoch seconds. JSON.stringify has already asked a Date for its text: look at what it was before. */
function inSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
