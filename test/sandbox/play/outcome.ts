// Questions to the servers themselves, not to the bot: which keys live, who can read a secret, where a secret has leaked.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Sandbox } from '../sandbox.ts';
import type { Credentials } from '../servers/aws/sigv4.ts';

/** Where an IAM user's secret lies. `written`: the name as it stands there, where it is another. */
export function secretPath({ aws, organisation }: Sandbox, userName: string, written = userName): string {
  const { userId } = aws.iam.state.users.get(userName.toLowerCase()) ?? {};
  if (userId === undefined) throw new Error(`IAM has no ${userName}`);
  return `/iam/keys/${organisation.account}/${written}/${userId}`;
}

/** What somebody gets who asks for a secret: its value, or the error's name. */
export async function readSecret(
  sandbox: Sandbox,
  credentials: Credentials,
  path: string,
  versionId?: string,
): Promise<{ value: string } | { refused: string }> {
  const client = new SecretsManagerClient({
    region: sandbox.organisation.region,
    endpoint: sandbox.aws.wire.url,
    credentials,
    systemClockOffset: sandbox.clock.now() - Date.now(),
    maxAttempts: 1,
  });
  try {
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: path, ...(versionId && { VersionId: versionId }) }),
    );
    return { value: SecretString };
  } catch (error) {
    return { refused: (error as Error).name };
  } finally {
    client.destroy();
  }
}

/** The credentials of a key, taken from IAM's own store. */
export function credentialsOf(sandbox: Sandbox, userName: string, keyId: string): Credentials {
  const key = sandbox.aws.iam.state.users.get(userName.toLowerCase())?.keys.find(({ id }) => id === keyId);
  if (!key) throw new Error(`${userName} has no key ${keyId}`);
  return { accessKeyId: key.id, secretAccessKey: key.secret };
}

/** Every value that must not be seen outside the vault: the secrets of all keys, and Slack's own. */
export function secretValues(sandbox: Sandbox): string[] {
  const versions = [...sandbox.aws.secrets.state.secrets.values()].flatMap(({ versions: all }) => [
    ...all.values(),
  ]);
  const values = versions.flatMap(({ value }) => {
    const { SecretAccessKey, botToken, signingSecret } = JSON.parse(value) as Record<string, string>;
    return [SecretAccessKey, botToken, signingSecret];
  });
  const { users, deletedKeys } = sandbox.aws.iam.state;
  const keys = [...[...users.values()].flatMap((user) => user.keys), ...deletedKeys].map((key) => key.secret);
  return [...new Set([...values, ...keys].filter((value) => value !== undefined))];
}

/** Where a value is searched for, by name: all that was written, sent or stored anywhere but in the vault. */
export function places(sandbox: Sandbox): Record<string, string[]> {
  const { calls } = sandbox.aws.wire;
  const traffic = (service: string) =>
    calls
      .filter((call) => call.service === service)
      .flatMap((call) => [call.requestBody, call.reply?.body ?? '']);
  return {
    'the logs': sandbox.logs(),
    'Slack messages and calls': sandbox.slack.wire.calls.flatMap((call) => [
      call.requestBody,
      call.reply?.body ?? '',
    ]),
    'queue messages': traffic('sqs'),
    'table items': traffic('dynamodb'),
  };
}

/** The places that hold any of the values, as `place: value`, with the value cut short. */
export function leaks(sandbox: Sandbox): string[] {
  const values = secretValues(sandbox);
  return Object.entries(places(sandbox)).flatMap(([place, texts]) =>
    values
      .filter((value) => formsOf(value).some((form) => texts.some((text) => text.includes(form))))
      .map((value) => `${place}: ${value.slice(0, 4)}…`),
  );
}

/** As it is, in a form or URL, and in base64. */
function formsOf(value: string): string[] {
  return [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')];
}
