// Reads the members of the workspace, page by page, so that the night's work need not ask Slack for one after the other.
import { nameOf } from '../../domain/iam-user.ts';
import { HOUR } from '../../domain/time.ts';
import { ifRefused } from '../errors.ts';
import { inspection, type ReadPeopleJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';

/** A sweep that is asked for in between needs no new list. */
const READ_EVERY = 12 * HOUR;

/**
 * One page; the next is a job of its own, so that nothing waits for Slack's limits inside a function. Who has changed is
 * looked at with all they own. Safe to repeat: a look that a crash kept from being asked for follows from the next sweep,
 * which compares the records with what is written here.
 */
export async function readPeople(job: ReadPeopleJob, ports: Ports): Promise<void> {
  const { people, directory, jobs, log } = ports;
  const now = ports.now();
  if (job.cursor === undefined && now - ((await people.readAt()) ?? 0) < READ_EVERY) return;
  const page = await ifRefused(directory.members(job.cursor), (error) => {
    log.error('people.notRead', { jobId: job.id, error });
    return undefined;
  });
  if (!page) return;
  const noted = await Promise.all(page.people.map((person) => people.note(person, now)));
  for (const { slackId } of page.people.filter((_, i) => noted[i] === 'changed')) {
    const owned = await ports.users.ownedBy(slackId);
    await jobs.put(owned.map((user) => inspection(user, `${job.id}/${slackId}/${nameOf(user)}`)));
  }
  if (page.next === undefined) return people.saveReadAt(now);
  await jobs.put([{ kind: 'readPeople', id: `people/${page.next}`, cursor: page.next }]);
}
