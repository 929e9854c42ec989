// When people may be written to: on their own wall clock, in any zone and on the days the clocks change.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.ts';
import {
  isWorkingTime,
  isZone,
  localDay,
  nextWorkingMorning,
  nextWorkingTime,
  weekendIsNear,
} from '../../src/domain/working-hours.ts';

const at = (text: string): Instant => Date.parse(text);

/** Whole, half and quarter hours off; clocks that change by an hour, by half an hour, and a day left out. */
const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Pacific/Apia',
];

describe('working time', () => {
  it.each([
    ['Europe/Madrid', '2026-11-20T07:59:59.999Z', false],
    ['Europe/Madrid', '2026-11-20T08:00:00.000Z', true],
    ['Europe/Madrid', '2026-11-20T15:59:59.999Z', true],
    ['Europe/Madrid', '2026-11-20T16:00:00.000Z', false],
    ['Asia/Tokyo', '2026-11-20T08:00:00.000Z', false],
    ['America/New_York', '2026-11-20T16:00:00.000Z', true],
    ['Europe/Madrid', '2026-11-21T10:00:00.000Z', false],
    ['Europe/Madrid', '2026-11-22T10:00:00.000Z', false],
    // Sunday in London is Monday morning on Kiritimati.
    ['Pacific/Kiritimati', '2026-11-22T20:00:00.000Z', true],
  ])('in %s, %s: %j', (zone, moment, expected) => {
    expect(isWorkingTime(at(moment), zone)).toBe(expected);
  });

  it('counts a zone nobody knows as UTC', () => {
    expect(isZone('Europe/Madrid')).toBe(true);
    expect(isZone('Middle-earth/Shire')).toBe(false);
    expect(isWorkingTime(at('2026-11-20T09:00:00Z'), 'Middle-earth/Shire')).toBe(true);
    expect(isWorkingTime(at('2026-11-20T08:59:59Z'), 'Middle-earth/Shire')).toBe(false);
  });
});

it('the day is that of the wall', () => {
  expect(localDay(at('2026-11-18T23:30:00Z'), 'America/New_York')).toBe('2026-11-18');
  expect(localDay(at('2026-11-18T23:30:00Z'), 'Asia/Tokyo')).toBe('2026-11-19');
});

describe('in any zone, at any moment', () => {
  const moment = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });
  const zone = fc.constantFrom(...ZONES);
  /** Every quarter of an hour before `end`: nothing changes in between. */
  const quarters = (start: Instant, end: Instant): Instant[] => {
    const first = Math.ceil(start / (15 * MINUTE)) * 15 * MINUTE;
    return Array.from(
      { length: Math.max(0, Math.ceil((end - first) / (15 * MINUTE))) },
      (_, i) => first + i * 15 * MINUTE,
    );
  };

  /** Before nine, at work, on the eve of a weekend or a year, and where mornings start on a quarter or clocks change. */
  const examples: [Instant, string][] = [
    [at('2026-11-20T03:00:00Z'), 'UTC'],
    [at('2026-11-20T10:11:12.345Z'), 'UTC'],
    [at('2026-11-20T17:00:00Z'), 'UTC'],
    [at('2026-11-18T23:30:00Z'), 'America/New_York'],
    [at('2026-11-20T03:14:59.999Z'), 'Asia/Kathmandu'],
    [at('2026-11-20T12:00:00Z'), 'Pacific/Chatham'],
    [at('2027-03-26T16:00:00Z'), 'Europe/Madrid'],
    [at('2026-10-23T15:00:00Z'), 'Europe/Madrid'],
    [at('2026-12-31T11:00:00Z'), 'Europe/Madrid'],
  ];

  it('the next working time is one, is not in the past, and none is sooner', () => {
    fc.assert(
      fc.property(moment, zone, (now, where) => {
        const next = nextWorkingTime(now, where);
        expect(isWorkingTime(next, where)).toBe(true);
        expect(next).toBeGreaterThanOrEqual(now);
        for (const between of [now, ...quarters(now, next)])
          if (between < next) expect(isWorkingTime(between, where)).toBe(false);
      }),
      { examples },
    );
  });

  it('the next working morning is the first working moment of a later day', () => {
    fc.assert(
      fc.property(moment, zone, (now, where) => {
        const morning = nextWorkingMorning(now, where);
        const today = localDay(now, where);
        expect(isWorkingTime(morning, where)).toBe(true);
        expect(isWorkingTime(morning - 1, where)).toBe(false);
        expect(localDay(morning, where) > today).toBe(true);
        for (const between of quarters(now, morning))
          if (isWorkingTime(between, where)) expect(localDay(between, where)).toBe(today);
      }),
      { examples },
    );
  });

  it('nobody waits longer than over a weekend', () => {
    fc.assert(
      fc.property(moment, zone, (now, where) => {
        // From Friday at five to Monday at nine, and an hour more where the clocks go back.
        expect(nextWorkingTime(now, where) - now).toBeLessThanOrEqual(2 * DAY + 17 * HOUR);
      }),
    );
  });
});

describe('the weekend is near', () => {
  it.each([
    ['Europe/Madrid', '2026-11-20T10:59:59.999Z', false],
    ['Europe/Madrid', '2026-11-20T11:00:00.000Z', true],
    ['America/New_York', '2026-11-20T11:00:00.000Z', false],
    ['Europe/Madrid', '2026-11-22T22:59:59.999Z', true],
    ['Europe/Madrid', '2026-11-22T23:00:00.000Z', false],
  ])('in %s at %s: %j', (zone, moment, expected) => {
    expect(weekendIsNear(at(moment), zone)).toBe(expected);
  });
});
