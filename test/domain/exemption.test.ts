// Opting out by a tag: until a day, for a year at most, and never by a word that is no date.
import { describe, expect, it } from 'vitest';
import { readExemption } from '../../src/domain/exemption.ts';
import { DAY } from '../../src/domain/time.ts';
import { NOW } from './given.ts';

const until = (day: string) => Date.parse(`${day}T23:59:59.999Z`);

describe('an exemption', () => {
  it('lasts to the end of the day it names, and says why', () => {
    const tag = ' 2027-01-31   vendor cannot rotate before the contract ends ';
    const read = {
      kind: 'until',
      until: until('2027-01-31'),
      why: 'vendor cannot rotate before the contract ends',
    };
    expect(readExemption(tag, NOW)).toEqual(read);
    expect(readExemption(tag, until('2027-01-31'))).toEqual(read);
    expect(readExemption(tag, until('2027-01-31') + 1)).toBeUndefined();
  });

  it('needs no reason, but is shown without one', () => {
    expect(readExemption('2026-12-01', NOW)).toEqual({ kind: 'until', until: until('2026-12-01'), why: '' });
  });

  it('is none where there is no tag', () => {
    expect(readExemption(undefined, NOW)).toBeUndefined();
  });

  it.each([
    '',
    'true',
    'for ever',
    '2027',
    '31.01.2027',
    '2027-13-01',
    '2027-02-30',
    '2027-01-31x',
    'until 2027-01-31',
  ])('exempts from nothing when its tag is %j, and is shown as unclear', (text) => {
    expect(readExemption(text, NOW)).toEqual({ kind: 'unclear', text });
  });

  it('exempts from nothing when its day is more than a year ahead', () => {
    const day = (days: number) => new Date(NOW + days * DAY).toISOString().slice(0, 10);
    expect(readExemption(day(365), NOW)).toMatchObject({ kind: 'until' });
    expect(readExemption(day(367), NOW)).toEqual({ kind: 'unclear', text: day(367) });
    expect(readExemption('9999-12-31', NOW)).toMatchObject({ kind: 'unclear' });
  });
});
