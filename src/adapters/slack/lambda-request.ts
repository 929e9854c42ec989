// What API Gateway hands over, made plain, and whether Slack signed it. https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import type { Secret } from '../../usecases/secret.ts';

export interface SlackRequest {
  headers: Record<string, string>;
  body: Buffer;
}

const Event = z.object({
  headers: z.record(z.string(), z.string().optional()),
  body: z.string(),
  isBase64Encoded: z.boolean().optional(),
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

/** Either way: a time stamp from the future is no better than a stale one. */
const MAX_AGE_SECONDS = 300;

/** During a change of the signing secret both the current and the previous one are accepted. */
export function isSignedBySlack(
  { headers, body }: SlackRequest,
  signingSecrets: readonly Secret[],
  now: Instant,
): boolean {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = Buffer.from(headers['x-slack-signature'] ?? '');
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) return false;
  return signingSecrets.some((secret) => {
    const key = secret.reveal();
    // Anybody can sign with an empty key.
    if (key === '') return false;
    const digest = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
    const expected = Buffer.from(`v0=${digest}`);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}

/**
 * The payload of an interaction, the fields of a command, or the JSON of an event; undefined when it cannot be read.
 * https://docs.slack.dev/interactivity/handling-user-interaction: interactions come as a form with JSON in `payload`.
 */
export function readPayload({ headers, body }: SlackRequest): Record<string, unknown> | undefined {
  const text = body.toString('utf8');
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return jsonObject(text);
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : jsonObject(payload);
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDeep(value) ? undefined : z.record(z.string(), z.unknown()).parse(value);
  } catch {
    return undefined;
  }
}

/** Slack nests some twenty levels; what follows every level down would come to the end of its stack. */
const MOST_LEVELS = 100;

function isDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1));
}
