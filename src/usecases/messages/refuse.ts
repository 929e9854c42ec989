// Says no to the person who asked. Whom Slack no longer knows cannot be told, and must not hold up the owner's presses.
import type { Refusal } from '../../domain/refusal.ts';
import { OutsideError } from '../errors.ts';
import type { Asker, Ports } from '../ports.ts';

export async function refuse(
  asker: Asker,
  refusal: Refusal,
  { messenger, log }: Pick<Ports, 'messenger' | 'log'>,
): Promise<void> {
  try {
    await messenger.refuse(asker, refusal);
  } catch (error) {
    if (!(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
    log.warn('refusal.notTold', { ...aboutWhom(asker), refusal: refusal.kind, error });
  }
}

function aboutWhom(asker: Asker) {
  const { personId } = asker;
  return 'userName' in asker ? { personId, account: asker.account, userName: asker.userName } : { personId };
}
