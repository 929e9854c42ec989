// Where each move starts, what the owner presses, and where it must lead.
import type { MoveName, OpenStage, Stage } from '../../../src/domain/transitions.ts';
import { DAY } from '../../sandbox/clock.ts';
import { keysOf, passTime } from '../../sandbox/play/play.ts';
import { presses, someoneDue, useNow, type World } from '../mortal-world.ts';

export interface Scene {
  title: string;
  move: MoveName;
  from: OpenStage;
  to: Stage;
  /** What the owner presses. */
  button: string;
  /** What was pressed before, from `due` on. */
  before: string[];
  /** Time since, in ms. */
  after?: number;
}

const CREATE = 'Create new key';
const REPLACED = 'I replaced it everywhere';
const OFF = 'Turn off the old key';
const UNNEEDED = "I don't need this key";
const BACK_ON = 'Turn it back on';
const DELETE = 'Delete for good';

export const SCENES: Scene[] = [
  {
    title: 'createKey',
    move: 'createKey',
    from: 'due',
    to: 'issued',
    button: CREATE,
    before: [],
  },
  {
    title: 'discardNewKey',
    move: 'discardNewKey',
    from: 'issued',
    to: 'due',
    button: 'Discard new key',
    before: [CREATE],
  },
  {
    title: 'confirmMigration',
    move: 'confirmMigration',
    from: 'issued',
    to: 'confirmed',
    button: REPLACED,
    before: [CREATE],
  },
  {
    title: 'reopen',
    move: 'reopen',
    from: 'confirmed',
    to: 'issued',
    button: 'Not yet, go back',
    before: [CREATE, REPLACED],
  },
  {
    title: 'createKey after retire',
    move: 'createKey',
    from: 'retired',
    to: 'deactivated',
    button: CREATE,
    before: [UNNEEDED],
  },
  {
    title: 'deactivate',
    move: 'deactivate',
    from: 'confirmed',
    to: 'deactivated',
    button: OFF,
    before: [CREATE, REPLACED],
  },
  {
    title: 'reactivate',
    move: 'reactivate',
    from: 'deactivated',
    to: 'issued',
    button: BACK_ON,
    before: [CREATE, REPLACED, OFF],
  },
  {
    title: 'delete',
    move: 'delete',
    from: 'deactivated',
    to: 'deleted',
    button: DELETE,
    before: [CREATE, REPLACED, OFF],
    after: 8 * DAY,
  },
  {
    title: 'retire',
    move: 'retire',
    from: 'due',
    to: 'retired',
    button: UNNEEDED,
    before: [],
  },
  {
    title: 'reactivate after retire',
    move: 'reactivate',
    from: 'retired',
    to: 'due',
    button: BACK_ON,
    before: [UNNEEDED],
  },
  {
    title: 'delete after retire',
    move: 'delete',
    from: 'retired',
    to: 'deleted',
    button: DELETE,
    before: [UNNEEDED],
    after: 8 * DAY,
  },
];

/** Plays everything up to the press. */
export async function setUp(world: World, { before, after, move }: Scene): Promise<string> {
  const userName = await someoneDue(world);
  for (const button of before) {
    await presses(world, userName, button);
    const [, newKey] = keysOf(world.sandbox, userName);
    if (button === CREATE && move !== 'discardNewKey') useNow(world, userName, newKey?.id);
  }
  if (after) await passTime(world.sandbox, after);
  return userName;
}
