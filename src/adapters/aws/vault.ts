// One secret per IAM user in Secrets Manager, a version per access key. Nothing here reads a value.
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  RestoreSecretCommand,
  type SecretListEntry,
  type SecretsManagerClient,
  type Tag,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { AccessKeyId } from '../../domain/access-key.ts';
import { fingerprint } from '../../domain/fingerprint.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { isSince } from '../../domain/overtaken.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { holderAt, RECOVERY_DAYS, type SecretHolder, vaultPath } from '../../domain/vault-path.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Deletion, KeySecret, NewKey, ReplacedKey, Vault } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';
import { smtpPassword } from './smtp-password.ts';
import { type Labels, labelsToRemove, storedKeys } from './vault-labels.ts';
import { readersOf, vaultPolicy } from './vault-policy.ts';

export interface VaultSettings {
  /** Reads, and never a value. */
  client: SecretsManagerClient;
  /** Changes the secret at one path. */
  changing(path: string): SecretsManagerClient;
  /** SECRET_PREFIX. */
  prefix: string;
  /** ARNs of the roles that may read, besides the user; only those of a user's own account count for it. */
  readers: readonly string[];
  /** The AWS managed key when left out. */
  kmsKeyId?: string | undefined;
  now(): Instant;
}

export function secretsManagerVault(settings: VaultSettings): Vault {
  const { client, changing, prefix } = settings;
  const path = (holder: SecretHolder) => vaultPath(prefix, holder);
  return {
    prepare: (user) => prepare(settings, path(user), user),
    secrets: (account) => secrets(settings, account),
    async admit(secret, arn) {
      if (secret.scheduledBy) await restore(changing(path(secret)), path(secret));
      return letIn(settings, path(secret), { ...secret, arn });
    },
    scheduleDeletion: (secret, deletion) => scheduleDeletion(settings, path(secret), secret, deletion),
    store: (user, key, replaced, token) =>
      store(changing(path(user)), path(user), token, keyFile(user, key, replaced)),
    lastOpened: async (user) => (await describe(client, path(user)))?.LastAccessedDate?.getTime(),
    storedKeys: async (user) => storedKeys((await describe(client, path(user)))?.VersionIdsToStages ?? {}),
  };
}

/** 1. the secret is there, empty or not, under the right KMS key. 2. its policy is today's. 3. a label is free. */
async function prepare(settings: VaultSettings, path: string, user: IamUser): Promise<void> {
  const { client, changing, kmsKeyId } = settings;
  const found = await describe(client, path);
  // What is stored goes under the secret's own key, and this role has rights on the configured one only.
  if (found && kmsKeyName(found.KmsKeyId) !== kmsKeyName(kmsKeyId))
    throw new OutsideError('refused', 'DescribeSecret', 'SecretUnderAnotherKmsKey');
  // With its deletion pending nothing could be stored. Earlier keys are in it, too.
  if (found?.DeletedDate) await restore(changing(path), path);
  const tags = found ? found.Tags : await createEmpty(settings, path, user);
  await letIn(settings, path, user, tags);
  await freeLabel(changing(path), path, found?.VersionIdsToStages ?? {}, user);
}

async function restore(client: SecretsManagerClient, SecretId: string): Promise<void> {
  await calling('RestoreSecret', client.send(new RestoreSecretCommand({ SecretId })));
}

/** AWS lists up to a hundred at once, and the filter takes the beginning of a name. */
async function* secrets(settings: VaultSettings, account: string): AsyncIterable<KeySecret> {
  const { client, prefix } = settings;
  const beginning = { Key: 'name' as const, Values: [`${prefix}/${account}/`] };
  const pages = paginateListSecrets(
    { client, pageSize: 100 },
    { Filters: [beginning], IncludePlannedDeletion: true },
  );
  for (;;) {
    const page = await calling('ListSecrets', pages.next());
    if (page.done) return;
    for (const entry of page.value.SecretList ?? []) yield* listed(settings, entry);
  }
}

function listed(
  settings: VaultSettings,
  { Name = '', CreatedDate, DeletedDate, Tags }: SecretListEntry,
): KeySecret[] {
  const holder = holderAt(settings.prefix, Name);
  if (!holder) return [];
  const deletion = deletionNoted(Tags);
  return [
    {
      ...holder,
      createdAt: CreatedDate?.getTime() ?? 0,
      readers: writtenFor(Tags, readersOf(holder.account, settings.readers), settings.now()),
      isOurs: isTaggedFor(holder, Name, Tags),
      ...(DeletedDate && { scheduledBy: tagIn(Tags, DELETION_TAG) ?? '' }),
      ...(deletion && { noted: deletion }),
    },
  ];
}

/** With which job a deletion was scheduled, and when. They stay on a secret that is restored. */
const DELETION_TAG = 'keyrotate:deleted-by';
const DELETION_AT_TAG = 'keyrotate:deleted-at';

function deletionNoted(tags?: readonly Tag[]): KeySecret['noted'] {
  const jobId = tagIn(tags, DELETION_TAG);
  if (jobId === undefined) return undefined;
  // An earlier version noted no time.
  return { jobId, at: Date.parse(tagIn(tags, DELETION_AT_TAG) ?? '') || 0 };
}

/**
 * The list may lag, and somebody else may be at it: AWS is asked about this one before it is changed. Where a try broke
 * off between the note and the deletion, it passes for restored: nobody can tell, and the next press deletes it.
 */
async function scheduleDeletion(
  { client, changing }: VaultSettings,
  SecretId: string,
  secret: SecretHolder,
  { jobId, askedAt, at }: Deletion,
): Promise<'scheduled' | 'gone' | 'notOurs' | 'restored'> {
  const found = await describe(client, SecretId);
  if (!found) return 'gone';
  const noted = deletionNoted(found.Tags);
  const isOwn = noted?.jobId === jobId;
  if (found.DeletedDate) return isOwn ? 'scheduled' : 'gone';
  if (!isTaggedFor(secret, SecretId, found.Tags)) return 'notOurs';
  if (isOwn || isSince(noted?.at, askedAt)) return 'restored';
  const Tags = [
    { Key: DELETION_TAG, Value: jobId },
    { Key: DELETION_AT_TAG, Value: new Date(at).toISOString() },
  ];
  await calling('TagResource', changing(SecretId).send(new TagResourceCommand({ SecretId, Tags })));
  const remove = new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: RECOVERY_DAYS });
  await calling('DeleteSecret', changing(SecretId).send(remove));
  return 'scheduled';
}

/** Escaped as in the path: a comma is no character for a tag ("Tag naming limits and requirements"). */
function tagsFor({ account }: SecretHolder, path: string): Tag[] {
  return [
    { Key: 'keyrotate:account', Value: account },
    { Key: 'keyrotate:iam-user', Value: path.split('/').at(-2) ?? '' },
  ];
}

function isTaggedFor(holder: SecretHolder, path: string, tags?: readonly Tag[]): boolean {
  return tagsFor(holder, path).every(({ Key = '', Value }) => tagIn(tags, Key) === Value);
}

/** Whom the policy is for, and since which day, so that a change is seen without reading it: `1x7z 2026-11-16`. */
const READERS_TAG = 'keyrotate:readers';

/**
 * AWS keeps a role in a policy by its unique id: one that was made anew under its ARN is let in by the next policy only.
 * Two containers with different settings may also write at once, and then the tag is true of one of them.
 */
const WRITTEN_ANEW_AFTER = 7 * DAY;

/** Stands there meanwhile: whatever breaks off is found, and done again. */
const BEING_WRITTEN = 'being written';

function readersNoted(readers: readonly string[], isWhole: boolean, now: Instant): string {
  const day = new Date(now).toISOString().slice(0, 10);
  return `${fingerprint(readers.toSorted())} ${isWhole ? '' : 'in part '}${day}`;
}

function writtenFor(
  tags: readonly Tag[] | undefined,
  readers: readonly string[],
  now: Instant,
): KeySecret['readers'] {
  const [, noted, part, day = ''] = /^(\w+) (in part )?([\d-]+)$/.exec(tagIn(tags, READERS_TAG) ?? '') ?? [];
  if (noted !== fingerprint(readers.toSorted())) return 'others';
  if (part) return 'todaysInPart';
  return now - Date.parse(day) < WRITTEN_ANEW_AFTER ? 'todays' : 'others';
}

function tagIn(tags: readonly Tag[] = [], name: string): string | undefined {
  return tags.find(({ Key }) => Key === name)?.Value;
}

/** Whom a policy is about. */
type Holder = Pick<IamUser, 'account' | 'userId' | 'arn'>;

/**
 * AWS refuses a policy that names a role which does not exist, and does not say which. So the secret is opened to one
 * reader after the other, as far as AWS takes it: at no moment to more than are configured. `tags`: those that the secret
 * is known to have.
 */
async function letIn(
  { changing, readers, now }: VaultSettings,
  path: string,
  user: Holder,
  tags?: readonly Tag[],
): Promise<void> {
  const client = changing(path);
  const named = readersOf(user.account, readers);
  let noted = tagIn(tags, READERS_TAG);
  const note = async (Value: string) => {
    if (noted === Value) return;
    const tag = new TagResourceCommand({ SecretId: path, Tags: [{ Key: READERS_TAG, Value }] });
    await calling('TagResource', client.send(tag));
    noted = Value;
  };
  const isNoted = writtenFor(tags, named, now()) === 'todays';
  if (!isNoted) await note(BEING_WRITTEN);
  if (await isTaken(client, path, user, named)) {
    if (!isNoted) await note(readersNoted(named, true, now()));
    return;
  }
  await note(BEING_WRITTEN);
  const known: string[] = [];
  for (const reader of named) if (await isTaken(client, path, user, [...known, reader])) known.push(reader);
  if (known.length === 0) await closeToAllBut(client, path, user, known);
  await note(readersNoted(named, false, now()));
}

/** Whether AWS knows all of the readers. Without any, a refusal is about the user. */
async function isTaken(
  client: SecretsManagerClient,
  path: string,
  user: Holder,
  readers: readonly string[],
): Promise<boolean> {
  try {
    await closeToAllBut(client, path, user, readers);
    return true;
  } catch (error) {
    const isOfReaders = error instanceof OutsideError && error.code === 'MalformedPolicyDocument';
    if (!isOfReaders || readers.length === 0) throw error;
    return false;
  }
}

async function closeToAllBut(
  client: SecretsManagerClient,
  path: string,
  user: Holder,
  readers: readonly string[],
): Promise<void> {
  const policy = new PutResourcePolicyCommand({
    SecretId: path,
    ResourcePolicy: JSON.stringify(vaultPolicy(user, readers)),
    BlockPublicPolicy: true,
  });
  await calling('PutResourcePolicy', client.send(policy));
}

function describe(
  client: SecretsManagerClient,
  SecretId: string,
): Promise<DescribeSecretCommandOutput | undefined> {
  const question = client.send(new DescribeSecretCommand({ SecretId }));
  return callingUnless(['ResourceNotFound'], 'DescribeSecret', question);
}

/** A key may be given as an ARN, an id or an alias; DescribeSecret leaves AWS's own out. */
function kmsKeyName(kmsKeyId = 'alias/aws/secretsmanager'): string | undefined {
  return kmsKeyId.split('/').at(-1);
}

async function createEmpty(
  { changing, kmsKeyId }: VaultSettings,
  path: string,
  holder: SecretHolder,
): Promise<Tag[]> {
  const Tags = [...tagsFor(holder, path), { Key: READERS_TAG, Value: BEING_WRITTEN }];
  const create = new CreateSecretCommand({
    Name: path,
    Description: `Access keys of the IAM user ${holder.userName}, put here by keyrotate.`,
    Tags,
    ...(kmsKeyId && { KmsKeyId: kmsKeyId }),
  });
  // A lost answer makes the SDK ask again, and then the secret is there already.
  await callingUnless(['ResourceExists'], 'CreateSecret', changing(path).send(create));
  return Tags;
}

async function freeLabel(
  client: SecretsManagerClient,
  SecretId: string,
  labels: Labels,
  user: IamUser,
): Promise<void> {
  const removable = labelsToRemove(labels, user);
  if (removable === 'none') throw new OutsideError('refused', 'UpdateSecretVersionStage', 'NoLabelFree');
  for (const [VersionStage, RemoveFromVersionId] of removable) {
    const move = new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId });
    await calling('UpdateSecretVersionStage', client.send(move));
  }
}

/** The token becomes the version's id, so the SDK may well repeat this: the same token and value are stored once. */
async function store(
  client: SecretsManagerClient,
  SecretId: string,
  token: string,
  file: { AccessKeyId: AccessKeyId },
): Promise<string> {
  const put = new PutSecretValueCommand({
    SecretId,
    ClientRequestToken: token,
    VersionStages: ['AWSCURRENT', file.AccessKeyId],
    SecretString: JSON.stringify(file),
  });
  const { VersionId = token } = await calling('PutSecretValue', client.send(put));
  return VersionId;
}

/** What `credential_process` in an AWS profile expects (AWS SDKs and Tools Reference, "Process credential provider"), and more. */
function keyFile({ account, userName }: SecretHolder, key: NewKey, replaced: ReplacedKey) {
  const secret = key.secret.reveal();
  const { id, mailRegion } = replaced;
  return {
    Version: 1,
    AccessKeyId: key.id,
    SecretAccessKey: secret,
    UserName: userName,
    AccountId: account,
    CreatedAt: new Date(key.createdAt).toISOString(),
    ReplacesKeyId: id,
    ...(mailRegion !== undefined && {
      SmtpPassword: smtpPassword(secret, mailRegion),
      SmtpRegion: mailRegion,
    }),
  };
}
