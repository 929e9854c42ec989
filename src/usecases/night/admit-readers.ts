// Brings the policy of an IAM user's secret in line with SECRET_READERS, where the setting has changed.
import type { IamUser } from '../../domain/iam-user.ts';
import { mustAdmit } from '../../domain/secret-readers.ts';
import { ifFailed } from '../errors.ts';
import { tellOfReaders } from '../messages/tell-of-readers.ts';
import type { Ports } from '../ports.ts';

/** @param user as IAM has it now. A vault that does not answer stops nothing: the next night tries again. */
export async function admitReaders(user: IamUser, ports: Ports): Promise<IamUser> {
  const { account, userName } = user;
  const vault = ports.vault(account);
  if (ports.policy(account).mode === 'preview' || !mustAdmit(user, vault.readers(account))) return user;
  const secretReaders = await ifFailed(vault.admit(user), (error) => {
    ports.log.warn('secret.readersNotAdmitted', { account, userName, error });
    return undefined;
  });
  if (!secretReaders) return user;
  const admitted = await ports.users.save({ ...user, secretReaders });
  await tellOfReaders(admitted, ports);
  return admitted;
}
