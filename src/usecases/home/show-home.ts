// Draws somebody's Home: when they open it, when an admin looks further, and after a press that was made there.
import { ifRefused, isAboutPeople } from '../errors.ts';
import type { Asker, CommandJob, HomeLook } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { gatherHome } from './gather-home.ts';
import type { HomePage, Said } from './home-page.ts';

export async function showHome(job: CommandJob, look: HomeLook | undefined, ports: Ports): Promise<void> {
  // Where Slack says no there is nothing to tell anybody, and it is drawn when it is opened again.
  await ifRefused(drawHome(job, look, [], ports), (error) => {
    ports.log.warn('home.refused', { personId: job.personId, jobId: job.id, error });
  });
}

/**
 * Two jobs may draw it at once, and the one that looked first come last: what is drawn over is looked at anew.
 * Throws OutsideError.
 */
export async function drawHome(
  asker: Asker,
  look: HomeLook | undefined,
  said: readonly Said[],
  ports: Ports,
): Promise<void> {
  const { personId, place } = asker;
  const draw = async (hash?: string) =>
    ports.messenger.publishHome(personId, await pageFor(asker, look, said, ports), hash);
  if ((await draw(place.home?.hash)) === 'changedMeanwhile') await draw();
}

function pageFor(
  asker: Asker,
  look: HomeLook | undefined,
  said: readonly Said[],
  ports: Ports,
): Promise<HomePage> {
  return ifRefused(gatherHome(asker, look, said, ports), (error): HomePage => {
    if (!isAboutPeople(error)) throw error;
    return { kind: 'barred', at: ports.now(), refusal: { kind: 'slackRefused', code: error.code } };
  });
}
