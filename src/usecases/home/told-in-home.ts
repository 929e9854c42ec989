// A press that was made in Home is answered there: Home is drawn anew, with whatever is said to the person on top.
import type { Refusal } from '../../domain/refusal.ts';
import { ifFailed } from '../errors.ts';
import type { ClickJob, ShowJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Messenger, Ports } from '../ports.ts';
import type { Said } from './home-page.ts';
import { drawHome } from './show-home.ts';

/** What was done stays done where Home cannot be drawn; a refusal then comes in the direct conversation. */
export function toldInHome<Job extends ClickJob | ShowJob>(
  useCase: (job: Job, ports: Ports) => Promise<void>,
): (job: Job, ports: Ports) => Promise<void> {
  return async (job, ports) => {
    if (!job.place.home) return useCase(job, ports);
    let refusal: Refusal | undefined;
    const held: Messenger['refuse'] = async (asker, why) => {
      if (asker.place.home) refusal = why;
      else await ports.messenger.refuse(asker, why);
    };
    await useCase(job, { ...ports, messenger: { ...ports.messenger, refuse: held } });
    const isDrawn = await ifFailed(
      saidOf(job, refusal, ports)
        .then((said) => drawHome(job, undefined, said, ports))
        .then(() => true),
      (error) => {
        ports.log.warn('home.notDrawn', { personId: job.personId, jobId: job.id, error });
        return false;
      },
    );
    if (!isDrawn && refusal) await refuse(job, refusal, ports);
  };
}

async function saidOf(
  job: ClickJob | ShowJob,
  refusal: Refusal | undefined,
  ports: Ports,
): Promise<Said | undefined> {
  if (refusal) return { kind: 'refused', asker: job, refusal };
  const user = job.kind === 'show' ? await ports.users.load(job) : undefined;
  return user && { kind: 'shown', user };
}
