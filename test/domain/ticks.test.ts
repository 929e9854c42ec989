// The card watches: what AWS has shown of a migration, and when its owner hears that all of it is there.
import { describe, expect, it } from 'vitest';
import { mayNotifyNow, nextAt, owesReminder } from '../../src/domain/agenda.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { ticksIn } from '../../src/domain/moves/ticks.ts';
import { isOpen } from '../../src/domain/rotation.ts';
import { DAY, HOUR, startOfDay } from '../../src/domain/time.ts';
import { heard } from '../../src/usecases/messages/note-reminder.ts';
import {
  drawn,
  MORE_TIME,
  NEVER,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  situated,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';
import { looking } from './looking.ts';

const QUIET = [oldKey(), newKey()];
const ticks = (changes: Partial<IamUser>) => {
  const situation = situated(userAt('issued', changes));
  return situation && ticksIn(situation);
};

describe('the ticks', () => {
  it('come one by one, each by what AWS shows', () => {
    const busy = oldKey({ lastUse: usedHoursAgo(1) });
    const none = { secretFetched: false, newKeyUsed: false, oldKeyQuiet: false };
    const unused = newKey({ lastUse: NEVER });
    expect(ticks({ keys: [busy, unused] })).toEqual(none);
    expect(ticks({ keys: [busy, unused], secretOpenedOn: startOfDay(unused.createdAt) })).toEqual({
      ...none,
      secretFetched: true,
    });
    expect(ticks({ keys: [busy, newKey()] })).toEqual({ ...none, secretFetched: true, newKeyUsed: true });
    expect(ticks({ keys: QUIET })).toEqual({ secretFetched: true, newKeyUsed: true, oldKeyQuiet: true });
  });

  it('take neither a test for a use nor an unknown use for quiet', () => {
    const keys = [oldKey({ lastUse: UNKNOWN }), newKey({ lastUse: usedHoursAgo(1, 'sts') })];
    expect(ticks({ keys })).toEqual({ secretFetched: true, newKeyUsed: false, oldKeyQuiet: false });
    expect(ticks({ keys: [oldKey({ lastUse: UNKNOWN }), newKey({ lastUse: UNKNOWN })] })).toMatchObject({
      newKeyUsed: false,
    });
  });

  it('say nothing of fetching where keyrotate never had the secret', () => {
    const rotation = {
      ...rotationAt('issued'),
      replacement: { kind: 'adopted', keyId: newKey().id },
    } as const;
    expect(ticks({ rotation, keys: QUIET })).toEqual({ newKeyUsed: true, oldKeyQuiet: true });
  });
});

describe('once all three are there', () => {
  const waiting = userAt('issued', {
    notifiedAt: NOW,
    keys: [oldKey({ lastUse: usedHoursAgo(20) }), newKey()],
  });

  it('a look comes at the very moment at which the old key has been quiet for long enough', () => {
    expect(owesReminder(waiting, POLICY, NOW)).toBe(false);
    expect(nextAt(drawn(waiting), POLICY, NOW)).toBe(NOW + 4 * HOUR);
  });

  it('the owner hears of it at the next working hour, once, whatever was told before', () => {
    const at = NOW + 4 * HOUR;
    const seen = looking(waiting, { keys: waiting.keys }, at);
    expect(owesReminder(seen, POLICY, at)).toBe(true);
    expect(mayNotifyNow(seen, POLICY, at)).toBe(true);
    const told = heard(seen, at);
    expect(owesReminder(told, POLICY, at + DAY)).toBe(false);
    expect(owesReminder(looking(told, { keys: waiting.keys }, at + DAY), POLICY, at + DAY)).toBe(false);
  });

  it('at night that is the next morning', () => {
    const night = NOW + 16 * HOUR;
    const seen = looking(waiting, { keys: waiting.keys }, night);
    expect(mayNotifyNow(seen, POLICY, night)).toBe(false);
    // Monday: NOW is a Friday.
    expect(nextAt({ ...seen, messages: [] }, POLICY, night)).toBe(Date.parse('2026-11-23T08:00:00Z'));
  });

  it('who asked for quiet until a date hears of it then', () => {
    const rotation = { ...rotationAt('issued'), moreTime: MORE_TIME, extendedTo: MORE_TIME.until };
    const seen = looking({ ...waiting, rotation }, { keys: waiting.keys }, NOW + 4 * HOUR);
    expect(owesReminder(seen, POLICY, NOW + 4 * HOUR)).toBe(false);
    expect(owesReminder(seen, POLICY, MORE_TIME.until)).toBe(true);
  });

  it('and one goes before anybody was told, it is told all the same; when it comes again later, once more', () => {
    const at = NOW + 4 * HOUR;
    const seen = looking(waiting, { keys: waiting.keys }, at);
    const again = [oldKey({ lastUse: { seen: 'used', at: at + HOUR, service: 's3' } }), newKey()];
    const used = looking(seen, { keys: again }, at + 2 * HOUR);
    expect(owesReminder(used, POLICY, at + 2 * HOUR)).toBe(true);
    const told = looking(heard(used, at + 2 * HOUR), { keys: again }, at + 3 * HOUR);
    expect(isOpen(told.rotation) && 'turnSince' in told.rotation).toBe(false);
    expect(owesReminder(looking(told, { keys: again }, at + 26 * HOUR), POLICY, at + 26 * HOUR)).toBe(true);
  });
});
