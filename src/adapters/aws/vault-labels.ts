// The staging labels of a secret: one for each key it holds, of which AWS allows twenty.
import type { AccessKeyId } from '../../domain/access-key.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { replacementOf } from '../../domain/rotation.ts';

/** DescribeSecret's VersionIdsToStages. */
export type Labels = Readonly<Record<string, readonly string[]>>;

/** "AWS Secrets Manager quotas": staging labels across all versions of a secret. */
const MAX_LABELS = 20;

/** IAM User Guide, "IAM identifiers": AKIA for access keys. */
const KEY_ID = /^AKIA[A-Z0-9]{12,124}$/;

/** The keys whose secrets are stored, and in which version. */
export function storedKeys(labels: Labels): Map<AccessKeyId, string> {
  return new Map(
    Object.entries(labels).flatMap(([version, stages]) =>
      stages.filter((stage) => KEY_ID.test(stage)).map((stage): [string, string] => [stage, version]),
    ),
  );
}

/**
 * The labels to remove so that one more fits; 'none' when that takes labels of keys that may still live.
 * Storing attaches AWSCURRENT and AWSPREVIOUS too, so they count as taken from the start.
 */
export function labelsToRemove(labels: Labels, user: IamUser): Map<AccessKeyId, string> | 'none' {
  const taken = new Set(['AWSCURRENT', 'AWSPREVIOUS', ...Object.values(labels).flat()]);
  const surplus = Math.max(0, taken.size + 1 - MAX_LABELS);
  const kept = keysThatMayLive(user);
  const removable = [...storedKeys(labels)].filter(([keyId]) => !kept.has(keyId));
  return removable.length < surplus ? 'none' : new Map(removable.slice(0, surplus));
}

/** The rotation's own keys count even when IAM does not list them: its lists lag. */
function keysThatMayLive({ keys, stranded, rotation }: IamUser): Set<AccessKeyId> {
  const own = rotation ? [rotation.oldKeyId, replacementOf(rotation)?.keyId ?? ''] : [];
  return new Set([...keys.map(({ id }) => id), ...stranded, ...own]);
}
