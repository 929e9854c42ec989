// Tells admins of a role in SECRET_READERS that AWS does not know: at once, and again while it stays so.
import { DAY } from '../../domain/time.ts';
import { ifFailed } from '../errors.ts';
import { channelRefused } from '../health/watch-health.ts';
import type { Ports } from '../ports.ts';

/** The setting is one for all IAM users of the account, and so is the message. It is worth no move, and no look. */
export async function tellOfReaders(
  account: string,
  unknown: readonly string[] = [],
  ports: Ports,
): Promise<void> {
  if (unknown.length > 0)
    await ifFailed(tell(account, unknown, ports), async (error) => {
      ports.log.warn('admins.notToldOfReaders', { account, error });
      if (error.outcome === 'refused') await channelRefused(error, ports);
    });
}

async function tell(account: string, unknown: readonly string[], ports: Ports): Promise<void> {
  const told = await ports.records.unknownReaders(account);
  const again = ports.now() - ports.policy(account).escalateDays * DAY;
  if (told && told.at > again && unknown.every((reader) => told.readers.includes(reader))) return;
  await ports.messenger.tellOfReaders(account, unknown);
  await ports.records.saveUnknownReaders({ account, readers: [...unknown], at: ports.now() });
}
