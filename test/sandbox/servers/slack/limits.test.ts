// How Slack turns away what is too much at once.
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND, sandboxClock } from '../../clock.ts';
import { slackLimits } from './limits.ts';

function kept() {
  const clock = sandboxClock(new Date('2026-03-02T09:30:00Z'));
  const limits = slackLimits(clock);
  limits.areKept = true;
  const ask = (action: string, input = {}) => limits.refuse({ action, input });
  const post = (channel: string) => ask('chat.postMessage', { channel });
  const times = (count: number, what: () => number | undefined) => Array.from({ length: count }, what);
  return { clock, limits, ask, post, times };
}

describe('the rate limits of Slack', () => {
  it('refuse nothing until somebody wants them kept', () => {
    const { limits, ask, times } = kept();
    limits.areKept = false;
    expect(times(200, () => ask('users.lookupByEmail')).every((wait) => wait === undefined)).toBe(true);
  });

  it('let fifty look-ups by mail address through in a minute, and say when the next one may come', () => {
    const { clock, ask, times } = kept();
    times(49, () => ask('users.lookupByEmail'));
    clock.advance(10 * SECOND);
    expect(ask('users.lookupByEmail')).toBeUndefined();
    expect(ask('users.lookupByEmail')).toBe(50);
    clock.advance(50 * SECOND);
    expect(ask('users.lookupByEmail')).toBeUndefined();
  });

  it('do not count what was refused', () => {
    const { clock, ask, times } = kept();
    times(500, () => ask('users.lookupByEmail'));
    clock.advance(MINUTE);
    expect(ask('users.lookupByEmail')).toBeUndefined();
  });

  it('are each method’s own', () => {
    const { ask, times } = kept();
    times(51, () => ask('users.lookupByEmail'));
    expect(ask('users.info')).toBeUndefined();
  });

  it('let one message a second into a channel, and others into other channels', () => {
    const { clock, post } = kept();
    expect([post('C1'), post('C1'), post('C2')]).toEqual([undefined, 1, undefined]);
    clock.advance(SECOND);
    expect(post('C1')).toBeUndefined();
  });

  it('let three hundred messages through in a minute, wherever they go', () => {
    const { post } = kept();
    const waits = Array.from({ length: 301 }, (_, nth) => post(`D${nth}`));
    expect(waits.filter((wait) => wait !== undefined)).toEqual([60]);
  });

  it('leave alone what has no documented limit', () => {
    const { ask, times } = kept();
    expect(times(1000, () => ask('auth.test')).every((wait) => wait === undefined)).toBe(true);
  });
});
