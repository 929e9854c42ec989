// When an alarm rings: by its figures, by their absence, and by the states of others.
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../clock.ts';
import { type Alarm, cloudWatchAlarms } from './cloudwatch-alarms.ts';
import { cloudWatchMetrics, type MetricName } from './cloudwatch-metrics.ts';

const METRIC: MetricName = { namespace: 'n', name: 'm', dimensions: { d: '1' } };

function alarm(changes: Partial<Extract<Alarm, { MetricName: string }>> = {}): Alarm {
  return {
    name: 'one',
    Namespace: 'n',
    MetricName: 'm',
    Dimensions: [{ Name: 'd', Value: '1' }],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    ...changes,
  };
}

/** The states of `one`, minute by minute, when so much is counted in each; undefined: nothing. */
function states(alarms: Alarm[], counted: (number | undefined)[], name = 'one'): string[] {
  const metrics = cloudWatchMetrics();
  const watch = cloudWatchAlarms(alarms, metrics);
  return counted.map((value, minute) => {
    if (value !== undefined) metrics.put(METRIC, value, minute * MINUTE);
    watch.evaluate((minute + 1) * MINUTE);
    return watch.state(name);
  });
}

describe('an alarm', () => {
  test('rings for as long as what was counted in its period is too much', () => {
    const counted = [1, 1, ...Array(5).fill(undefined)];
    expect(states([alarm()], counted)).toEqual(['OK', 'ALARM', 'ALARM', 'ALARM', 'ALARM', 'OK', 'OK']);
  });

  test('takes the sum or the largest, as it says', () => {
    expect(states([alarm({ Statistic: 'Maximum' })], [1, 1, 2])).toEqual(['OK', 'OK', 'ALARM']);
  });

  test('that asks for several periods waits for all of them', () => {
    const twice = alarm({ Period: 60, EvaluationPeriods: 2 });
    expect(states([twice], [2, 2, 0, 2, undefined, 2])).toEqual(['OK', 'ALARM', 'OK', 'OK', 'OK', 'OK']);
  });

  test('does not look at another metric of the same name', () => {
    expect(states([alarm({ Dimensions: [{ Name: 'd', Value: '2' }] })], [5])).toEqual(['OK']);
  });

  test.each([
    ['breaching', ['ALARM', 'OK', 'ALARM']],
    ['notBreaching', ['OK', 'OK', 'OK']],
    ['missing', ['INSUFFICIENT_DATA', 'OK', 'INSUFFICIENT_DATA']],
    ['ignore', ['INSUFFICIENT_DATA', 'OK', 'OK']],
  ])('without figures does as it is told: %s', (TreatMissingData, expected) => {
    expect(states([alarm({ Period: 60, TreatMissingData })], [undefined, 0, undefined])).toEqual(expected);
  });
});

test('an alarm says by which figures it is in its state, and a composite one by those that it wants to ring', () => {
  const metrics = cloudWatchMetrics();
  const few = alarm({ name: 'few', EvaluationPeriods: 2, ComparisonOperator: 'LessThanThreshold' });
  const both: Alarm = { name: 'both', AlarmRule: 'ALARM("few") AND OK("one")' };
  const watch = cloudWatchAlarms([alarm(), few, both], metrics);
  metrics.put(METRIC, 3, 0);
  watch.evaluate(6 * MINUTE);
  expect(watch.reasons('both', 6 * MINUTE)).toEqual([
    'Sum of m (1) in 5 minutes, the latest first: none, 3. It rings below 1.',
  ]);
});

describe('a composite alarm', () => {
  const stopped = alarm({ name: 'stopped', Period: 60, TreatMissingData: 'breaching' });
  const began = alarm({ name: 'began', Period: 60, TreatMissingData: 'ignore' });
  const both: Alarm = { name: 'one', AlarmRule: 'ALARM("stopped") AND OK("began")' };

  test('rings when its rule is true', () => {
    expect(states([both, stopped, began], [undefined, 1, undefined])).toEqual(['OK', 'OK', 'ALARM']);
  });

  test('with a rule in words that are not known here is an error', () => {
    const odd: Alarm = { name: 'one', AlarmRule: 'ALARM("stopped") OR OK("began")' };
    expect(() => states([odd, stopped, began], [1])).toThrow('does not know the rule');
  });
});
