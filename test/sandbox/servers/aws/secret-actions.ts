// What each action of AWS Secrets Manager does to the store.
import { DAY } from '../../clock.ts';
import { unemulated } from './conditions.ts';
import { storePolicy } from './secret-policy.ts';
import {
  addTags,
  arnOf,
  describe,
  findSecret,
  type Input,
  identity,
  listed,
  needed,
  newSuffix,
  optional,
  requestToken,
  type Secret,
  type SecretStore,
  theSecret,
} from './secret-store.ts';
import { addVersion, moveStage, pickVersion } from './secret-versions.ts';
import { AwsError } from './service.ts';

export type SecretAction = (store: SecretStore, input: Input) => Record<string, unknown>;

export const SECRET_ACTIONS: Record<string, SecretAction> = {
  CreateSecret: createSecret,
  PutSecretValue: putSecretValue,
  GetSecretValue: getSecretValue,
  DescribeSecret: (store, input) => describe(theSecret(store, input, true)),
  ListSecrets: listSecrets,
  UpdateSecretVersionStage: updateSecretVersionStage,
  PutResourcePolicy: putResourcePolicy,
  GetResourcePolicy(store, input) {
    const secret = theSecret(store, input);
    return { ...identity(secret), ResourcePolicy: secret.policy?.shown() };
  },
  TagResource(store, input) {
    const secret = theSecret(store, input);
    addTags(secret.tags, input);
    return changed(store, secret, {});
  },
  UntagResource(store, input) {
    const secret = theSecret(store, input);
    for (const key of (input.TagKeys ?? []) as string[]) secret.tags.delete(key);
    return changed(store, secret, {});
  },
  DeleteSecret: deleteSecret,
  RestoreSecret(store, input) {
    const secret = theSecret(store, input, true);
    secret.deletedAt = secret.deletionDate = undefined;
    return changed(store, secret, identity(secret));
  },
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
  if (existing) return alreadyThere(existing, token, value);
  const now = store.clock.now();
  const secret: Secret = {
    name,
    arn: arnOf(store, name, newSuffix(store, name)),
    description: optional(input, 'Description', 0, 2048),
    kmsKeyId: optional(input, 'KmsKeyId', 0, 2048),
    tags: new Map(),
    versions: new Map(),
    createdAt: now,
    changedAt: now,
  };
  addTags(secret.tags, input);
  if (token !== undefined && value !== undefined) addVersion(secret.versions, { id: token, value, now });
  store.secrets.set(name, secret);
  return { ...identity(secret), VersionId: token };
}

/** CreateSecret, ClientRequestToken: the same token with the same value is ignored; a name awaiting deletion is not free. */
function alreadyThere(existing: Secret, token?: string, value?: string): Record<string, unknown> {
  if (existing.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (token !== undefined && value !== undefined && existing.versions.get(token)?.value === value)
    return { ...identity(existing), VersionId: token };
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${existing.name} already exists.`,
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
  const secret = theSecret(store, input);
  moveStage(secret.versions, {
    stage: needed(input, 'VersionStage', 1, 256),
    from: optional(input, 'RemoveFromVersionId', 32, 64),
    to: optional(input, 'MoveToVersionId', 32, 64),
  });
  return changed(store, secret, identity(secret));
}

function putResourcePolicy(store: SecretStore, input: Input): Record<string, unknown> {
  const secret = theSecret(store, input);
  const text = needed(input, 'ResourcePolicy', 1, 20480);
  secret.policy = storePolicy(text, input.BlockPublicPolicy === true, store.resolvePrincipal);
  return changed(store, secret, identity(secret));
}

/** DeleteSecret: 7 to 30 days, 30 when nothing is said. */
function deleteSecret(store: SecretStore, input: Input): Record<string, unknown> {
  if (input.ForceDeleteWithoutRecovery) throw unemulated('ForceDeleteWithoutRecovery');
  const secret = theSecret(store, input);
  const days = (input.RecoveryWindowInDays ?? 30) as number;
  if (!Number.isInteger(days) || days < 7 || days > 30)
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  secret.deletedAt = store.clock.now();
  secret.deletionDate = secret.deletedAt + days * DAY;
  return { ...identity(secret), DeletionDate: new Date(secret.deletionDate) };
}

function listSecrets(store: SecretStore, input: Input): Record<string, unknown> {
  const all = input.IncludePlannedDeletion === true;
  const secrets = listed(store).filter(({ deletedAt }) => all || deletedAt === undefined);
  return { SecretList: secrets.map(listEntry) };
}

function listEntry(secret: Secret): Record<string, unknown> {
  const { VersionIdsToStages, ...rest } = describe(secret);
  return { ...rest, SecretVersionsToStages: VersionIdsToStages };
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
