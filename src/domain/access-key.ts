// An IAM access key as AWS describes it, and the little that may be shown of its id.
import { type Instant, wholeDays } from './time.ts';

export type AccessKeyId = string;

/** AWS's StatusType. Only an Active key can sign requests. */
export type AccessKeyStatus = 'Active' | 'Inactive' | 'Expired';

/**
 * What GetAccessKeyLastUsed says. AWS notes the first use in each 15 minutes, and only the latest service.
 * `unknown` is a look-up that failed: it never counts as unused.
 */
export type LastUse =
  | { seen: 'never' }
  | { seen: 'used'; at: Instant; service: string; region?: string }
  | { seen: 'unknown' };

export interface AccessKey {
  id: AccessKeyId;
  status: AccessKeyStatus;
  createdAt: Instant;
  lastUse: LastUse;
}

/**
 * Where the key was last seen to send mail through SES; undefined: its last use was another. Mail programs know SES by a
 * password of its own, which is made of the secret key.
 */
export function mailRegion({ lastUse }: Pick<AccessKey, 'lastUse'>): string | undefined {
  return lastUse.seen === 'used' && lastUse.service === 'ses' ? lastUse.region : undefined;
}

/** The last four characters: enough to tell two keys apart, useless to a thief. */
export function ending(id: AccessKeyId): string {
  return id.slice(-4);
}

export function ageInDays(key: { createdAt: Instant }, now: Instant): number {
  return wholeDays(key.createdAt, now);
}

/** Oldest first by creation date. ListAccessKeys promises no order, so none is ever assumed. */
export function oldestFirst<K extends { id: string; createdAt: Instant }>(keys: readonly K[]): K[] {
  return [...keys].sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id));
}

export function findKey<K extends { id: string }>(keys: readonly K[], id: AccessKeyId): K | undefined {
  return keys.find((key) => key.id === id);
}

export function anyWorks(keys: readonly Pick<AccessKey, 'status'>[]): boolean {
  return keys.some(({ status }) => status === 'Active');
}
