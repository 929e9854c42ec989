// How CloudWatch reads figures off the lines of a log.
import { describe, expect, test } from 'vitest';
import { cloudWatchMetrics } from './cloudwatch-metrics.ts';

const LINE = {
  functionName: 'f',
  queue: 'q',
  presses: 2,
  _aws: {
    Timestamp: 1000,
    CloudWatchMetrics: [
      {
        Namespace: 'n',
        Dimensions: [['functionName'], ['functionName', 'queue']],
        Metrics: [{ Name: 'presses', Unit: 'Count' }],
      },
    ],
  },
};

function read(line: string) {
  const metrics = cloudWatchMetrics();
  metrics.readLine(line);
  return metrics;
}

describe('a line', () => {
  test('counts once for each set of its dimensions', () => {
    const metrics = read(JSON.stringify(LINE));
    expect(metrics.names()).toEqual([
      { namespace: 'n', name: 'presses', dimensions: { functionName: 'f' } },
      { namespace: 'n', name: 'presses', dimensions: { functionName: 'f', queue: 'q' } },
    ]);
    const byQueue = { namespace: 'n', name: 'presses', dimensions: { queue: 'q', functionName: 'f' } };
    expect(metrics.values(byQueue, 0, 1001)).toEqual([2]);
    expect(metrics.values(byQueue, 1001, 2000)).toEqual([]);
  });

  test.each([
    ['has words before it', `2026-11-16T09:00:00.000Z\tINFO\t${JSON.stringify(LINE)}`],
    ['is no figure', '{"event":"user.renamed"}'],
    ['is no object', '7'],
  ])('that %s counts nothing', (_, line) => {
    expect(read(line).names()).toEqual([]);
  });

  test.each([
    ['lacks its number', { presses: '2' }, 'has no number called presses'],
    ['lacks a dimension', { queue: undefined }, 'has no text called queue'],
    ['has an empty dimension', { queue: '' }, 'has no text called queue'],
    ['has no time', { _aws: { ...LINE._aws, Timestamp: '1000' } }, 'has no time'],
  ])('that claims to be a figure and %s is an error', (_, changes, why) => {
    expect(() => read(JSON.stringify({ ...LINE, ...changes }))).toThrow(why);
  });
});
