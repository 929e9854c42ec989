// The secrets of one account and region, how a call names one, and what its parameters must look like.
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ResolvePrincipal } from './secret-policy.ts';
import type { SecretVersions } from './secret-versions.ts';
import { AwsError, type PolicyDocument } from './service.ts';

export interface Secret {
  name: string;
  arn: string;
  description?: string | undefined;
  kmsKeyId?: string | undefined;
  tags: Map<string, string>;
  versions: SecretVersions;
  /** With principals by unique id. */
  policy?: PolicyDocument;
  createdAt: number;
  changedAt: number;
  /** Midnight UTC of the day of the last GetSecretValue. */
  lastAccessedDate?: number;
  /** When DeleteSecret was called. */
  deletedAt?: number;
  /** When it is gone for good, after that. */
  recoverableUntil?: number;
}

export interface SecretStore {
  clock: Clock;
  account: string;
  region: string;
  resolvePrincipal: ResolvePrincipal;
  /** By name; those scheduled for deletion among them. */
  secrets: Map<string, Secret>;
}

export type Input = Record<string, unknown>;

/** CreateSecret: the ARN is the name, a hyphen and six characters. */
export function arnOf(store: SecretStore, name: string, suffix: string): string {
  return `arn:aws:secretsmanager:${store.region}:${store.account}:secret:${name}-${suffix}`;
}

export function newSuffix(store: SecretStore, name: string): string {
  const seed = `${store.account} ${store.region} ${name} ${store.clock.now()}`;
  return createHash('sha256').update(seed).digest('base64').replace(/[+/=]/g, '').slice(0, 6);
}

/** By name or whole ARN. */
export function findSecret({ secrets, clock }: SecretStore, id: unknown): Secret | undefined {
  for (const { name, recoverableUntil = Number.POSITIVE_INFINITY } of secrets.values())
    if (recoverableUntil <= clock.now()) secrets.delete(name);
  return [...secrets.values()].find(({ name, arn }) => name === id || arn === id);
}

/** The secret a call names. `evenDeleted` is for the few actions that work on one scheduled for deletion. */
export function theSecret(store: SecretStore, input: Input, evenDeleted = false): Secret {
  const secret = findSecret(store, needed(input, 'SecretId', 1, 2048));
  if (!secret)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  if (secret.deletedAt !== undefined && !evenDeleted)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** A string parameter within the lengths of the API reference. */
export function optional(input: Input, name: string, min: number, max: number): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length < min || value.length > max)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between ${min} and ${max}`,
    );
  return value;
}

export function needed(input: Input, name: string, min: number, max: number): string {
  const value = optional(input, name, min, max);
  if (value === undefined)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

/** CreateSecret and PutSecretValue: "if you generate a raw HTTP request, you must generate a ClientRequestToken"; 32 to 64 characters. */
export function requestToken(input: Input): string {
  const token = input.ClientRequestToken;
  if (token === undefined)
    throw new AwsError('InvalidRequestException', 'You must provide a ClientRequestToken value.');
  if (typeof token !== 'string' || token.length < 32 || token.length > 64)
    throw new AwsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
  return token;
}

/** Tag: keys of 1 to 128 characters not starting with `aws:`, values up to 256; "AWS Secrets Manager quotas": 50 a secret. */
export function readTags({ Tags = [] }: Input): Map<string, string> {
  const tags = new Map<string, string>();
  for (const tag of Tags as Input[])
    tags.set(needed(tag, 'Key', 1, 128), optional(tag, 'Value', 0, 256) ?? '');
  if ([...tags.keys()].some((key) => key.toLowerCase().startsWith('aws:')))
    throw new AwsError('InvalidParameterException', 'Tag keys starting with aws: are reserved.');
  if (tags.size > 50) throw new AwsError('InvalidParameterException', 'A secret can have at most 50 tags.');
  return tags;
}

/** DescribeSecret: versions without a label are not listed, and no value ever is. */
export function describe(secret: Secret): Record<string, unknown> {
  const labelled = [...secret.versions].filter(([, { stages }]) => stages.size > 0);
  return {
    ...identity(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    LastAccessedDate: date(secret.lastAccessedDate),
    DeletedDate: date(secret.deletedAt),
    VersionIdsToStages:
      labelled.length > 0
        ? Object.fromEntries(labelled.map(([id, { stages }]) => [id, [...stages]]))
        : undefined,
  };
}

export function identity({ arn, name }: Secret): { ARN: string; Name: string } {
  return { ARN: arn, Name: name };
}

function date(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
