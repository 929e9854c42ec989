// A press that was made in Home is answered there: Home is drawn anew, with whatever is said to the person on top.
import { ifFailed } from '../errors.ts';
import type { ClickJob, ShowJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Messenger, Ports } from '../ports.ts';
import type { Said, Told } from './home-page.ts';
import { drawHome } from './show-home.ts';

/** What was done stays done where Home cannot be drawn; a refusal then comes in the direct conversation. */
export function toldInHome<Job extends ClickJob | ShowJob>(
  useCase: (job: Job, ports: Ports) => Promise<void>,
): (job: Job, ports: Ports) => Promise<void> {
  return async (job, ports) => {
    if (!job.place.home) return useCase(job, ports);
    const told: Told[] = [];
    let drawnWith: number | undefined;
    const draw = async () => {
      const unseen = told.slice(drawnWith);
      drawnWith = told.length;
      if (await isDrawn(job, told, ports)) return;
      for (const { asker, refusal } of unseen) await refuse(asker, refusal, ports);
    };
    const held: Messenger['refuse'] = async (asker, refusal) => {
      // What is told of somebody else's press goes to them.
      if (asker.personId !== job.personId) return ports.messenger.refuse(asker, refusal);
      told.push({ asker, refusal });
      // What came of a move stands on the record until it is told: it would be lost if this broke off before the end.
      if (!asker.place.home) await draw();
    };
    await useCase(job, { ...ports, messenger: { ...ports.messenger, refuse: held } });
    if (drawnWith !== told.length) await draw();
  };
}

function isDrawn(job: ClickJob | ShowJob, told: readonly Told[], ports: Ports): Promise<boolean> {
  const drawing = saidOf(job, told, ports).then((said) => drawHome(job, undefined, said, ports));
  return ifFailed(
    drawing.then(() => true),
    (error) => {
      ports.log.warn('home.notDrawn', { personId: job.personId, jobId: job.id, error });
      return false;
    },
  );
}

async function saidOf(
  job: ClickJob | ShowJob,
  refused: readonly Told[],
  ports: Ports,
): Promise<Said | undefined> {
  if (refused.length > 0) return { kind: 'refused', refused };
  const user = job.kind === 'show' ? await ports.users.load(job) : undefined;
  return user && { kind: 'shown', user };
}
