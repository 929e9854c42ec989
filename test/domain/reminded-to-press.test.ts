// A reminder always carries something to press, or something new; who waits for an admin is left alone.
import { describe, expect, it } from 'vitest';
import { hasNews, mayBeNudged, owesReminder } from '../../src/domain/agenda.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { movesOffered } from '../../src/domain/legality.ts';
import { waitsForAdmins } from '../../src/domain/matters.ts';
import { situationOf } from '../../src/domain/moves/situation.ts';
import { DAY } from '../../src/domain/time.ts';
import { SITUATIONS, type Situation } from './every-situation.ts';
import { NOW } from './given.ts';

/** Told long ago, or never; or an admin has just asked for it. */
const TOLD: Record<string, (user: IamUser) => IamUser> = {
  'told long ago': (user) => ({ ...user, notifiedAt: NOW - 60 * DAY }),
  'never told': ({ notifiedAt: _, ...user }) => user,
  nudged: (user) => ({ ...user, nudged: { at: NOW, jobId: 'nudge-1' } }),
};

const offers = ({ user, policy, now }: Situation) => movesOffered(situationOf(user, policy, now), 'owner');

describe.each(Object.entries(TOLD))('an owner who was %s', (_, told) => {
  const all = SITUATIONS.map((situation) => ({ ...situation, user: told(situation.user) }));
  const reminded = all.filter(({ user, policy, now }) => owesReminder(user, policy, now));

  it('is reminded in many situations', () => {
    expect(reminded.length).toBeGreaterThan(1000);
  });

  it('has a move to press whenever they are reminded, or reads news', () => {
    const bare = reminded.filter((one) => !hasNews(one.user) && offers(one).length === 0);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it('is not reminded while an admin is to decide', () => {
    const nagged = reminded.filter(
      ({ user, policy, now }) => !hasNews(user) && waitsForAdmins(user, policy, now),
    );
    expect(nagged.map(({ name }) => name)).toEqual([]);
  });

  it('can be nudged only where there is something to press', () => {
    const bare = all.filter((one) => mayBeNudged(one.user, one.policy, one.now) && offers(one).length === 0);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});
