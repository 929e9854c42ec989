// What pull asks of AWS: the new key from the vault, with whatever profile may read it, and then whose key that is, signed with
// the key itself.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import * as z from 'zod/mini';
import { ending } from '../domain/access-key.ts';
import { Secret } from '../usecases/secret.ts';
import { type Kind, Refused } from './refused.ts';

/** What is written into a line of a file, so nothing may end it: what keyrotate stores is no promise of what is there. */
const Stored = z.object({
  AccessKeyId: z.string().check(z.regex(/^[A-Z0-9]{16,128}$/)),
  SecretAccessKey: z.string().check(z.regex(/^[A-Za-z0-9/+=]{16,128}$/)),
  UserName: z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/)),
  AccountId: z.string().check(z.regex(/^\d{12}$/)),
  ReplacesKeyId: z.string().check(z.regex(/^[A-Z0-9]{16,128}$/)),
});

export interface NewKey {
  id: string;
  secret: Secret;
  replaces: string;
  userName: string;
  account: string;
}

export interface SecretAsked {
  /** The secret's path. */
  path: string;
  /** The current one when left out. */
  version?: string | undefined;
}

export interface Through {
  /** The one that AWS's tools take by themselves when left out. */
  profile?: string | undefined;
  /** The profile's own when left out. */
  region?: string | undefined;
}

/** No call hangs for longer, of three tries. */
const PATIENCE = { connectionTimeout: 5000, requestTimeout: 15_000 };
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** The new key, and the region that it lies in. Throws Refused (secret). */
export async function fetchKey(asked: SecretAsked, through: Through): Promise<NewKey & { region: string }> {
  const { profile, region } = through;
  const client = new SecretsManagerClient({
    logger: SILENT,
    requestHandler: PATIENCE,
    // A profile that is named counts alone: neither the environment nor the role of a machine stands in for it.
    ...(profile !== undefined && { profile, credentials: fromIni({ profile }) }),
    ...(region !== undefined && { region }),
  });
  try {
    const { SecretString, ARN } = await client.send(
      new GetSecretValueCommand({
        SecretId: asked.path,
        ...(asked.version !== undefined && { VersionId: asked.version }),
      }),
    );
    const place = await client.config.region();
    return { ...keyIn(SecretString, accountOf(ARN)), region: place };
  } catch (error) {
    throw error instanceof Refused ? error : notFetched(error, profile);
  } finally {
    client.destroy();
  }
}

/** `arn:aws:secretsmanager:eu-central-1:111122223333:secret:…` */
function accountOf(arn = ''): string | undefined {
  return arn.split(':')[4];
}

function keyIn(text: string | undefined, account: string | undefined): NewKey {
  const { data } = Stored.safeParse(parsed(text));
  if (!data || data.AccountId !== account)
    throw new Refused(
      'secret',
      'What lies there is no new key of keyrotate’s: copy the command from the card anew.',
    );
  const { AccessKeyId, SecretAccessKey, ReplacesKeyId, UserName, AccountId } = data;
  return {
    id: AccessKeyId,
    secret: new Secret(SecretAccessKey),
    replaces: ReplacesKeyId,
    userName: UserName,
    account: AccountId,
  };
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Said = (who: string) => string;

const LOG_IN: Said = (who) =>
  `AWS knows no such credentials as ${who} has: log in, or, where its key is off already, press Reactivate on the card, or fetch with another profile by --from.`;
const NO_CREDENTIALS: Said = (who) =>
  `${who[0]?.toUpperCase()}${who.slice(1)} gives no credentials: log in with it, or name another with --profile or --from.`;
const NOT_THERE: Said = () =>
  'There is no such secret, or no such version of it, in that region: copy the command from the card anew.';

const FETCH_REFUSALS: Record<string, Said> = {
  AccessDeniedException: (who) =>
    `AWS lets ${who} not read that secret, which is for its own IAM user and the readers that admins named: fetch it with the old key’s profile, or with a reader’s by --from.`,
  CredentialsProviderError: NO_CREDENTIALS,
  TokenProviderError: NO_CREDENTIALS,
  ExpiredTokenException: LOG_IN,
  UnrecognizedClientException: LOG_IN,
  InvalidSignatureException: (who) =>
    `AWS takes no signature of ${who}: its secret key is not that of its key id, or the clock of this machine is wrong.`,
  InvalidRequestException: () =>
    'That secret is about to be deleted, its IAM user being gone: ask whoever runs keyrotate.',
  ResourceNotFoundException: NOT_THERE,
  ValidationException: NOT_THERE,
  DecryptionFailure: (who) =>
    `The KMS key of that secret does not let ${who} decrypt it: ask whoever runs keyrotate.`,
};

function notFetched(error: unknown, profile: string | undefined): Refused {
  const code = codeOf(error);
  const who = profile === undefined ? 'what AWS’s tools find here' : `profile ${profile}`;
  if (error instanceof Error && error.message === 'Region is missing')
    return new Refused(
      'usage',
      'No region is given, and the profile has none: add --region, as it stands on the card.',
    );
  const said = FETCH_REFUSALS[code];
  return said ? new Refused('secret', said(who)) : noAnswer('secret', 'Secrets Manager', code);
}

function noAnswer(kind: Kind, service: string, code: string): Refused {
  return new Refused(
    kind,
    `${service} did not answer as it should (${code}): run this again. Nothing was changed.`,
  );
}

/** Never the message: some of AWS's repeat what they were sent. */
function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : 'no error';
}

/** AWS gets to know a new key within seconds. */
const BETWEEN_TRIES_MS = 2000;

export interface Waiting {
  /** At most, until AWS knows the key. */
  ms: number;
  now(): number;
  pause(ms: number): Promise<unknown>;
}

/**
 * The ARN of the IAM user that signs with this key. The policy of nobody can forbid this call (STS API Reference,
 * GetCallerIdentity). Throws Refused (key).
 */
export async function whoseKey(key: NewKey, { region, profile }: Through, waiting: Waiting): Promise<string> {
  const client = new STSClient({
    logger: SILENT,
    requestHandler: PATIENCE,
    // The profile only for where its calls are to go; they are signed with the new key.
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret.reveal() },
  });
  const until = waiting.now() + waiting.ms;
  try {
    for (;;) {
      const arn = await identity(client, key);
      if (arn !== undefined) return arn;
      if (waiting.now() >= until) throw unknownKey(key, waiting.ms);
      await waiting.pause(BETWEEN_TRIES_MS);
    }
  } finally {
    client.destroy();
  }
}

/** undefined: AWS does not know the key, yet or any more. */
async function identity(client: STSClient, key: NewKey): Promise<string | undefined> {
  try {
    const { Account, Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    const [, account] = /^arn:[\w-]+:iam::(\d{12}):user\/[\w+=,.@/-]+$/.exec(Arn) ?? [];
    if (account !== key.account || Account !== account)
      throw new Refused(
        'key',
        `The new key …${ending(key.id)} is that of nobody in account ${key.account}: ask whoever runs keyrotate. Nothing was changed.`,
      );
    return Arn;
  } catch (error) {
    if (error instanceof Refused) throw error;
    const code = codeOf(error);
    if (code === 'InvalidClientTokenId') return undefined;
    if (code !== 'SignatureDoesNotMatch') throw noAnswer('key', 'STS', code);
    throw new Refused(
      'key',
      `AWS takes no signature of the new key …${ending(key.id)}: the clock of this machine is wrong, or else ask whoever runs keyrotate. Nothing was changed.`,
    );
  }
}

function unknownKey({ id }: NewKey, ms: number): Refused {
  return new Refused(
    'key',
    `AWS does not know the new key …${ending(id)} after ${Math.round(ms / 1000)} seconds: it was turned off or discarded, so look at the card. Nothing was changed.`,
  );
}
