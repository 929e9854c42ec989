// Brings the policies of stored secrets in line with SECRET_READERS: where the setting has changed, and once a week.
import { SECOND } from '../../domain/time.ts';
import { ifRefused, TryLater } from '../errors.ts';
import type { AdmitReadersJob } from '../jobs.ts';
import type { KeySecret, Ports } from '../ports.ts';
import { usersById } from '../shared/live-user.ts';
import { LISTED_AFTER_SECONDS } from '../shared/secrets-of-gone.ts';

/** A policy that names roles which do not exist takes a call for each reader. */
const ONE_TAKES_MS = 10 * SECOND;

/**
 * 1. list the secrets, whatever is on record of them. 2. write the policies that are for others than the setting names, or older than a week,
 * and restore what keyrotate itself had deleted of a user that lives: IAM's list may have been short when an admin pressed.
 * 3. try those again that left out somebody who may exist by now: as far as time allows, for it may be in vain each
 * night. Safe to repeat. A secret that AWS refuses to change keeps no other from it.
 */
export async function admitReaders({ account }: AdmitReadersJob, ports: Ports): Promise<void> {
  if (!ports.accounts.includes(account) || ports.policy(account).mode === 'preview') return;
  const secrets = await secretsToOpen(account, ports);
  if (secrets.length === 0) return;
  const users = await usersById(ports.keys(account));
  // The keys of a user that is gone went with it.
  for (const secret of secrets.filter(({ userId }) => users.has(userId))) {
    if (ports.timeLeft() < ONE_TAKES_MS) {
      if (secret.readers === 'todaysInPart') break;
      throw new TryLater(LISTED_AFTER_SECONDS, 'more secrets are to get other readers');
    }
    const arn = users.get(secret.userId)?.arn ?? '';
    await admit(secret, arn, ports);
  }
}

/** A role that AWS never knows must not keep the change of another from anybody: those come last. */
async function secretsToOpen(account: string, ports: Ports): Promise<KeySecret[]> {
  const [changed, inPart]: [KeySecret[], KeySecret[]] = [[], []];
  for await (const secret of ports.vault(account).secrets(account)) {
    if (secret.scheduledBy === '') continue; // by somebody in AWS; whoever restores it has it listed again
    if (secret.readers === 'others' || secret.scheduledBy) changed.push(secret);
    if (secret.readers === 'todaysInPart') inPart.push(secret);
  }
  return [...changed, ...inPart];
}

function admit(secret: KeySecret, arn: string, { vault, log }: Ports): Promise<void> {
  const { account, userName } = secret;
  return ifRefused(vault(account).admit(secret, arn), (error) =>
    log.warn('secret.readersNotAdmitted', { account, userName, error }),
  );
}
