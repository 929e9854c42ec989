// What can be typed, with examples that work for whoever reads them; admins' commands are for admins alone.
import type { IamUser } from '../../domain/iam-user.ts';
import { ifFailed } from '../errors.ts';
import type { CommandJob, Unclear } from '../jobs.ts';
import type { Ports } from '../ports.ts';

export async function explain(job: CommandJob, unclear: Unclear | undefined, ports: Ports): Promise<void> {
  // Only what is shown depends on it: each command asks for itself who may use it.
  const isAdmin = await ifFailed(ports.directory.isAdmin(job.personId), () => false);
  const example = await exampleFor(job.personId, isAdmin, ports);
  await ports.messenger.answerHelp(job, {
    isAdmin,
    ...(example && { example }),
    ...(unclear && { unclear }),
  });
}

/** One of their own; an admin's commands take any. */
async function exampleFor(personId: string, isAdmin: boolean, ports: Ports): Promise<IamUser | undefined> {
  const own = await ports.users.ownedBy(personId);
  const known = own.find(({ account }) => ports.accounts.includes(account));
  if (known || !isAdmin) return known;
  for (const account of ports.accounts) for await (const user of ports.users.listed(account)) return user;
  return undefined;
}
