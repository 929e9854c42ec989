// When AWS's cron expressions were last due, and which of them are any.
import { describe, expect, test } from 'vitest';
import { comesSoon, isSchedule, lastDue } from '../../src/adapters/schedules.ts';

/** A Saturday. */
const NOW = Date.parse('2026-11-28T02:30:00Z');

const at = (schedule: string, zone = 'UTC', now = NOW) =>
  new Date(lastDue(schedule, zone, now) ?? 0).toISOString();

describe('a schedule was last due', () => {
  test.each([
    ['each night', 'cron(0 3 * * ? *)', '2026-11-27T03:00:00.000Z'],
    ['on Mondays, by name', 'cron(0 9 ? * MON *)', '2026-11-23T09:00:00.000Z'],
    ['on Mondays, by AWS’s number', 'cron(0 9 ? * 2 *)', '2026-11-23T09:00:00.000Z'],
    ['on weekdays', 'cron(30 9 ? * MON-FRI *)', '2026-11-27T09:30:00.000Z'],
    ['every six hours, from one', 'cron(0 1/6 * * ? *)', '2026-11-28T01:00:00.000Z'],
    ['on the first Monday', 'cron(0 9 ? * 2#1 *)', '2026-11-02T09:00:00.000Z'],
    ['on the last day of the month', 'cron(0 9 L * ? *)', '2026-10-31T09:00:00.000Z'],
    ['on the last Friday', 'cron(0 9 ? * 6L *)', '2026-11-27T09:00:00.000Z'],
    ['in two months of the year', 'cron(0 9 1 JAN,JUL ? *)', '2026-07-01T09:00:00.000Z'],
  ])('%s', (_, schedule, due) => expect(at(schedule)).toBe(due));

  test('in its own time zone, through the change of the clocks', () => {
    expect(at('cron(0 3 * * ? *)', 'Europe/Madrid')).toBe('2026-11-28T02:00:00.000Z');
    expect(at('cron(0 3 * * ? *)', 'Europe/Madrid', Date.parse('2026-07-01T12:00:00Z'))).toBe(
      '2026-07-01T01:00:00.000Z',
    );
  });

  test('this very moment', () => {
    const due = Date.parse('2026-11-28T03:00:00Z');
    expect(lastDue('cron(0 3 * * ? *)', 'UTC', due)).toBe(due);
    expect(lastDue('cron(0 3 * * ? *)', 'UTC', due - 1)).toBe(due - 24 * 60 * 60 * 1000);
  });

  test('never, where its years are still to come', () => {
    expect(lastDue('cron(0 3 * * ? 2030)', 'UTC', NOW)).toBeUndefined();
  });
});

test('what never comes again, or not for years, does not come soon', () => {
  expect(comesSoon('cron(0 9 ? * MON *)', NOW)).toBe(true);
  expect(comesSoon('cron(0 9 1 JAN ? *)', NOW)).toBe(true);
  for (const never of ['cron(0 9 30 2 ? *)', 'cron(0 9 1 * ? 2020)', 'cron(0 9 1 JAN ? 2040)'])
    expect(comesSoon(never, NOW), never).toBe(false);
});

describe('no schedule is', () => {
  test.each([
    'rate(1 day)',
    'cron(0 3 * * * *)',
    'cron(0 3 ? * ? *)',
    'cron(0 3 * * ?)',
    'cron(0 25 * * ? *)',
    'cron(60 3 * * ? *)',
    'cron(0 9 ? * 8 *)',
    'cron(0 9 ? * 0 *)',
    'cron(? 3 * * ? *)',
    'cron(a b c d e f)',
    '0 3 * * ? *',
    '',
  ])('%s', (text) => expect(isSchedule(text)).toBe(false));
});
