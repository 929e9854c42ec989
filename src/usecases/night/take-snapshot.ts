// Gathers what IAM, Slack, the vault and the nightly reports say now of one IAM user.
import { readExemption } from '../../domain/exemption.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { type Owner, tagCalled } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { historyIn, shardOf } from '../../domain/usage-ledger.ts';
import { ifFailed, type OutsideError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { findOwner } from '../shared/find-owner.ts';
import type { LiveUser } from '../shared/live-user.ts';
import { secretOpened } from '../shared/secret-opened.ts';

/** @param user as the table knows it, @param live as IAM does: at least one of them does. */
export async function takeSnapshot(
  user: IamUser | undefined,
  live: LiveUser | undefined,
  job: { id: string; account: string; userName: string },
  ports: Ports,
): Promise<Snapshot> {
  const at = ports.now();
  // The link was not made for a user recreated under the name.
  const known = live && user && live.userId !== user.userId ? undefined : user;
  const exempt = readExemption(live && tagCalled(ports.ownerTags.exemptTag, live.tags), at);
  // While a rotation is open each snapshot adds to what was learnt when it opened. Of a recreated user, last night's
  // report may still tell of the one before.
  const isAsked = live && !isOpen(user?.rotation) && known === user;
  const ledger = isAsked ? await ports.records.ledger(job.account, shardOf(job.userName)) : undefined;
  const usageHistory = ledger && historyIn(ledger, job.userName);
  const unowned: Owner = { kind: 'nobody', why: 'none', named: [] };
  return {
    at,
    jobId: job.id,
    exists: live !== undefined,
    userId: live?.userId ?? user?.userId ?? '',
    arn: live?.arn ?? user?.arn ?? '',
    owner: live
      ? await findOwner({ userName: job.userName, tags: live.tags }, known, ports)
      : (user?.owner ?? unowned),
    keys: live?.keys ?? [],
    ...(exempt && { exempt }),
    ...(user && (await inTheVault(user, ports))),
    ...(usageHistory && { usageHistory }),
  };
}

/** A vault that does not answer stops nothing: the rest of the snapshot is worth having. */
async function inTheVault(user: IamUser, ports: Ports): Promise<Pick<Snapshot, 'secretOpenedOn' | 'stored'>> {
  const { account, userName } = user;
  const unanswered = (error: OutsideError) =>
    ports.log.warn('vault.unanswered', { account, userName, error });
  const opened = await secretOpened(user, ports);
  const storing = user.stranded.length > 0 && ports.vault(account).storedKeys(user);
  const stored = storing && (await ifFailed(storing, unanswered));
  return {
    ...opened,
    ...(stored && { stored: [...stored.keys()] }),
  };
}
