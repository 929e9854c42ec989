// Two things at once: whatever else may happen is made to happen at each call of a move, while that call is held back.

import { inSecond, type Scene } from './fault-scenes.ts';
import { anHour, interfere, type World } from './fault-world.ts';
import { INTRUSIONS, type Intrusion, type Moment } from './intrusions.ts';
import { broken, takeStock } from './invariants.ts';
import { type CallMade, deedsOf, keysOfBystander, type Rehearsed, sweeps } from './seams.ts';
import { isBots, numbering } from './strike.ts';
import { setUp } from './world-backup.ts';

type Name = keyof typeof INTRUSIONS;

const ANYWHERE: readonly Name[] = ['again', 'press', 'inspect', 'takeover', 'oldKeyGone'];
const ON_THE_USER: readonly Name[] = ['rename', 'recreate', 'tag'];

/**
 * The moves that change AWS, a sweep, and whatever sends a card, each with what can come of it: a key that is on is not
 * turned on again.
 */
const RACED: Record<string, readonly Name[]> = {
  createKey: [
    ...ANYWHERE,
    ...(['fifty', 'adminsPress', 'assign', 'sweep', 'oldKeyOff', 'newKey'] as const),
    ...ON_THE_USER,
  ],
  discardNewKey: [...ANYWHERE, 'oldKeyOff', 'otherKeyOff', 'rename'],
  deactivate: [
    ...ANYWHERE,
    ...(['adminsPress', 'strangersPress', 'assign', 'oldKeyOff', 'otherKeyOff', 'diesOtherKeyOff'] as const),
  ],
  'what was decided is carried out': [
    ...ANYWHERE,
    ...(['adminsPress', 'strangersPress', 'assign', 'sweep'] as const),
    ...(['oldKeyOff', 'otherKeyOff', 'diesOtherKeyOff', 'keepsOn', 'usedAgain', 'diesUsedAgain'] as const),
    ...ON_THE_USER,
  ],
  reactivate: [...ANYWHERE, 'oldKeyOn', 'otherKeyOff'],
  delete: [
    ...ANYWHERE,
    ...(['fifty', 'adminsPress', 'oldKeyOn', 'otherKeyOff', 'diesOldKeyOn', 'diesOtherKeyOff'] as const),
    ...ON_THE_USER,
  ],
  [inSecond('createKey')]: [...ANYWHERE, 'sweep', ...ON_THE_USER],
  [inSecond('delete')]: [...ANYWHERE, 'oldKeyOn', 'otherKeyOff', ...ON_THE_USER],
  retire: [...ANYWHERE, 'oldKeyOff', 'newKey'],
  clearSlot: [...ANYWHERE, 'otherKeyOn', 'rename'],
  'a sweep in the middle of a rotation': [
    ...ANYWHERE,
    ...(['adminsPress', 'sweep', 'oldKeyOff', 'otherKeyOff'] as const),
    ...ON_THE_USER,
  ],
  'the first word to an owner': ['again', 'inspect', 'assign', 'rename'],
  'a reminder of several keys': ['again', 'assign'],
  'nobody answers': ['press', 'adminsPress', 'inspect', 'assign'],
  '/keyrotate rotate': ['again', 'press', 'inspect', 'assign', ...ON_THE_USER],
  '/keyrotate assign': ['press', 'inspect', 'assign', ...ON_THE_USER],
  '/keyrotate show': ['again', 'press', 'assign', ...ON_THE_USER],
};

export const intrusionsOn = ({ title }: Scene): Intrusion[] =>
  (RACED[title] ?? []).map((name) => INTRUSIONS[name]);

const IS_RACED: Record<Moment, (call: CallMade) => boolean> = {
  changes: ({ changes }) => changes,
  acts: ({ changes, call }) => changes && /iam:|PutItem \(1\)/.test(call),
  asksIam: ({ call }) => call.startsWith('iam:'),
};

export function racedAt({ during }: Intrusion, calls: readonly CallMade[]): string[] {
  return calls.filter(IS_RACED[during]).map(({ call }) => call);
}

/** What is wrong after something happened while the call that is meant was held back. */
export async function race(
  world: World,
  { scene, backup }: Rehearsed,
  { happens }: Intrusion,
  meant: string,
): Promise<string[]> {
  await setUp(world, backup);
  const before = await takeStock(world);
  const others = keysOfBystander(world);
  const number = numbering();
  interfere(world, async (call) => {
    return isBots(call) && number(call) === meant ? happens(world) : undefined;
  });
  await scene.act(world);
  interfere(world);
  await anHour(world);
  await sweeps(world);
  // Another button may be one for a new key, or one that insists.
  const { creates } = deedsOf(scene, 1);
  const wrong = await broken(world, before, { creates: creates + 1, insisted: true, doubles: false });
  return keysOfBystander(world) === others ? wrong : [...wrong, '4. somebody else’s keys were changed'];
}
