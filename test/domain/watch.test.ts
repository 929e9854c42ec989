// What is learnt of a key's use from reports that name no key: as much as somebody who knew them would, and never less.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessKey, LastUse } from '../../src/domain/access-key.ts';
import { type UsedOn, withUse } from '../../src/domain/evidence.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import {
  type Ledger,
  type ReportedKey,
  SHARD_HOLDS,
  SHARDS,
  shardOf,
  type UseReport,
  type Watched,
  watchedIn,
  withReport,
  withWatched,
} from '../../src/domain/watch.ts';
import { NEVER, NEW, NOW, newKey, OLD, oldKey, UNKNOWN } from './given.ts';

const NOTHING: Ledger = { reportedAt: 0, users: [] };

const report = (at: number, keys: ReportedKey[], isWhole = true): UseReport => ({
  at,
  isWhole,
  users: [{ userName: 'ci', keys }],
});

const used = (at: number): LastUse => ({ seen: 'used', at, service: 's3' });
const daysAgo = (days: number) => NOW - days * DAY;
/** When the key in these tests was made. */
const MADE = daysAgo(60);

/** A report every day, at a key that is used on these days, each so many days ago. */
function watchedDaily(from: number, ...uses: number[]): Ledger {
  let ledger = NOTHING;
  for (let day = from - 1; day >= 0; day -= 1) {
    const use = Math.min(...uses.filter((each) => each >= day));
    const lastUsed = Number.isFinite(use) ? { lastUsed: daysAgo(use) } : {};
    ledger = withReport(ledger, report(daysAgo(day), [{ lastRotated: MADE, ...lastUsed }]));
  }
  return ledger;
}

const silences = (ledger: Ledger) =>
  watchedIn(ledger, 'ci')?.keys.map(({ longestSilence }) => longestSilence);

describe('a report', () => {
  it('teaches how long a key was seen unused before a use', () => {
    expect(silences(watchedDaily(16, 15, 8, 1))).toEqual([6 * DAY]);
    expect(silences(watchedDaily(5, 4, 3, 2, 1, 0))).toEqual([0]);
  });

  it('that comes again, or after a later one, changes nothing', () => {
    const ledger = watchedDaily(16, 15, 8, 1);
    const again = report(NOW, [{ lastRotated: MADE, lastUsed: NOW }]);
    expect(withReport(ledger, again)).toBe(ledger);
    expect(withReport(ledger, { ...again, at: daysAgo(3) })).toBe(ledger);
  });

  it('forgets the users that are no longer in it', () => {
    const gone = withReport(watchedDaily(9, 8, 1), { at: NOW + DAY, isWhole: true, users: [] });
    expect(watchedIn(gone, 'ci')).toBeUndefined();
  });

  it('that could not be read to its end forgets nobody, and has seen nobody who is missing', () => {
    const spoiled = (at: number) => ({ at, isWhole: false, users: [] });
    const ledger = withReport(withReport(watchedDaily(9, 8, 1), spoiled(NOW + DAY)), spoiled(NOW + 2 * DAY));
    expect(watchedIn(ledger, 'ci')?.seenAt).toBe(NOW);
    const back = withReport(ledger, report(NOW + 3 * DAY, [{ lastRotated: MADE, lastUsed: NOW + 3 * DAY }]));
    expect(silences(back)).toEqual([6 * DAY]);
    expect(watchedIn(back, 'ci')?.seenAt).toBe(NOW + 3 * DAY);
  });

  it('that leaves a use out for once does not end the silence before it', () => {
    const without = withReport(watchedDaily(9, 8), report(NOW + DAY, [{ lastRotated: MADE }]));
    const after = report(NOW + 2 * DAY, [{ lastRotated: MADE, lastUsed: NOW + 2 * DAY }]);
    expect(silences(withReport(without, after))).toEqual([9 * DAY]);
  });

  it('carries along what a later version wrote about all of them', () => {
    const later = { ...NOTHING, mood: 'hopeful' };
    expect(withReport(later, report(NOW, []))).toMatchObject({ mood: 'hopeful' });
  });
});

describe('a key whose date has moved', () => {
  const weekly = watchedDaily(16, 15, 8, 1);
  const now = (...keys: ReportedKey[]) => silences(withReport(weekly, report(NOW + DAY, keys)));
  const today = NOW + DAY - HOUR;

  it('was turned off or on, where its last use is from before', () => {
    expect(now({ lastRotated: today, lastUsed: daysAgo(1) })).toEqual([6 * DAY]);
  });

  it('is another, where it has no use: it starts anew', () => {
    expect(now({ lastRotated: today })).toEqual([0]);
  });

  it('may be either, where it was used since: the longer silence is believed', () => {
    expect(now({ lastRotated: today, lastUsed: today + MINUTE })).toEqual([6 * DAY]);
  });

  it('starts anew beside the key that was there before', () => {
    expect(now({ lastRotated: today, lastUsed: today }, { lastRotated: MADE, lastUsed: daysAgo(1) })).toEqual(
      [0, 6 * DAY],
    );
  });
});

describe('a look', () => {
  const remembered = (...keys: Watched['keys']): Watched => ({ seenAt: daysAgo(1), keys });
  const entry = { lastRotated: oldKey().createdAt, lastUsed: daysAgo(9), longestSilence: 5 * DAY };
  const learnt = (keys: AccessKey[], watched: Watched, usedOn: UsedOn = {}) =>
    Object.fromEntries(
      Object.entries(withWatched(usedOn, keys, watched)).map(([id, { longestSilence }]) => [
        id,
        longestSilence,
      ]),
    );
  const usedAt = (at: number) => ({ lastUse: used(at) });

  it('learns of the key that was made on the date in the report, and of no other', () => {
    const keys = [oldKey(usedAt(daysAgo(9))), newKey(usedAt(daysAgo(2)))];
    expect(learnt(keys, remembered(entry))).toEqual({ [OLD]: 5 * DAY });
  });

  it('counts the silence that has ended since the last report', () => {
    expect(learnt([oldKey(usedAt(NOW - HOUR))], remembered(entry))).toEqual({ [OLD]: 8 * DAY });
  });

  it('keeps a longer silence that earlier looks have shown', () => {
    const usedOn = { [OLD]: { days: ['2026-11-01'], longestSilence: 9 * DAY } };
    expect(withWatched(usedOn, [oldKey(usedAt(daysAgo(9)))], remembered(entry))).toEqual(usedOn);
  });

  it('takes what fits no key’s date for each that it may belong to: in doubt the longer silence', () => {
    const toggled = { ...entry, lastRotated: daysAgo(3) };
    const keys = [oldKey(usedAt(daysAgo(9))), newKey({ createdAt: daysAgo(20), ...usedAt(daysAgo(9)) })];
    expect(learnt(keys, remembered(toggled))).toEqual({ [OLD]: 5 * DAY, [NEW]: 5 * DAY });
  });

  it.each([
    ['was made after the date in the report', oldKey({ createdAt: NOW, ...usedAt(NOW) }), {}],
    ['was never used', oldKey({ lastUse: NEVER }), {}],
    ['was last used before', oldKey(usedAt(daysAgo(10))), {}],
    ['may have been used, which AWS does not say', oldKey({ lastUse: UNKNOWN }), { [OLD]: 5 * DAY }],
  ])('tells whether it belongs to a key that %s', (_, key, expected) => {
    expect(learnt([key], remembered({ ...entry, lastRotated: daysAgo(3) }))).toEqual(expected);
  });

  it('compares dates to the second, as reports tell them', () => {
    const createdAt = entry.lastRotated + 678;
    const twin = { ...entry, lastRotated: createdAt - 678 - SECOND, longestSilence: 40 * DAY };
    const keys = [oldKey({ createdAt, ...usedAt(daysAgo(9) + 345) })];
    expect(learnt(keys, remembered(entry, twin))).toEqual({ [OLD]: 5 * DAY });
  });
});

/** What happens to a user's two slots in the hours of some weeks; every day a report is read. */
type Event =
  | { kind: 'make' | 'remove' | 'toggle' | 'use'; key: 0 | 1 }
  | { kind: 'makeBoth' }
  | { kind: 'wait'; hours: number };

const change = (kind: 'make' | 'remove' | 'toggle' | 'use') =>
  fc.record({ kind: fc.constant(kind), key: fc.constantFrom(0 as const, 1 as const) });
const wait = (max: number) => fc.record({ kind: fc.constant('wait' as const), hours: fc.nat({ max }) });

const array = (event: fc.Arbitrary<Event>) => fc.array(event, { maxLength: 60, size: 'max' });
const daily = [
  { weight: 6, arbitrary: wait(80) },
  { weight: 4, arbitrary: change('use') },
  { weight: 2, arbitrary: change('toggle') },
];
const events = fc.oneof(
  array(
    fc.oneof(...daily, { weight: 2, arbitrary: change('make') }, { weight: 1, arbitrary: change('remove') }),
  ),
  // Of two made in the same second none is removed: nobody could say which one is left.
  array(fc.oneof(...daily, { weight: 1, arbitrary: fc.constant({ kind: 'makeBoth' as const }) })),
);

interface Real extends AccessKey {
  changedAt: number;
}

/**
 * Lives through the events. Twice a report is read, once by the ledger, which sees dates, and once by somebody who
 * knows every key by its id. Slots may come in any order.
 */
function live(happened: readonly Event[], swapped: boolean) {
  const slots: (Real | undefined)[] = [undefined, undefined];
  let now = Math.floor(NOW / DAY) * DAY;
  let made = 0;
  let ledger: Ledger = NOTHING;
  let knowing: Parameters<typeof withUse>[0] = { usedOn: {}, keys: [], keysSeenAt: 0 };
  const keys = () => slots.filter((key) => key !== undefined);
  const read = () => {
    const reported = keys().map(({ changedAt, lastUse }) => ({
      lastRotated: changedAt,
      ...(lastUse.seen === 'used' && { lastUsed: lastUse.at }),
    }));
    ledger = withReport(ledger, report(now, swapped ? reported.reverse() : reported));
    knowing = { usedOn: withUse(knowing, keys()), keys: keys().map((key) => ({ ...key })), keysSeenAt: now };
  };
  const make = (slot: 0 | 1) => {
    made += 1;
    const fresh = { id: `AKIA${made}`, status: 'Active' as const, createdAt: now, lastUse: NEVER };
    slots[slot] ??= { ...fresh, changedAt: now };
  };
  const happens = (event: Exclude<Event, { kind: 'wait' }>) => {
    now += SECOND;
    if (event.kind === 'makeBoth') for (const slot of [0, 1] as const) make(slot);
    else if (event.kind === 'make') make(event.key);
    else if (event.kind === 'remove') slots[event.key] = undefined;
    else
      Object.assign(
        slots[event.key] ?? {},
        event.kind === 'use' ? { lastUse: used(now) } : { changedAt: now },
      );
  };
  for (const event of happened) {
    if (event.kind !== 'wait') {
      happens(event);
      continue;
    }
    const until = now + event.hours * HOUR;
    for (let night = Math.ceil(now / DAY) * DAY; night <= until; night += DAY) {
      now = night;
      read();
    }
    now = until;
  }
  const known = withUse(knowing, keys());
  const watched = watchedIn(ledger, 'ci');
  const learnt = watched ? withWatched({}, keys(), watched) : {};
  const silence = (usedOn: UsedOn, { id }: AccessKey) => usedOn[id]?.longestSilence ?? 0;
  return keys().map((key) => ({
    learnt: silence(learnt, key),
    known: silence(known, key),
  }));
}

describe('whatever happens to two keys', () => {
  it('never less silence is learnt of a key than by somebody who knew it by its id', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (happened, swapped) => {
        for (const { learnt, known } of live(happened, swapped)) expect(learnt).toBeGreaterThanOrEqual(known);
      }),
      { numRuns: 300 },
    );
  });

  it('just as much is learnt where no key was replaced and none turned off or on', () => {
    const uses = array(fc.oneof(wait(200), change('use')));
    const start: Event[] = [
      { kind: 'make', key: 0 },
      { kind: 'wait', hours: 30 },
      { kind: 'make', key: 1 },
    ];
    fc.assert(
      fc.property(uses, fc.boolean(), (happened, swapped) => {
        const lived = live([...start, ...happened], swapped);
        expect(lived).toHaveLength(2);
        for (const { learnt, known } of lived) expect(learnt).toBe(known);
      }),
    );
  });
});

describe('the shards', () => {
  it('are the same for a name every night', () => {
    expect(['ci-deploy', '__proto__', 'smith,john'].map(shardOf)).toEqual([3, 2, 0]);
  });

  it('hold all users of an account of any size that IAM allows', () => {
    for (const name of [
      (n: number) => `app-${n}`,
      (n: number) => `${'x'.repeat(60)}${n}`,
      (n: number) => `${n}@example.com`,
    ]) {
      const sizes = new Map<number, number>();
      for (let n = 0; n < 5000; n += 1) sizes.set(shardOf(name(n)), (sizes.get(shardOf(name(n))) ?? 0) + 1);
      expect(sizes.size).toBe(SHARDS);
      expect(Math.max(...sizes.values())).toBeLessThanOrEqual(SHARD_HOLDS);
    }
  });

  it('never grow beyond that, however many users are missing from reports', () => {
    const users = (from: number) =>
      Array.from({ length: 700 }, (_, n) => ({ userName: `app-${from + n}`, keys: [{ lastRotated: MADE }] }));
    let ledger = NOTHING;
    for (let night = 0; night < 4; night += 1)
      ledger = withReport(ledger, { at: NOW + night * DAY, isWhole: false, users: users(night * 700) });
    expect(ledger.users).toHaveLength(SHARD_HOLDS);
    expect(ledger.users[0]?.userName).toBe('app-2100');
  });
});
