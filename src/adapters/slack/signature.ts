// Whether a request comes from Slack. https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../domain/time.ts';
import type { Secret } from '../../usecases/secret.ts';
import type { SlackRequest } from './lambda-request.ts';

/** Seconds, either way: a time stamp from the future is no better than a stale one. */
const MAX_AGE = 300;

/** During a change of the signing secret both the current and the previous one are accepted. */
export function isSignedBySlack(
  { headers, body }: SlackRequest,
  signingSecrets: readonly Secret[],
  now: Instant,
): boolean {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = Buffer.from(headers['x-slack-signature'] ?? '');
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > MAX_AGE) return false;
  return signingSecrets.some((secret) => {
    const key = secret.reveal();
    // Anybody can sign with an empty key.
    if (key === '') return false;
    const digest = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
    const expected = Buffer.from(`v0=${digest}`);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}
