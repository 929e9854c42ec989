// What AWS says about a key's use, in words. A look-up that failed is never told as "not used".
import type { AccessKey, LastUse } from '../../../../domain/access-key.ts';
import type { Instant } from '../../../../domain/time.ts';
import { code } from '../../escape.ts';
import { ago } from '../shared/dates.ts';

type Used = Extract<LastUse, { seen: 'used' }>;

const UNKNOWN = 'use unknown, AWS did not answer';

/** `2 hours ago: s3, eu-west-1`. */
export function useWords({ at, service, region }: Omit<Used, 'seen'>): string {
  return `${ago(at)}: ${code(service, 40)}${region ? `, ${code(region, 40)}` : ''}`;
}

/** A key that nothing replaces yet. */
export function dueKeyUse(key: AccessKey): string {
  return offFirst(key, (use) => `last used ${useWords(use)}`, 'never used');
}

/** Whoever only asks sts who they are is trying the key out. */
export function newKeyUse(key: AccessKey): string {
  const words = (use: Used) => `${use.service === 'sts' ? 'tested' : 'last used'} ${useWords(use)}`;
  return offFirst(key, words, 'not used yet');
}

export function oldKeyUse(key: AccessKey, newKeySince?: Instant): string {
  const words = (use: Used) => `last used ${useWords(use)}${perhapsFetching(use, newKeySince)}`;
  return offFirst(key, words, 'never used');
}

/** The old key can fetch the new one's secret, and doing so is a use of it. */
export function perhapsFetching(use: Pick<Used, 'at' | 'service'>, newKeySince?: Instant): string {
  const isFetching = newKeySince !== undefined && use.at >= newKeySince && use.service === 'secretsmanager';
  return isFetching ? ' (probably you, fetching the new key)' : '';
}

function offFirst({ status, lastUse: use }: AccessKey, used: (use: Used) => string, never: string): string {
  const words = use.seen === 'used' ? used(use) : use.seen === 'never' ? never : UNKNOWN;
  return status === 'Active' ? words : `off, ${words}`;
}
