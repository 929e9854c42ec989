// Who may do what: every kind of person, at every stage, with every move, from the signed click to the servers' state.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isMoveAt,
  isMoveName,
  MOVE_NAMES,
  MOVES,
  type MoveName,
  movesAt,
  STAGES,
  type Stage,
} from '../../../src/domain/transitions.ts';
import { deliver } from '../../sandbox/play/play.ts';
import { type Stored, startWorld, stored, type World } from '../mortal-world.ts';
import { ADMIN_GROUP, gather, PERSONS, type PersonKind, type Presser, type Whose } from './persons.ts';
import { pressOf } from './presses.ts';
import { type Standing, standAt } from './standing.ts';
import { isWrite } from './writes.ts';

/**
 * At the stages where MOVES has the move, and the keys allow it. `yes`: it is done, in the role that the column names.
 * `-`: refused. Another move's name: that is what comes of it.
 */
const MAY = table(`
                  owner  team  admin     member guest stranger left bot foreign otherSpace otherApp  owner?  admin?
createKey         yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
adopt             yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
retire            yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
switchKey         yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
clearSlot         yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
discardStranded   yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
keepBoth          yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
postpone          yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
askForTime        yes    yes   postpone  -      -     -        -    -   -       -          -         -       postpone
approve           -      -     yes       -      -     -        -    -   -       -          -         -       yes
decline           -      -     yes       -      -     -        -    -   -       -          -         -       yes
notMine           yes    yes   -         -      -     -        -    -   -       -          -         -       -
resume            yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
confirmMigration  yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
discardNewKey     yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
undoAdopt         yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
deactivate        yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
turnOffWhenQuiet  yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
keepOn            yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
reopen            yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
delete            yes    yes   yes       -      -     -        -    -   -       -          -         -       yes
reactivate        yes    yes   yes       -      -     -        -    -   -       -          -         yes     yes
`);

/**
 * `npm run thorough` plays all of it. `npm test` lets the owner and one in five of all others try each move, others at the
 * next; that a stage refuses what it does not have is then for the unit tests to show.
 */
const EVERY = process.env.THOROUGH !== undefined;

let world: World;
let people: Record<PersonKind, Presser>;

beforeAll(async () => {
  world = await startWorld({ params: { ADMIN_GROUP: ADMIN_GROUP } });
  people = gather(world.sandbox);
});

afterAll(() => world.end());

it('the table has a row for every move, and a column for every kind of person', () => {
  expect([...MAY.keys()].sort()).toEqual([...MOVE_NAMES].sort());
  for (const row of MAY.values()) expect([...row.keys()].sort()).toEqual([...PERSONS].sort());
});

describe.each(STAGES.filter((stage) => EVERY || movesAt(stage).length > 0))('at %s', (stage) => {
  for (const move of movesAt(stage)) {
    it(`${move} is done by those who may, and by nobody else`, async () => {
      const pressers = PERSONS.filter((person) => EVERY || person === 'owner' || isTurnOf(person, move));
      const came = await comesOf(stage, move, pressers, new Map());
      expect(came).toEqual(Object.fromEntries(pressers.map((person) => [person, meant(move, person)])));
    });
  }

  if (!EVERY) return;
  it('every other move is refused to everybody', async () => {
    const others = MOVE_NAMES.filter((move) => !isMoveAt(stage, move));
    const untouched: Untouched = new Map();
    for (const move of others) {
      const came = await comesOf(stage, move, PERSONS, untouched);
      expect([move, new Set(Object.values(came))]).toEqual([move, new Set(['-'])]);
    }
  });
});

function isTurnOf(person: PersonKind, move: MoveName): boolean {
  return (PERSONS.indexOf(person) + MOVE_NAMES.indexOf(move)) % 5 === 0;
}

function meant(move: MoveName, person: PersonKind): string {
  const cell = MAY.get(move)?.get(person) ?? '-';
  return cell === 'yes' ? move : cell;
}

/** Keys that were pressed about in vain: the next one presses on the same. */
type Untouched = Map<Whose, Standing>;

/** The move that came of each one's press, or `-`. */
async function comesOf(
  stage: Stage,
  move: MoveName,
  pressers: readonly PersonKind[],
  untouched: Untouched,
): Promise<Record<string, string>> {
  const came: Record<string, string> = {};
  for (const person of pressers) {
    const { keys: whose } = people[person];
    const standing = untouched.get(whose) ?? (await standAt(world, { stage, move, whose }));
    came[person] = await press(standing, move, person);
    if (came[person] === '-') untouched.set(whose, standing);
    else untouched.delete(whose);
  }
  return came;
}

/** The move that came of it; `-` for none, and then nothing has changed. */
async function press(standing: Standing, move: MoveName, person: PersonKind): Promise<string> {
  const { slackId, forge } = people[person];
  const { sandbox } = world;
  sandbox.forget();
  const before = stateOf({ user: standing.user, filed: 0 });
  const reply = await deliver(sandbox, pressOf(sandbox, slackId, standing, move, forge));
  const isMisdirected = Object.keys(forge).length > 0;
  expect(reply.statusCode).toBe(isMisdirected ? 403 : 200);
  // What admins are to hear of is a job of its own.
  expect((await sandbox.queues.pump()) > 0).toBe(!isMisdirected);
  const found = await stored(world, standing.user.userName);
  const { rotation } = found.user;
  const [entry] = rotation?.history ?? [];
  if (!entry) {
    expect(stateOf(found)).toEqual(before);
    return '-';
  }
  const as = person.startsWith('admin') ? 'admin' : 'owner';
  expect(entry).toMatchObject({ outcome: 'done', by: { slackId, as } });
  const { stage = 'resolved' } = standing.user.rotation ?? {};
  const row: Partial<Record<string, string>> = MOVES[stage];
  expect([entry.from, entry.to, rotation?.stage]).toEqual([stage, row[entry.what], row[entry.what]]);
  return entry.what;
}

/** Everything that a refusal must leave as it is. What a look refreshes, and what a card shows, may differ. */
function stateOf({ user, filed }: Stored): unknown {
  const { iam, secrets, wire } = world.sandbox.aws;
  const { version: _, keys: __, keysSeenAt: ___, longestSilence: ____, messages: _____, ...rest } = user;
  return {
    ...{ rest, filed },
    iam: structuredClone(iam.state.users.get(user.userName)),
    vault: [...secrets.state.secrets.values()].map(({ name, versions }) => `${name} ${versions.size}`),
    writes: wire.calls.filter(isWrite).length,
  };
}

function table(text: string): Map<string, Map<string, string>> {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([move = '', ...cells]) => {
      const known = cells.every((cell) => cell === 'yes' || cell === '-' || isMoveName(cell));
      if (!known) throw new Error(`a cell of ${move} says neither yes, - nor a move`);
      return [move, new Map(head.map((person, nth) => [person, cells[nth] ?? '']))];
    }),
  );
}
