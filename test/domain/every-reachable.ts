// Every state that a rotation comes to, from a key that was just found due, whatever owners, admins and people in the
// console do: the moves by their real effects, the looks as the sweep takes them.
import type { AccessKey } from '../../src/domain/access-key.ts';
import { handedOver } from '../../src/domain/hand-over.ts';
import type { Claim, IamUser, Input } from '../../src/domain/iam-user.ts';
import { judge, keyMeant, moveMeant, type Press } from '../../src/domain/legality.ts';
import { matters } from '../../src/domain/matters.ts';
import { situationOf } from '../../src/domain/moves/situation.ts';
import { addressOf, type Owner, type SeenOwner } from '../../src/domain/owner.ts';
import { deadlineOf, graceEndsAt, isNearing, type Policy } from '../../src/domain/policy.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import { isOff, isOpen, type Role, replacementOf, requestIn } from '../../src/domain/rotation.ts';
import { entryByKeyrotate, type Snapshot } from '../../src/domain/snapshot.ts';
import { DAY, type Instant, MINUTE } from '../../src/domain/time.ts';
import { type MoveName, movesAt } from '../../src/domain/transitions.ts';
import { carryOut, LEASE_MS } from '../../src/usecases/moves/carry-out.ts';
import type { AccessKeys, Ports, Vault } from '../../src/usecases/ports.ts';
import { Secret } from '../../src/usecases/secret.ts';
import { only } from '../only.ts';
import { nothingDone, sameLook, ticked } from './doing-nothing.ts';
import type { Situation } from './every-situation.ts';
import { NEVER, NEW, NOW, newKey, oldKey, POLICY as USUAL, usedHoursAgo } from './given.ts';
import { ANA, ID, snapshot } from './looking.ts';

/** Reminders are left out as far as may be: they are no way on, and most of what time brings. */
const POLICY: Policy = { ...USUAL, remindEveryDaysOverdue: 90, remindEveryDaysUnderWay: 90 };

type Step = (user: IamUser, now: Instant) => IamUser | undefined | Promise<IamUser | undefined>;

const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag', timeZone: 'Europe/Madrid' };
const TEAM: Owner = { kind: 'channel', channelId: 'C0TEAM' };
const nobody = (why: Extract<Owner, { kind: 'nobody' }>['why'], ...named: string[]): Owner => ({
  ...{ kind: 'nobody', why, named },
});

const OTHER = 'AKIAOTHEROTHEROTHERX';
const SPARE = 'AKIASPARESPARESPAREX';
/** What a look sees is believed when it is seen again, and nothing is for as long after a change of keyrotate's own. */
const QUARTER = 15 * MINUTE;

const ACTORS: Record<Role, string> = { owner: 'U0ANA', admin: 'U0SAM' };
const ROLES: Role[] = ['owner', 'admin'];

let jobs = 0;

/** The key that is made next. */
function made({ keys }: IamUser, now: Instant): AccessKey {
  const id = [NEW, OTHER, SPARE].find((one) => !keys.some((key) => key.id === one)) ?? '';
  return newKey({ id, createdAt: now, lastUse: NEVER });
}

function portsFor(user: IamUser, now: Instant, found: readonly AccessKey[] = []): Ports {
  const { keys, userId, arn } = user;
  const nothing = () => {};
  return only<Ports>({
    keys: () =>
      only<AccessKeys>({
        create: async () => ({ ...made(user, now), secret: new Secret('none'), requestId: 'request' }),
        setStatus: async () => 'request',
        remove: async () => 'request',
        list: async () => [...keys, ...found],
        lastUse: async () => NEVER,
        describeUser: async (userName) => ({ userName, userId, arn, createdAt: 0, tags: {} }),
      }),
    vault: () =>
      only<Vault>({
        prepare: async () => undefined,
        store: async () => 'version-1',
        storedKeys: async () => new Map(),
      }),
    users: only<Ports['users']>({ save: async (user) => ({ ...user, version: user.version + 1 }) }),
    jobs: only<Ports['jobs']>({}),
    policy: () => POLICY,
    log: { info: nothing, warn: nothing, error: nothing },
    now: () => now,
    timeLeft: () => 60_000,
  });
}

/** More time than an owner may take alone, and less. */
const INPUTS: readonly number[] = [60, 5];

function pressing(move: MoveName, as: Role, days: number): Step {
  return async (user, now) => {
    const input: Input = { text: 'because', until: now + days * DAY };
    const situation = situationOf(user, POLICY, now);
    const asked: Press = { move, insist: false, as, input };
    const press = { ...asked, move: moveMeant(situation, asked) };
    // Whoever is asked says "anyway".
    if (judge(situation, press).verdict === 'refused') return undefined;
    const keyId = keyMeant(situation, press.move)?.id;
    const { move: meant } = press;
    return carryOut(
      { ...user, claim: claimOf(user, now, meant, as, input, keyId) },
      false,
      portsFor(user, now),
    );
  };
}

function claimOf(
  { keys }: IamUser,
  at: Instant,
  move: MoveName,
  as: Role,
  input: Input = {},
  keyId?: string,
): Claim {
  jobs += 1;
  return {
    ...{ jobId: `click-${jobs}`, move, at, leaseUntil: at + LEASE_MS, input, evidence: keys },
    actor: { kind: 'person', slackId: ACTORS[as], as },
    knownKeyIds: keys.map(({ id }) => id),
    ...(keyId !== undefined && { keyId }),
  };
}

/** The container dies between making the key and storing its secret. */
const breaksOff: Step = async (user, now) => {
  if (
    judge(situationOf(user, POLICY, now), { move: 'createKey', insist: false, as: 'admin' }).verdict !==
    'allowed'
  )
    return undefined;
  const claim = claimOf(user, now, 'createKey', 'admin');
  return carryOut({ ...user, claim }, true, portsFor(user, now, [made(user, now)]));
};

/** Two looks, as far apart as it takes to believe them. */
function looks(user: IamUser, now: Instant, changes: Partial<Snapshot>): IamUser {
  return [now, now + QUARTER].reduce(
    (seen, at) => reconcile(ID, seen, { ...sameLook(seen, at), ...changes }, POLICY),
    user,
  );
}

const looking =
  (change: (user: IamUser, now: Instant) => Partial<Snapshot> | undefined): Step =>
  (user, now) => {
    const changes = change(user, now);
    return changes && looks(user, now, changes);
  };

/** Each key by its place, so that no step depends on how many there are. */
const onKey = (nth: number, change: (key: AccessKey) => AccessKey[]): Step =>
  looking(
    ({ keys }) => keys[nth] && { keys: keys.flatMap((key, place) => (place === nth ? change(key) : [key])) },
  );

const tagged = (owner: SeenOwner): Step => looking(({ link }) => (link ? undefined : { owner }));

const leaves: Step = (user, now) => {
  const id = addressOf(user.owner);
  return id === undefined ? undefined : looks(user, now, { owner: nobody('left', id) });
};

/** As `assign` decides it. */
const assigned =
  (owner: Owner): Step =>
  (user, now) =>
    assignedTo(user, owner, now);

export function assignedTo(user: IamUser, owner: Owner, at: Instant): IamUser | undefined {
  const handed = handedOver(user, owner);
  const { rotation, keys } = handed;
  if (!isOpen(rotation)) return undefined;
  jobs += 1;
  const change = { what: 'assign', from: rotation.stage, to: rotation.stage } as const;
  const by = { kind: 'person', slackId: ACTORS.admin, as: 'admin' } as const;
  const entry = { ...entryByKeyrotate({ at, jobId: `assign-${jobs}`, keys }, change), by };
  return { ...handed, rotation: { ...rotation, history: [...rotation.history, entry] } };
}

const optedOut: Step = looking((_, now) => ({
  exempt: { kind: 'until', until: now + 90 * DAY, why: 'vendor' },
}));
const optedIn: Step = (user, now) => {
  const { exempt, ...look } = sameLook(user, now);
  return exempt && reconcile(ID, user, look, POLICY);
};

const pass =
  (days: number): Step =>
  (user, now) =>
    nothingDone(user, POLICY, { from: now, until: now + days * DAY });

/** Outlasts every date there is: deadlines, grace periods, postponements. */
const LONG = 70;

const STEPS: readonly [name: string, step: Step, takes: number][] = [
  ['the tick', (user, now) => ticked(user, POLICY, now), 0],
  ['nine days', pass(9), 9],
  [`${LONG} days`, pass(LONG), LONG],
  ['create breaks off', breaksOff, 0],
  ...[0, 1].flatMap((nth): [string, Step, number][] => [
    [`key ${nth} off`, onKey(nth, (key) => [{ ...key, status: 'Inactive' }]), 0],
    [`key ${nth} on`, onKey(nth, (key) => [{ ...key, status: 'Active' }]), 0],
    [`key ${nth} removed`, onKey(nth, () => []), 0],
  ]),
  [
    'key made',
    looking((user, now) => (user.keys.length < 2 ? { keys: [...user.keys, made(user, now)] } : undefined)),
    0,
  ],
  ['tag names Ana', tagged(ANA), 0],
  ['tag names Ben', tagged(BEN), 0],
  ['tag names two', tagged(nobody('ambiguous', 'U0ANA', 'U0BEN')), 0],
  ['tag names nobody', tagged(nobody('none')), 0],
  ['owner leaves', leaves, 0],
  ['assigned to Ben', assigned({ ...BEN, from: 'link' } as Owner), 0],
  ['assigned to a channel', assigned(TEAM), 0],
  ['opted out', optedOut, 0],
  ['opted in', optedIn, 0],
];

function steps(user: IamUser): readonly [string, Step, number][] {
  if (!isOpen(user.rotation)) return [];
  const presses = movesAt(user.rotation.stage).flatMap((move) =>
    ROLES.filter((as) => as === 'admin' || addressOf(user.owner) !== undefined).flatMap((as) =>
      (move === 'postpone' ? INPUTS : INPUTS.slice(0, 1)).map((days): [string, Step, number] => [
        `${as} ${move} ${days}`,
        pressing(move, as, days),
        0,
      ]),
    ),
  );
  return [...presses, ...STEPS];
}

/** What tells one state from another; dates only by whether they have come. */
function abstract({ user, now }: Situation): string {
  const { rotation, owner, ownerChange, exempt, keys, stranded } = user;
  if (!isOpen(rotation)) return 'closed';
  const replaced = replacementOf(rotation);
  const role = (id: string) => (id === rotation.oldKeyId ? 'old' : id === replaced?.keyId ? 'new' : 'other');
  const facts = keys.map((key) => [
    role(key.id),
    key.status,
    stranded.includes(key.id),
    role(key.id) === 'other' && isNearing(key, POLICY, now),
  ]);
  return JSON.stringify([
    rotation.stage,
    replaced?.kind,
    facts.map(String).sort(),
    owner.kind === 'nobody' ? owner.why : 'somebody',
    ownerChange?.to.kind,
    exempt !== undefined,
    requestIn(rotation) !== undefined,
    'bothNeeded' in rotation,
    'moreTime' in rotation,
    'decided' in rotation,
    'newKeyOutSince' in rotation,
    rotation.contactedAt === undefined,
    now >= (isOff(rotation) ? graceEndsAt(rotation, POLICY) : deadlineOf(rotation, POLICY, now)),
    matters(user, POLICY, now).map(({ kind }) => kind),
  ]);
}

/** A user whose key was found due today, and beside it perhaps another. */
function beginnings(): Situation[] {
  const others: AccessKey[][] = [
    [],
    [newKey({ createdAt: NOW - 80 * DAY })],
    [newKey({ lastUse: usedHoursAgo(1) })],
    [newKey({ status: 'Inactive', createdAt: NOW - 300 * DAY })],
  ];
  return others.map((beside, nth) => ({
    name: `${beside.length} beside (${nth})`,
    user: reconcile(ID, undefined, snapshot({ keys: [oldKey(), ...beside] }), POLICY),
    policy: POLICY,
    now: NOW,
  }));
}

/** Breadth first, so that each is reached by as few steps as may be: its name tells them. */
export async function everyReachable(): Promise<Situation[]> {
  const found = new Map(beginnings().map((state) => [abstract(state), state]));
  for (const state of found.values())
    for (const [name, step, days] of steps(state.user)) {
      const user = await step(state.user, state.now);
      if (!user || !isOpen(user.rotation)) continue;
      // Long enough for whatever keyrotate changed itself to be seen.
      const now = state.now + days * DAY + 2 * QUARTER;
      const next = { name: `${state.name} → ${name}`, user, policy: POLICY, now };
      const key = abstract(next);
      if (!found.has(key)) found.set(key, next);
    }
  return [...found.values()];
}
