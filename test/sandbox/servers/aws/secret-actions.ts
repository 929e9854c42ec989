// What each action of AWS Secrets Manager does to the store.
import { DAY } from '../../clock.ts';
import { unemulated } from './conditions.ts';
import { storePolicy } from './secret-policy.ts';
import {
  arnOf,
  describe,
  findSecret,
  type Input,
  identity,
  needed,
  newSuffix,
  optional,
  readTags,
  requestToken,
  type Secret,
  type SecretStore,
  theSecret,
} from './secret-store.ts';
import { addVersion, pickVersion, removeStage } from './secret-versions.ts';
import { AwsError } from './service.ts';

export type SecretAction = (store: SecretStore, input: Input) => Record<string, unknown>;

export const SECRET_ACTIONS: Record<string, SecretAction> = {
  CreateSecret: createSecret,
  PutSecretValue: putSecretValue,
  GetSecretValue: getSecretValue,
  DescribeSecret: (store, input) => describe(theSecret(store, input, true)),
  UpdateSecretVersionStage: updateSecretVersionStage,
  PutResourcePolicy: putResourcePolicy,
  TagResource: tagResource,
  ListSecrets: listSecrets,
  DeleteSecret: deleteSecret,
  RestoreSecret: restoreSecret,
};

function createSecret(store: SecretStore, input: Input): Record<string, unknown> {
  const name = needed(input, 'Name', 1, 512);
  if (!/^[A-Za-z0-9/_+=.@-]+$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  const value = secretString(input);
  const token = value === undefined ? undefined : requestToken(input);
  const existing = findSecret(store, name);
  if (existing) throw alreadyThere(existing);
  const now = store.clock.now();
  const secret: Secret = {
    name,
    arn: arnOf(store, name, newSuffix(store, name)),
    description: optional(input, 'Description', 0, 2048),
    kmsKeyId: optional(input, 'KmsKeyId', 0, 2048),
    tags: readTags(input),
    versions: new Map(),
    createdAt: now,
    changedAt: now,
  };
  if (token !== undefined && value !== undefined) addVersion(secret.versions, { id: token, value, now });
  store.secrets.set(name, secret);
  return { ...identity(secret), VersionId: token };
}

/** CreateSecret: a name awaiting deletion is not free. */
function alreadyThere({ name, deletedAt }: Secret): AwsError {
  return deletedAt === undefined
    ? new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      )
    : new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
}

function putSecretValue(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input);
  const id = requestToken(input);
  const value = secretString(input);
  if (value === undefined)
    throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  const stages = input.VersionStages as string[] | undefined;
  if (stages && (stages.length < 1 || stages.length > 20 || stages.some((stage) => !isLabel(stage))))
    throw new AwsError('InvalidParameterException', 'VersionStages must be 1 to 20 labels.');
  addVersion(secret.versions, { id, value, stages, now: store.clock.now() });
  return changed(store, secret, {
    ...identity(secret),
    VersionId: id,
    VersionStages: [...(secret.versions.get(id)?.stages ?? [])],
  });
}

function getSecretValue(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input);
  const [id, version] = pickVersion(secret.versions, {
    id: optional(input, 'VersionId', 32, 64),
    stage: optional(input, 'VersionStage', 1, 256),
  });
  version.lastAccessed = store.clock.now();
  secret.lastAccessedDate = version.lastAccessed - (version.lastAccessed % DAY);
  return {
    ...identity(secret),
    VersionId: id,
    SecretString: version.value,
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdAt),
  };
}

function updateSecretVersionStage(store: SecretStore, input: Input): Record<string, unknown> {
  if (input.MoveToVersionId) throw unemulated('MoveToVersionId');
  const secret = theSecret(store, input);
  removeStage(
    secret.versions,
    needed(input, 'VersionStage', 1, 256),
    optional(input, 'RemoveFromVersionId', 32, 64),
  );
  return changed(store, secret, identity(secret));
}

function putResourcePolicy(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input);
  const text = needed(input, 'ResourcePolicy', 1, 20480);
  secret.policy = storePolicy(text, input.BlockPublicPolicy === true, store.resolvePrincipal);
  return changed(store, secret, identity(secret));
}

/** TagResource: a tag of that key is replaced. It works on a secret that is scheduled for deletion, too. */
function tagResource(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input, true);
  for (const [key, value] of readTags(input)) secret.tags.set(key, value);
  return changed(store, secret, {});
}

/** ListSecrets: "eventually consistent … might not reflect changes from the last five minutes". Here it never does, for what comes and goes. */
const LISTING_LAGS = 5 * 60_000;

function listSecrets(store: SecretStore, input: Input): Record<string, unknown> {
  const { Filters = [], IncludePlannedDeletion, MaxResults = 100, NextToken = '0' } = input;
  const seenAt = store.clock.now() - LISTING_LAGS;
  const isNamed = nameFilter(Filters as { Key: string; Values: string[] }[]);
  const isPlanned = ({ deletedAt = Number.POSITIVE_INFINITY }: Secret) => deletedAt <= seenAt;
  const found = [...store.secrets.values()].filter(
    (secret) =>
      isNamed(secret) &&
      secret.createdAt <= seenAt &&
      (IncludePlannedDeletion === true || !isPlanned(secret)),
  );
  const from = Number(NextToken);
  const to = from + Number(MaxResults);
  return {
    SecretList: found.slice(from, to).map((secret) => {
      const { VersionIdsToStages, DeletedDate, ...entry } = describe(secret);
      return {
        ...entry,
        SecretVersionsToStages: VersionIdsToStages,
        ...(isPlanned(secret) && { DeletedDate }),
      };
    }),
    ...(to < found.length && { NextToken: String(to) }),
  };
}

/** Filter: "name: prefix match, case-sensitive". */
function nameFilter(filters: { Key: string; Values: string[] }[]): (secret: Secret) => boolean {
  for (const { Key, Values } of filters)
    if (Key !== 'name' || Values.some((value) => value.startsWith('!'))) throw unemulated(`filter ${Key}`);
  return ({ name }) => filters.every(({ Values }) => Values.some((value) => name.startsWith(value)));
}

/** DeleteSecret: 7 to 30 days, 30 when nothing is said; until then the name is taken. "You can't use both" parameters. */
function deleteSecret(store: SecretStore, input: Input): Record<string, unknown> {
  const { ForceDeleteWithoutRecovery: isForced, RecoveryWindowInDays: days } = input;
  if (isForced !== undefined && days !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  const kept = days ?? 30;
  if (typeof kept !== 'number' || kept < 7 || kept > 30)
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  const secret = theSecret(store, input);
  const now = store.clock.now();
  if (isForced === true) store.secrets.delete(secret.name);
  else Object.assign(secret, { deletedAt: now, recoverableUntil: now + kept * DAY });
  return { ...identity(secret), DeletionDate: new Date(isForced === true ? now : now + kept * DAY) };
}

/** RestoreSecret: "cancels the scheduled deletion"; one that is not scheduled stays as it is. */
function restoreSecret(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input, true);
  delete secret.deletedAt;
  delete secret.recoverableUntil;
  return identity(secret);
}

function changed(
  store: SecretStore,
  secret: Secret,
  output: Record<string, unknown>,
): Record<string, unknown> {
  secret.changedAt = store.clock.now();
  return output;
}

function secretString(input: Input): string | undefined {
  if (input.SecretBinary !== undefined) throw unemulated('SecretBinary');
  return optional(input, 'SecretString', 1, 65536);
}

function isLabel(stage: unknown): boolean {
  return typeof stage === 'string' && stage.length >= 1 && stage.length <= 256;
}
