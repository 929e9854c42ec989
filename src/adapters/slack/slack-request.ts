// Whether Slack signed a request, for this app and this workspace, and what it carries. https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Instant } from '../../domain/time.ts';
import type { Secret } from '../../usecases/secret.ts';

export interface SlackRequest {
  /** By their names in small letters. */
  headers: Record<string, string>;
  body: Buffer;
}

/** `newest`: read anew, if that was not done a moment ago. During a change there are two. */
export type SigningSecrets = (which?: 'newest') => Promise<readonly Secret[]>;

export interface Recipient {
  teamId: string;
  appId: string;
}

const TIMESTAMP = 'x-slack-request-timestamp';
const SIGNATURE = 'x-slack-signature';
const TYPE = 'content-type';

/** What the signature and the reading of the body need; all other headers are the way's own. */
export function withoutOtherHeaders({ headers, body }: SlackRequest): SlackRequest {
  const kept = [TIMESTAMP, SIGNATURE, TYPE].map((name) => [name, headers[name] ?? '']);
  return { headers: Object.fromEntries(kept), body };
}

/** When Slack signed it. */
export function signedAt({ headers }: SlackRequest): Instant {
  return Number(headers[TIMESTAMP]) * 1000;
}

/**
 * The signing secret may have been changed since it was read.
 * @param maxAge seconds, either way: a time stamp from the future is no better than a stale one.
 */
export async function isFromSlack(
  request: SlackRequest,
  signingSecrets: SigningSecrets,
  now: () => Instant,
  maxAge: number,
): Promise<boolean> {
  const isSigned = (secrets: readonly Secret[]) => isSignedBySlack(request, secrets, now(), maxAge);
  return isSigned(await signingSecrets()) || isSigned(await signingSecrets('newest'));
}

function isSignedBySlack(
  { headers, body }: SlackRequest,
  signingSecrets: readonly Secret[],
  now: Instant,
  maxAge: number,
): boolean {
  const timestamp = headers[TIMESTAMP] ?? '';
  const signature = Buffer.from(headers[SIGNATURE] ?? '');
  if (!isFresh(timestamp, now, maxAge)) return false;
  return signingSecrets.some((secret) => {
    const key = secret.reveal();
    // Anybody can sign with an empty key.
    if (key === '') return false;
    const digest = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
    const expected = Buffer.from(`v0=${digest}`);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}

function isFresh(timestamp: string, now: Instant, maxAge: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= maxAge;
}

/**
 * Of a request that is not signed: whether it looks as Slack's own would if another signing secret were stored than
 * Slack's. Whoever knows the ids of app and workspace can make one.
 */
export function looksLikeOurs(
  request: SlackRequest,
  recipient: Recipient,
  now: Instant,
  maxAge: number,
): boolean {
  const { [TIMESTAMP]: timestamp = '', [SIGNATURE]: signature = '' } = request.headers;
  if (!isFresh(timestamp, now, maxAge) || !/^v0=[\da-f]{64}$/.test(signature)) return false;
  const payload = readPayload(request);
  return payload !== undefined && isForUs(payload, recipient);
}

/**
 * The payload of an interaction, the fields of a command, or the JSON of an event; undefined when it cannot be read.
 * https://docs.slack.dev/interactivity/handling-user-interaction: interactions come as a form with JSON in `payload`.
 */
export function readPayload({ headers, body }: SlackRequest): Record<string, unknown> | undefined {
  const text = body.toString('utf8');
  const type = (headers[TYPE] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return jsonObject(text);
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  // The type is not signed, and JSON with somebody's text in it could be read as a form of that text.
  if (/^\s*[[{]/.test(text)) return undefined;
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

const Sender = z.object({
  api_app_id: z.string(),
  team_id: z.optional(z.string()),
  /** null on installations for a whole organisation; then the person's own team counts. */
  team: z.nullish(z.object({ id: z.string() })),
  user: z.optional(z.object({ team_id: z.optional(z.string()) })),
});

export function isForUs(payload: Record<string, unknown>, { teamId, appId }: Recipient): boolean {
  const { data } = Sender.safeParse(payload);
  if (data?.api_app_id !== appId) return false;
  return (data.team_id ?? data.team?.id ?? data.user?.team_id) === teamId;
}
