// Looks at a user, one after the other, as sweeps and ticks take them.
import type { IamUser } from '../../src/domain/iam-user.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { type Instant, MINUTE } from '../../src/domain/time.ts';
import { NOW, oldKey, POLICY } from './given.ts';

export const ID = { account: '111122223333', userName: 'ci-deploy' };
export const ANA: Owner = { kind: 'person', slackId: 'U0ANA', from: 'ownerTag', timeZone: 'Europe/Madrid' };
/** What is seen counts when it is seen again this much later. */
export const QUARTER = 15 * MINUTE;

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    at: NOW,
    jobId: 'sweep-1',
    exists: true,
    userId: 'AIDACIDEPLOY000000001',
    arn: 'arn:aws:iam::111122223333:user/ci-deploy',
    owner: ANA,
    keys: [oldKey()],
    ...changes,
  };
}

/** Looks at a user again and again. */
export function looking(user: IamUser, changes: Partial<Snapshot>, ...moments: Instant[]): IamUser {
  let seen = user;
  for (const at of moments) seen = reconcile(ID, seen, snapshot({ ...changes, at }), POLICY);
  return seen;
}
