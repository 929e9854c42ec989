// Slack's own secrets: the bot token and the signing secret, from one Secrets Manager secret.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideError } from '../../usecases/errors.ts';
import { Secret } from '../../usecases/secret.ts';
import { calling } from '../sdk-error.ts';

export interface SlackCredentials {
  token: Secret;
  /** The current one first; during a change the previous one is still accepted. */
  signingSecrets: Secret[];
}

/** Trimmed: whoever pasted it may have pasted a line break too. */
const Stored = z.object({
  botToken: z.string().check(z.trim(), z.startsWith('xoxb-')),
  signingSecret: z.string().check(z.trim(), z.minLength(1)),
  previousSigningSecret: z.nullish(z.string().check(z.trim())),
});

/** Throws OutsideError, `refused`, when the secret's value is not `{botToken, signingSecret[, previousSigningSecret]}`. */
export async function fetchSlackCredentials(
  client: SecretsManagerClient,
  secretId: string,
): Promise<SlackCredentials> {
  const answer = client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const { SecretString = '' } = await calling('GetSecretValue', answer);
  const { data } = Stored.safeParse(parsedJson(SecretString));
  if (!data) throw new OutsideError('refused', 'GetSecretValue', 'SlackSecretMalformed');
  const { botToken, signingSecret, previousSigningSecret } = data;
  // An empty one counts as absent: anybody could sign with it.
  const signingSecrets = previousSigningSecret ? [signingSecret, previousSigningSecret] : [signingSecret];
  return {
    token: new Secret(botToken),
    signingSecrets: signingSecrets.map((secret) => new Secret(secret)),
  };
}

function parsedJson(text: string): unknown {
  try {
    // Some editors begin a file with a byte order mark, which is white space.
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}
