// The steps of a rotation: where an owner stands, and what comes next.
import type { OpenStage, Stage } from '../../../../domain/transitions.ts';

const ROTATE = ['Create', 'Put in place', 'Turn off', 'Delete'] as const;
/** Where a second key leaves no room for a new one. */
const DECIDE = ['Decide', 'Put in place', 'Turn off', 'Delete'] as const;
const RETIRE = ['Turn off', 'Delete'] as const;

interface Standing {
  steps: readonly string[];
  at: number;
  /** What is to be done, after "Step 1 of 4:". */
  todo: string;
}

const STANDINGS: Record<OpenStage, Standing> = {
  due: { steps: ROTATE, at: 0, todo: 'create a new key' },
  postponed: { steps: ROTATE, at: 0, todo: 'create a new key when the time is over, or now' },
  issued: { steps: ROTATE, at: 1, todo: 'put the new key wherever the old one is used' },
  confirmed: { steps: ROTATE, at: 2, todo: 'turn off the old key' },
  deactivated: { steps: ROTATE, at: 3, todo: 'delete the old key' },
  retired: { steps: RETIRE, at: 1, todo: 'delete the key' },
};

/** `Step 1 of 4: *Create* → Put in place → …`. `hasOther`: a key that is neither the old nor the new one. */
export function stepLine(stage: OpenStage, hasOther: boolean): string {
  const { steps, at } = standing(stage, hasOther);
  const all = steps.map((step, index) => (index === at ? `*${step}*` : step));
  return `Step ${at + 1} of ${steps.length}: ${all.join(' → ')}`;
}

/** `Step 2 of 4: put the new key wherever the old one is used`. */
export function stepWords(stage: OpenStage, hasOther: boolean): string {
  const { steps, at, todo } = standing(stage, hasOther);
  return `Step ${at + 1} of ${steps.length}: ${todo}`;
}

function standing(stage: OpenStage, hasOther: boolean): Standing {
  const isBefore = stage === 'due' || stage === 'postponed';
  return isBefore && hasOther ? { steps: DECIDE, at: 0, todo: 'decide between its keys' } : STANDINGS[stage];
}

/** What has become of the key, for sentences: `the new key is ready`. */
export const STAGE_WORDS: Record<Stage, string> = {
  due: 'the key is waiting to be replaced',
  postponed: 'the rotation is put off',
  issued: 'the new key is ready, and both keys work',
  confirmed: 'the old key can be turned off',
  deactivated: 'the old key is off',
  retired: 'the key is off',
  deleted: 'the key is deleted',
  resolved: 'the key is gone from AWS',
};
