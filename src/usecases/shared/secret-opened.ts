// On which day the new key's secret was last opened, where there is one.
import type { IamUser } from '../../domain/iam-user.ts';
import { secretHolder } from '../../domain/rename.ts';
import { isOpen, replacementOf } from '../../domain/rotation.ts';
import { ifFailed } from '../errors.ts';
import type { Ports } from '../ports.ts';

/** A vault that does not answer stops nothing: what is on record stays. */
export async function secretOpened(user: IamUser, ports: Ports): Promise<Pick<IamUser, 'secretOpenedOn'>> {
  const { account, userName, rotation } = user;
  if (!isOpen(rotation) || replacementOf(rotation)?.kind !== 'created') return {};
  const asked = ports.vault(account).lastOpened(secretHolder(user));
  const secretOpenedOn = await ifFailed(asked, (error) =>
    ports.log.warn('vault.unanswered', { account, userName, error }),
  );
  return secretOpenedOn === undefined ? {} : { secretOpenedOn };
}
