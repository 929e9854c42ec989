// The first walk through one rotation: what to do next, told to whoever plays Ana.
import { keysOf, recordOf } from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';

export interface Hint {
  step: number;
  of: number;
  words: string;
}

const USER = 'ci-deploy';
const STEPS = [
  'You are Ana, and ci-deploy is yours. Press “Create new key”: nothing breaks, both keys work.',
  'The new key lies in the vault. Under AWS, fetch it with the old key, then let an application use the new one.',
  'Its applications have the new key. Press “I replaced it everywhere”.',
  'Press “Turn it off when quiet”, and let days pass until it is off: nothing more to do. “Keep it on” takes it back.',
  'The old key is off, and one press turns it back on. Let a week pass, then press “Delete for good”.',
  'That was all of it. Look at it as Sam, who runs it, or choose another scene.',
];

/** undefined for everybody but her, and where the story has taken another way. */
export async function hintFor(sandbox: Sandbox, person: string): Promise<Hint | undefined> {
  if (person !== sandbox.organisation.people.ana) return undefined;
  const { current, closed } = await recordOf(sandbox, USER);
  const step = stepOf(sandbox, current?.rotation?.stage ?? (closed.length > 0 ? 'over' : ''));
  const words = STEPS[step - 1];
  return words === undefined ? undefined : { step, of: STEPS.length, words };
}

function stepOf(sandbox: Sandbox, stage: string): number {
  const newKey = keysOf(sandbox, USER)[1];
  if (stage === 'issued') return newKey?.lastUsed ? 3 : 2;
  return { due: 1, confirmed: 4, deactivated: 5, deleted: 6, over: 6 }[stage] ?? 0;
}
