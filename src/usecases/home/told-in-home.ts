// A press that was made in Home is answered there: Home is drawn anew, with whatever is said to the person on top.
import { ifFailed } from '../errors.ts';
import type { SlackJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Messenger, Ports } from '../ports.ts';
import type { Said } from './home-page.ts';
import { drawHome } from './show-home.ts';

interface Told {
  said: Said;
  /** Where Home cannot be drawn. */
  elsewhere: () => Promise<void>;
}

/** What was done stays done where Home cannot be drawn; what is said then comes in the direct conversation. */
export function toldInHome<Job extends SlackJob>(
  useCase: (job: Job, ports: Ports) => Promise<void>,
): (job: Job, ports: Ports) => Promise<void> {
  return async (job, ports) => {
    if (!job.place.home) return useCase(job, ports);
    const told: Told[] = [];
    let drawnWith: number | undefined;
    const draw = async () => {
      const unseen = told.slice(drawnWith);
      drawnWith = told.length;
      if (!(await isDrawn(job, told, ports))) for (const { elsewhere } of unseen) await elsewhere();
    };
    await useCase(job, { ...ports, messenger: held(job, ports, told, draw) });
    if (drawnWith !== told.length) await draw();
  };
}

/** What would be answered is kept for Home. */
function held(job: SlackJob, ports: Ports, told: Told[], draw: () => Promise<void>): Messenger {
  const { messenger } = ports;
  const hold = async (said: Said, elsewhere: Told['elsewhere']) => {
    told.push({ said, elsewhere });
  };
  return {
    ...messenger,
    refuse: async (asker, refusal) => {
      const isOfRecord = !asker.place.home;
      // Somebody else's press; or one of many, which another delivery of this job would draw over.
      if (isOfRecord && (asker.personId !== job.personId || job.kind === 'command'))
        return messenger.refuse(asker, refusal);
      await hold({ kind: 'refused', asker, refusal }, () => refuse(asker, refusal, ports));
      // What came of a move stands on the record until it is told: it would be lost if this broke off before the end.
      if (isOfRecord) await draw();
    },
    answerShown: (asker, user) => hold({ kind: 'shown', user }, () => messenger.answerShown(asker, user)),
    answerHistory: (one, history) =>
      hold({ kind: 'history', history }, () => messenger.answerHistory(one, history)),
    answerHow: (one, user, tool) =>
      hold({ kind: 'how', user, tool }, () => messenger.answerHow(one, user, tool)),
    answerPressedMany: (one, pressed) =>
      hold({ kind: 'pressedMany', pressed }, () => messenger.answerPressedMany(one, pressed)),
  };
}

function isDrawn(job: SlackJob, told: readonly Told[], ports: Ports): Promise<boolean> {
  const drawing = drawHome(
    job,
    undefined,
    told.map(({ said }) => said),
    ports,
  );
  return ifFailed(
    drawing.then(() => true),
    (error) => {
      ports.log.warn('home.notDrawn', { personId: job.personId, jobId: job.id, error });
      return false;
    },
  );
}
