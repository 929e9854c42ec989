// What `npm run bench` makes of what it measured; and that it counts right, at a size at which nothing takes long.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULTS, PARTS, readArguments } from './arguments.ts';
import { asJson, line, median, quantile, table, unmeasured } from './figures.ts';
import { sweep } from './parts/sweep.ts';

afterEach(() => vi.restoreAllMocks());

describe('what is typed after `npm run bench --`', () => {
  it('asks for everything in its usual size when it is nothing', () => {
    expect(readArguments([])).toEqual({ parts: PARTS, sizes: DEFAULTS });
  });

  it('names parts, in any order, and sizes between them', () => {
    const { parts, sizes } = readArguments([
      'bundle',
      '--users',
      '200',
      '--due',
      '5',
      'ack',
      '--owned',
      '10',
      '--open',
      '9',
    ]);
    expect(parts).toEqual(['ack', 'bundle']);
    expect(sizes).toEqual({ ...DEFAULTS, users: 200, due: 5, owned: 10, open: 9, listed: 9 });
  });

  it.each([
    [['sleep'], /there is no part sleep/],
    [['--size', '9'], /there is no --size/],
    [['--users', 'many'], /--users takes a whole number/],
    [['--users'], /--users takes a whole number/],
    [['--runs', '0'], /--runs takes a whole number/],
    [['--users', '50'], /not so many can be due/],
  ])('is refused where it means nothing: %j', (given, why) => {
    expect(() => readArguments(given)).toThrow(why);
  });
});

describe('figures', () => {
  it('have a middle, whatever their order', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
  });

  it('have a value that all but one in a hundred stay within', () => {
    const hundred = Array.from({ length: 100 }, (_, nth) => 100 - nth);
    expect([quantile(hundred, 0.99), quantile(hundred, 0.5), quantile([5], 0.99)]).toEqual([99, 50.5, 5]);
  });

  it('are not made up where nothing was measured', () => {
    expect(() => median([])).toThrow('nothing was measured');
  });
});

describe('what is told in the end', () => {
  const measured = {
    cost: { figures: { usd: 3.491234567 }, lines: [line('a month', 3.491234567, { unit: 'USD', most: 2 })] },
    accounts: unmeasured('accounts', 'one account is served'),
  };

  it('is a table with the aims, and with the reason where there is no figure', () => {
    expect(table(measured).split('\n')).toEqual([
      '| part     | what                  | measured | aim     | met |',
      '|----------|-----------------------|----------|---------|-----|',
      '| cost     | a month               | 3.49 USD | ≤ 2 USD | no  |',
      '| accounts | one account is served | —        |         |     |',
    ]);
  });

  it('is one line of JSON with every field, null where it was not measured', () => {
    const told = JSON.parse(asJson(measured));
    expect(Object.keys(told)).toEqual([...PARTS]);
    expect(told.cost).toEqual({ usd: 3.49123 });
    expect(told.accounts).toEqual({ accounts: null, users: null, hours: null, peakMb: null });
    expect(told.bundle).toEqual({ slackBytes: null, slackZipBytes: null, workerBytes: null });
  });

  it('counts an aim as met at its very value', () => {
    expect([line('', 2, { most: 2 }).isMet, line('', 2.01, { most: 2 }).isMet, line('', 2).isMet]).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});

it('a night is measured at any size: what it finds, what it asks of IAM, and what the walk over all users asks', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const sizes = { ...DEFAULTS, users: 60, due: 3, open: 44, runs: 1 };
  const { figures } = await sweep(sizes);
  expect(figures).toMatchObject({ users: 60, due: 3, open: 44, peerIamCalls: 61 });
  expect(figures.iamCalls).toBeGreaterThanOrEqual(3 * sizes.due);
  expect(figures.iamCalls).toBeLessThanOrEqual(3 * sizes.due + 10);
  expect(figures.iamCallsOpen).toBeLessThanOrEqual(3 * sizes.open + 10);
});
