// A secret's versions and the staging labels that travel between them.
import { AwsError } from './service.ts';

export interface SecretVersion {
  value: string;
  stages: Set<string>;
  createdAt: number;
  lastAccessed?: number;
}

/** By version id, oldest first. */
export type SecretVersions = Map<string, SecretVersion>;

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** "AWS Secrets Manager quotas": staging labels attached across all versions. */
const MAX_LABELS = 20;
/** PutSecretValue: the token becomes the version id; the same token and value again does nothing, another value fails. */
export function addVersion(
  versions: SecretVersions,
  { id, value, stages, now }: { id: string; value: string; stages?: string[] | undefined; now: number },
): void {
  const known = versions.get(id);
  if (known && known.value !== value)
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because a version with the token ${id} already exists with another value.`,
    );
  if (known) return;
  // "If this operation creates the first version, Secrets Manager automatically attaches AWSCURRENT to it."
  const labels = versions.size === 0 ? [...(stages ?? []), CURRENT] : (stages ?? [CURRENT]);
  refuseTooManyLabels(versions, labels);
  versions.set(id, { value, stages: new Set(), createdAt: now });
  for (const label of labels) attach(versions, label, id);
}

/** GetSecretValue: by id, by label, by both when they agree; AWSCURRENT when nothing is said. */
export function pickVersion(
  versions: SecretVersions,
  { id, stage }: { id?: string | undefined; stage?: string | undefined },
): [string, SecretVersion] {
  const wanted = id ?? holderOf(versions, stage ?? CURRENT);
  const version = wanted === undefined ? undefined : versions.get(wanted);
  if (wanted === undefined || !version) {
    const what = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`;
    throw notFound(`the specified secret value for ${what}`);
  }
  if (stage !== undefined && !version.stages.has(stage))
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  return [wanted, version];
}

/** UpdateSecretVersionStage: "if the label is attached and RemoveFromVersionId is absent or does not match, the operation fails". */
export function removeStage(versions: SecretVersions, stage: string, from: string | undefined): void {
  if (from === undefined) throw invalid('You must specify RemoveFromVersionId, MoveToVersionId, or both.');
  const version = versions.get(from);
  if (!version) throw notFound(`the specified secret value for VersionId: ${from}`);
  if (!version.stages.has(stage))
    throw invalid(
      `If you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${stage}.`,
    );
  if (stage === CURRENT)
    throw invalid(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    );
  version.stages.delete(stage);
}

/** A label sits on one version only; AWSPREVIOUS goes to the version that AWSCURRENT leaves. */
function attach(versions: SecretVersions, label: string, id: string): void {
  const holder = holderOf(versions, label);
  if (holder === id) return;
  if (holder !== undefined) versions.get(holder)?.stages.delete(label);
  versions.get(id)?.stages.add(label);
  if (label === CURRENT && holder !== undefined) attach(versions, PREVIOUS, holder);
}

function holderOf(versions: SecretVersions, label: string): string | undefined {
  for (const [id, { stages }] of versions) if (stages.has(label)) return id;
  return undefined;
}

function refuseTooManyLabels(versions: SecretVersions, more: string[]): void {
  const labels = new Set([...versions.values()].flatMap(({ stages }) => [...stages]).concat(more));
  if (versions.size > 0 && more.includes(CURRENT)) labels.add(PREVIOUS);
  if (labels.size > MAX_LABELS)
    throw new AwsError('LimitExceededException', `A secret can have at most ${MAX_LABELS} staging labels.`);
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
