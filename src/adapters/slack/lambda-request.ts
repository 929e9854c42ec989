// A request as API Gateway hands it over, made plain.
import * as z from 'zod/mini';
import type { SlackRequest } from './slack-request.ts';

const Event = z.object({
  headers: z.record(z.string(), z.optional(z.string())),
  body: z.string(),
  isBase64Encoded: z.optional(z.boolean()),
});

/** undefined for anything that is not a request with headers and a body. */
export function readLambdaRequest(event: unknown): SlackRequest | undefined {
  const { data } = Event.safeParse(event);
  if (!data) return undefined;
  const headers = Object.entries(data.headers).map(([name, value]) => [name.toLowerCase(), value ?? '']);
  return {
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.from(data.body, data.isBase64Encoded ? 'base64' : 'utf8'),
  };
}
