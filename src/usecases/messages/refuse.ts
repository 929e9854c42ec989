// Says no to the person who asked. Whom Slack no longer knows cannot be told, and must not hold up the owner's presses.
import type { Refusal } from '../../domain/refusal.ts';
import { ifRefused } from '../errors.ts';
import type { Asker } from '../jobs.ts';
import type { Ports } from '../ports.ts';

export async function refuse(asker: Asker, refusal: Refusal, { messenger, log }: Ports): Promise<void> {
  const about = 'userName' in asker ? { account: asker.account, userName: asker.userName } : {};
  const facts = { personId: asker.personId, ...about, refusal: refusal.kind };
  const telling = messenger.refuse(asker, refusal).then(() => log.info('refusal.told', facts));
  await ifRefused(telling, (error) => log.warn('refusal.notTold', { ...facts, error }));
}
