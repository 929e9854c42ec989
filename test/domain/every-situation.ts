// Every situation of keys that the types allow, at every open stage: what the walk goes through.
import type { AccessKey, LastUse } from '../../src/domain/access-key.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import type { Owner } from '../../src/domain/owner.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { OpenRotation, Replacement } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/time.ts';
import { OPEN_STAGES, type OpenStage } from '../../src/domain/transitions.ts';
import {
  decidedAt,
  MORE_TIME,
  NEVER,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  rotationAt,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

export interface Situation {
  /** What is special about it, so that a failure tells which one it is. */
  name: string;
  user: IamUser;
  policy: Policy;
  now: Instant;
}

/** A way in which situations differ: a name for each variant, and what it changes. */
type Variants<T> = readonly (readonly [name: string, variant: T])[];

const OTHER = 'AKIAOTHEROTHEROTHERX';

const USES: Variants<LastUse> = [
  ['in use', usedHoursAgo(1)],
  ['never used', NEVER],
  ['use unknown', UNKNOWN],
];
const STATUSES: Variants<'Active' | 'Inactive'> = [
  ['on', 'Active'],
  ['off', 'Inactive'],
];
/** In days; the old key is 83 days old. */
const AGES: Variants<number> = [
  ['older', 84],
  ['newer and due', 80],
  ['newer', 2],
];

function crossed<A, B, C>(as: Variants<A>, bs: Variants<B>, join: (a: A, b: B) => C): [string, C][] {
  return as.flatMap(([a, one]) => bs.map(([b, other]): [string, C] => [`${a}, ${b}`, join(one, other)]));
}

function named<T>(prefix: string, variants: Variants<T>): [string, T][] {
  return variants.map(([name, variant]) => [`${prefix} ${name}`, variant]);
}

const OLD_KEYS: Variants<AccessKey[]> = [
  ['old missing', []],
  ...named(
    'old',
    crossed(STATUSES, [...USES, ['quiet', usedHoursAgo(48)]], (status, lastUse) => [
      oldKey({ status, lastUse }),
    ]),
  ),
];

type Beside = Pick<IamUser, 'keys' | 'stranded' | 'knownKeyIds'>;

const ALONE: Variants<Beside> = [
  ['alone', { keys: [], stranded: [], knownKeyIds: [OLD, NEW] }],
  ['alone and stranded itself', { keys: [], stranded: [OLD], knownKeyIds: [OLD, NEW] }],
];

/** A key that the rotation has nothing to do with: known or just found, or stranded. */
function others(id: string): [string, Beside][] {
  const marks: Variants<Omit<Beside, 'keys'>> = [
    ['known', { stranded: [], knownKeyIds: [OLD, NEW, id] }],
    ['just found', { stranded: [], knownKeyIds: [OLD] }],
    ['stranded', { stranded: [id], knownKeyIds: [OLD, NEW, id] }],
  ];
  const facts = crossed(STATUSES, AGES, (status, days) => ({ status, createdAt: NOW - days * DAY }));
  const keys = crossed(facts, USES, (fact, lastUse) => newKey({ id, lastUse, ...fact }));
  return named(
    'other',
    crossed(keys, marks, (key, mark) => ({ keys: [key], ...mark })),
  );
}

/** The key in the old one's place, and in the slot that the old one left perhaps another. */
function replacements(): [string, Beside][] {
  const accounted = { stranded: [], knownKeyIds: [OLD, NEW] };
  const there = crossed(STATUSES, USES, (status, lastUse) => ({
    keys: [newKey({ status, lastUse })],
    ...accounted,
  }));
  const news: [string, Beside][] = [['new missing', { keys: [], ...accounted }], ...named('new', there)];
  const few = others(OTHER).filter(([name]) => name.includes('newer, never used'));
  return [...news, ...crossed(news, few, (one, two) => ({ ...two, keys: [...one.keys, ...two.keys] }))];
}

function replaced(by: (replacement: Replacement) => OpenRotation, name: string): [string, OpenRotation][] {
  return [
    [`created, ${name}`, by({ kind: 'created', keyId: NEW, vaultVersion: 'version-1' })],
    [`adopted, ${name}`, by({ kind: 'adopted', keyId: NEW })],
  ];
}

const deactivated = (daysAgo: number) => rotationAt('deactivated', daysAgo);

const TIME_TAKEN = { moreTime: MORE_TIME, extendedTo: MORE_TIME.until };

const STANDING: { [S in OpenStage]: { besides: Variants<Beside>; rotations: Variants<OpenRotation> } } = {
  due: {
    besides: [...ALONE, ...others(NEW)],
    rotations: [
      ['plain', rotationAt('due')],
      ['more time asked for', { ...rotationAt('due'), request: MORE_TIME }],
      ['both needed', { ...rotationAt('due'), bothNeeded: { at: NOW, by: MORE_TIME.by } }],
    ],
  },
  postponed: {
    besides: [...ALONE, ...others(NEW)],
    rotations: [
      ['plain', rotationAt('postponed')],
      ['still more time asked for', { ...rotationAt('postponed'), request: MORE_TIME }],
    ],
  },
  issued: {
    besides: replacements(),
    rotations: [
      ...replaced((replacement) => ({ ...rotationAt('issued'), replacement }), 'plain'),
      ['more time', { ...rotationAt('issued'), ...TIME_TAKEN }],
      ['more time asked for', { ...rotationAt('issued'), request: MORE_TIME }],
    ],
  },
  confirmed: {
    besides: replacements(),
    rotations: [
      ...replaced((replacement) => ({ ...rotationAt('confirmed'), replacement }), 'plain'),
      ['decided', decidedAt(NOW - DAY).rotation as OpenRotation],
      ['more time', { ...rotationAt('confirmed'), ...TIME_TAKEN }],
      ['more time asked for', { ...rotationAt('confirmed'), request: MORE_TIME }],
    ],
  },
  deactivated: {
    besides: replacements(),
    rotations: [
      ...replaced((replacement) => ({ ...deactivated(3), replacement }), 'off 3 days'),
      ...replaced((replacement) => ({ ...deactivated(8), replacement }), 'off 8 days'),
      ...replaced(
        (replacement) => ({ ...deactivated(8), replacement, newKeyOutSince: NOW - DAY }),
        'alarmed',
      ),
    ],
  },
  retired: {
    besides: [...ALONE, ...others(NEW)],
    rotations: [
      ['off 3 days', rotationAt('retired', 3)],
      ['off 8 days', rotationAt('retired', 8)],
    ],
  },
};

const MORNING = { policy: POLICY, now: NOW, people: {} };
const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };

const CIRCUMSTANCES: Variants<Omit<Situation, 'name' | 'user'> & { people: Partial<IamUser> }> = [
  ['on a Friday morning', MORNING],
  ['on a Friday afternoon', { ...MORNING, now: NOW + 4 * HOUR }],
  // Rotations of young keys, because somebody asked for them or because the limit was raised.
  ['no key due', { ...MORNING, policy: { ...POLICY, maxKeyAgeDays: 300 } }],
  ['owner in doubt', { ...MORNING, people: { ownerChange: { to: NOBODY, at: NOW } } }],
  ['exempt', { ...MORNING, people: { exempt: { kind: 'until', until: NOW + 90 * DAY, why: 'the vendor' } } }],
];

function situationsAt(stage: OpenStage): Situation[] {
  const { besides, rotations } = STANDING[stage];
  const keys = crossed(OLD_KEYS, besides, (old, beside) => ({ ...beside, keys: [...old, ...beside.keys] }));
  // AWS allows two keys a user.
  const possible = keys.filter(([, facts]) => facts.keys.length <= 2);
  const facts = crossed(possible, rotations, (fact, rotation) => ({ ...fact, rotation }));
  const all = crossed(facts, CIRCUMSTANCES, (fact, { people, ...rest }) => ({
    user: userAt(stage, { ...fact, ...people }),
    ...rest,
  }));
  return all.map(([name, situation]) => ({ name: `${stage}: ${name}`, ...situation }));
}

export const SITUATIONS: readonly Situation[] = OPEN_STAGES.flatMap(situationsAt);
