// How much quiet is asked for: what reports teach, which name no key, against somebody who knows every key by its id.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessKey, LastUse } from '../../src/domain/access-key.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { STAGES } from '../../src/domain/transitions.ts';
import {
  longestSilenceSeen,
  longestSilenceSince,
  quietAsked,
  type ReportedKey,
  type UsageHistory,
  withReportedKeys,
} from '../../src/domain/usage-history.ts';
import { NEVER, NOW, newKey, oldKey, POLICY, rotationAt, UNKNOWN } from './given.ts';

const used = (at: number): LastUse => ({ seen: 'used', at, service: 's3' });
const daysAgo = (days: number) => NOW - days * DAY;
/** When the keys in these tests were made. */
const [MADE, MADE_LATER] = [daysAgo(60), daysAgo(50)];
const NOTHING: UsageHistory = { seenAt: 0, keys: [], longestSilence: 0 };

const reportedAt = (at: number, before: UsageHistory, ...keys: ReportedKey[]): UsageHistory => ({
  seenAt: at,
  ...withReportedKeys(before, keys),
});

/** A report every day, at a key that is used on these days, each so many days ago. */
function reportedDaily(from: number, ...uses: number[]): UsageHistory {
  let history = NOTHING;
  for (let day = from - 1; day >= 0; day -= 1) {
    const use = Math.min(...uses.filter((each) => each >= day));
    const lastUsed = Number.isFinite(use) ? { lastUsed: daysAgo(use) } : {};
    history = reportedAt(daysAgo(day), history, { lastRotated: MADE, ...lastUsed });
  }
  return history;
}

describe('the quiet asked for', () => {
  it('is what the policy says where no silence of days was learnt', () => {
    expect(quietAsked(0, POLICY)).toBe(24 * HOUR);
  });

  it('is no more for a daily job that once started some hours late', () => {
    expect(quietAsked(36 * HOUR, POLICY)).toBe(24 * HOUR);
    expect(quietAsked(37 * HOUR, POLICY)).toBe(74 * HOUR);
  });

  it('is twice the longest silence', () => {
    expect(quietAsked(6 * DAY, POLICY)).toBe(12 * DAY);
  });
});

describe('a report', () => {
  it('teaches how long a key was seen unused before a use', () => {
    expect(reportedDaily(16, 15, 8, 1).longestSilence).toBe(6 * DAY);
    expect(reportedDaily(41, 40, 33, 3, 2, 1).longestSilence).toBe(29 * DAY);
    expect(reportedDaily(5, 4, 3, 2, 1, 0).longestSilence).toBe(0);
  });

  it('that leaves a use out for once does not end the silence before it', () => {
    const without = reportedAt(NOW + DAY, reportedDaily(9, 8), { lastRotated: MADE });
    const after = withReportedKeys(without, [{ lastRotated: MADE, lastUsed: NOW + 2 * DAY }]);
    expect(after.longestSilence).toBe(9 * DAY);
  });

  describe('after a weekly job, beside a key that nobody uses', () => {
    const parked = { lastRotated: MADE_LATER, lastUsed: daysAgo(40) };
    const weekly = { lastRotated: MADE, lastUsed: daysAgo(1) };
    const before: UsageHistory = { seenAt: NOW, keys: [weekly, parked], longestSilence: 6 * DAY };
    const today = NOW + DAY - HOUR;
    const taught = (...keys: ReportedKey[]) => withReportedKeys(before, keys).longestSilence;

    it.each<[string, ReportedKey[]]>([
      ['the job ran', [{ ...weekly, lastUsed: today }, parked]],
      ['their slots were swapped', [parked, { ...weekly, lastUsed: today }]],
      ['one was turned off', [weekly, { ...parked, lastRotated: today }]],
      ['the parked one was removed', [weekly]],
      ['the parked one was removed and the job ran', [{ ...weekly, lastUsed: today }]],
      [
        'the parked one was removed and a new one made',
        [{ ...weekly, lastUsed: today }, { lastRotated: today }],
      ],
      ['both were removed, and a new one made', [{ lastRotated: today }]],
    ])('teaches nothing more where %s', (_, keys) => {
      expect(taught(...keys)).toBe(6 * DAY);
    });

    it('teaches that the parked one may have been used, where a use has a date of its own', () => {
      const use = { lastRotated: today, lastUsed: today + MINUTE };
      expect(taught({ ...weekly, lastUsed: today }, use)).toBe(40 * DAY);
      expect(taught(weekly, use)).toBe(40 * DAY);
    });
  });
});

describe('a look', () => {
  const usedAt = (at: number) => ({ lastUse: used(at) });
  const history: UsageHistory = {
    seenAt: daysAgo(1),
    keys: [{ lastRotated: oldKey().createdAt, lastUsed: daysAgo(9) }],
    longestSilence: 5 * DAY,
  };

  it.each<[string, AccessKey[], number]>([
    ['nothing was used since', [oldKey(usedAt(daysAgo(9))), newKey({ lastUse: NEVER })], 5 * DAY],
    ['a silence has ended since the last report', [oldKey(usedAt(NOW - HOUR))], 8 * DAY],
    ['the date in the report is not that of the key', [oldKey({ createdAt: MADE, ...usedAt(NOW) })], 8 * DAY],
    ['AWS does not say', [oldKey({ lastUse: UNKNOWN })], 5 * DAY],
    ['another key was used for the first time', [oldKey(usedAt(daysAgo(9))), newKey(usedAt(NOW))], 5 * DAY],
    ['dates have fractions of a second', [oldKey(usedAt(daysAgo(9) + 345)), newKey(usedAt(NOW))], 5 * DAY],
  ])('learns what the reports told: %s', (_, keys, silence) => {
    expect(longestSilenceSince(history, keys)).toBe(silence);
  });

  /** What is known after looks at the old key: each so many days ago, when its last use was so many days ago. */
  function afterLooks(...looks: [snapshot: number, use: number][]): number {
    let known: Parameters<typeof longestSilenceSeen>[0] = { longestSilence: 0, keys: [], keysSeenAt: 0 };
    for (const [snapshot, use] of looks) {
      const keys = [oldKey(usedAt(daysAgo(use)))];
      known = { longestSilence: longestSilenceSeen(known, keys), keys, keysSeenAt: daysAgo(snapshot) };
    }
    return known.longestSilence;
  }

  it('learns how long the same key was seen unused before it was used again', () => {
    expect(afterLooks([8, 8], [2, 8], [1, 1])).toBe(6 * DAY);
    expect(afterLooks([9, 9], [2, 8], [1, 1])).toBe(6 * DAY);
  });

  it('learns nothing from what nobody watched: between two looks the key may have been used every day', () => {
    expect(afterLooks([80, 80], [2, 2], [1, 1])).toBe(0);
  });

  it.each(STAGES.filter((stage) => 'replacement' in rotationAt(stage)))(
    'learns nothing from a replacement that is tried out and put to work days later: %s',
    (stage) => {
      const rotation = rotationAt(stage);
      const tried = newKey(usedAt(daysAgo(5)));
      const seen = { longestSilence: 0, keys: [tried], keysSeenAt: daysAgo(1), rotation };
      const isOver = stage === 'deleted';
      expect(longestSilenceSeen(seen, [newKey(usedAt(NOW))])).toBe(isOver ? 4 * DAY : 0);
    },
  );

  it('forgets nothing with a key that is gone, or whose use AWS does not tell', () => {
    const before = { longestSilence: 6 * DAY, keys: [oldKey()], keysSeenAt: NOW };
    expect(longestSilenceSeen(before, [])).toBe(6 * DAY);
    expect(longestSilenceSeen(before, [oldKey({ lastUse: UNKNOWN }), newKey({ lastUse: NEVER })])).toBe(
      6 * DAY,
    );
  });
});

/** What happens to a user's two slots in the hours of some weeks; every day a report is read. */
type Event =
  | { kind: 'make' | 'remove' | 'toggle' | 'use'; key: 0 | 1 }
  | { kind: 'makeBoth' | 'useBoth' | 'swap' }
  | { kind: 'wait'; hours: number };

const change = (kind: 'make' | 'remove' | 'toggle' | 'use') =>
  fc.record({ kind: fc.constant(kind), key: fc.constantFrom(0 as const, 1 as const) });
const wait = (max: number) => fc.record({ kind: fc.constant('wait' as const), hours: fc.nat({ max }) });
const swap = fc.constant({ kind: 'swap' as const });
const makeBoth = fc.constant({ kind: 'makeBoth' as const });

const kept: fc.WeightedArbitrary<Event>[] = [
  { weight: 6, arbitrary: wait(80) },
  { weight: 4, arbitrary: change('use') },
  { weight: 2, arbitrary: change('toggle') },
  { weight: 2, arbitrary: change('make') },
  { weight: 1, arbitrary: swap },
  { weight: 1, arbitrary: fc.constant({ kind: 'useBoth' }) },
];
const twins = { weight: 1, arbitrary: makeBoth };
const remove = { weight: 1, arbitrary: change('remove') };
const life = (...events: typeof kept) => fc.array(fc.oneof(...events), { maxLength: 60, size: 'max' });

interface Real extends AccessKey {
  changedAt: number;
}

interface Silence {
  learnt: number;
  /** By somebody who knows every key by its id. */
  known: number;
}

/** Lives through the events: what silence the nightly reports taught, and what it is with a look at the end. */
function live(happened: readonly Event[]): { reported: Silence; atLook: Silence } {
  const slots: (Real | undefined)[] = [undefined, undefined];
  let now = Math.floor(NOW / DAY) * DAY;
  let made = 0;
  let history = NOTHING;
  let knowing: Parameters<typeof longestSilenceSeen>[0] = { longestSilence: 0, keys: [], keysSeenAt: 0 };
  const keys = () => slots.filter((key) => key !== undefined);
  const read = () => {
    const reported = keys().map(({ changedAt, lastUse }) => ({
      lastRotated: changedAt,
      ...(lastUse.seen === 'used' && { lastUsed: lastUse.at }),
    }));
    history = reportedAt(now, history, ...reported);
    const longestSilence = longestSilenceSeen(knowing, keys());
    knowing = { longestSilence, keys: keys().map((key) => ({ ...key })), keysSeenAt: now };
  };
  const make = (slot: 0 | 1) => {
    made += 1;
    const fresh = { id: `AKIA${made}`, status: 'Active' as const, createdAt: now, lastUse: NEVER };
    slots[slot] ??= { ...fresh, changedAt: now };
  };
  const use = (slot: 0 | 1) => Object.assign(slots[slot] ?? {}, { lastUse: used(now) });
  const changes: Record<Exclude<Event['kind'], 'wait' | 'swap'>, (slot: 0 | 1) => void> = {
    make,
    makeBoth: make,
    remove: (slot) => {
      slots[slot] = undefined;
    },
    use,
    useBoth: use,
    toggle: (slot) => Object.assign(slots[slot] ?? {}, { changedAt: now }),
  };
  const happens = (event: Exclude<Event, { kind: 'wait' }>) => {
    now += SECOND;
    if (event.kind === 'swap') slots.reverse();
    else for (const slot of 'key' in event ? [event.key] : ([0, 1] as const)) changes[event.kind](slot);
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
  return {
    reported: { learnt: history.longestSilence, known: knowing.longestSilence },
    atLook: {
      learnt: longestSilenceSince(history, keys()),
      known: longestSilenceSeen(knowing, keys()),
    },
  };
}

describe('whatever happens to two keys', () => {
  it('never less silence is learnt from reports than any of them was seen to end', () => {
    fc.assert(
      fc.property(life(...kept, twins, remove), (happened) => {
        const { learnt, known } = live(happened).reported;
        expect(learnt).toBeGreaterThanOrEqual(known);
      }),
      { numRuns: 1000 },
    );
  });

  it('nor with a look; of two made in the same second it must not be today that one is removed', () => {
    fc.assert(
      fc.property(life(...kept, remove), (happened) => {
        const { learnt, known } = live(happened).atLook;
        expect(learnt).toBeGreaterThanOrEqual(known);
      }),
      { numRuns: 1000 },
    );
  });

  it('just as much is learnt where none is removed, in whatever order they are reported', () => {
    fc.assert(
      fc.property(life(...kept, twins), (happened) => {
        for (const { learnt, known } of Object.values(live(happened))) expect(learnt).toBe(known);
      }),
      { numRuns: 1000 },
    );
  });

  it('no more quiet is asked than by the policy where all that there are are used daily', () => {
    const daily: Event[] = [{ kind: 'useBoth' }, { kind: 'wait', hours: 24 }];
    const others = fc.oneof(...(['make', 'remove', 'toggle'] as const).map(change), swap, makeBoth);
    fc.assert(
      fc.property(fc.array(others, { maxLength: 40, size: 'max' }), (happened) => {
        for (const { learnt } of Object.values(live(happened.flatMap((event) => [event, ...daily]))))
          expect(quietAsked(learnt, POLICY)).toBe(24 * HOUR);
      }),
    );
  });
});
