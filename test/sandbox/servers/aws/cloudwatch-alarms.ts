// CloudWatch's alarms: the state of each, worked out anew every minute from the metrics.
import type { Metrics } from './cloudwatch-metrics.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** As the template says it. */
export type Alarm = {
  name: string;
  AlarmDescription?: string;
  AlarmActions?: string[];
  OKActions?: string[];
} & (MetricAlarm | CompositeAlarm);

interface MetricAlarm {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: string }[];
  Statistic: string;
  /** Seconds. */
  Period: number;
  EvaluationPeriods: number;
  /** How many of these; undefined: all. */
  DatapointsToAlarm?: number;
  ComparisonOperator: string;
  Threshold: number;
  TreatMissingData: string;
}

interface CompositeAlarm {
  AlarmRule: string;
}

export interface Alarms {
  /** What CloudWatch does every minute. */
  evaluate(now: number): void;
  state(name: string): AlarmState;
  /** Why it is in this state, by the figures of now: of each metric that it looks at, a line. */
  reasons(name: string, now: number): string[];
  /** Each change of state so far, oldest first. */
  readonly changes: readonly { name: string; to: AlarmState; at: number }[];
}

/** An alarm begins without a state, and its first one is set like any other. */
export function cloudWatchAlarms(alarms: readonly Alarm[], metrics: Metrics): Alarms {
  const states = new Map<string, AlarmState>(alarms.map(({ name }) => [name, 'INSUFFICIENT_DATA']));
  const changes: { name: string; to: AlarmState; at: number }[] = [];
  // A composite alarm looks at the states of the others.
  const inOrder = [...alarms].sort((a, b) => Number('AlarmRule' in a) - Number('AlarmRule' in b));

  function state(name: string): AlarmState {
    const found = states.get(name);
    if (!found) throw new Error(`there is no alarm called ${name}`);
    return found;
  }

  function reasons(name: string, now: number): string[] {
    const alarm = alarms.find((one) => one.name === name);
    if (!alarm) throw new Error(`there is no alarm called ${name}`);
    if ('AlarmRule' in alarm) return namedIn(alarm.AlarmRule).flatMap((part) => reasons(part, now));
    return [reasonByMetric(alarm, metrics, now)];
  }

  return {
    state,
    reasons,
    changes,
    evaluate(now) {
      for (const alarm of inOrder) {
        const before = state(alarm.name);
        const to =
          'AlarmRule' in alarm
            ? stateByRule(alarm.AlarmRule, state)
            : stateByMetric(alarm, metrics, now, before);
        if (to === before) continue;
        states.set(alarm.name, to);
        changes.push({ name: alarm.name, to, at: now });
      }
    },
  };
}

function reasonByMetric(alarm: MetricAlarm, metrics: Metrics, now: number): string {
  const { MetricName, Dimensions, Statistic, Period, EvaluationPeriods, Threshold } = alarm;
  const figures = Array.from({ length: EvaluationPeriods }, (_, back) => figure(alarm, metrics, now, back));
  const shown = figures.map((value) => value ?? 'none').join(', ');
  const relation = alarm.ComparisonOperator === 'GreaterThanThreshold' ? 'above' : 'below';
  const of = Dimensions.map(({ Value }) => Value).join(', ');
  return `${Statistic} of ${MetricName} (${of}) in ${Period / 60} minutes, the latest first: ${shown}. It rings ${relation} ${Threshold}.`;
}

type Verdict = 'breaching' | 'notBreaching' | 'missing';

/** "Configuring how CloudWatch alarms treat missing data". */
function stateByMetric(alarm: MetricAlarm, metrics: Metrics, now: number, before: AlarmState): AlarmState {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const periods = Array.from({ length: EvaluationPeriods }, (_, back) => verdict(alarm, metrics, now, back));
  if (periods.every((one) => one === 'missing') && isLeftOpen(TreatMissingData))
    return TreatMissingData === 'ignore' ? before : 'INSUFFICIENT_DATA';
  const filled = periods.map((one) => (one === 'missing' ? TreatMissingData : one));
  return filled.filter((one) => one === 'breaching').length >= DatapointsToAlarm ? 'ALARM' : 'OK';
}

function isLeftOpen(treat: string): boolean {
  if (!['breaching', 'notBreaching', 'ignore', 'missing'].includes(treat))
    throw new Error(`there is no way to treat missing data called ${treat}`);
  return treat === 'ignore' || treat === 'missing';
}

function verdict(alarm: MetricAlarm, metrics: Metrics, now: number, back: number): Verdict {
  const value = figure(alarm, metrics, now, back);
  if (value === undefined) return 'missing';
  return breaches(value, alarm) ? 'breaching' : 'notBreaching';
}

/** undefined where nothing was counted. `back`: how many periods ago. */
function figure(alarm: MetricAlarm, metrics: Metrics, now: number, back: number): number | undefined {
  const ms = alarm.Period * 1000;
  const dimensions = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const metric = { namespace: alarm.Namespace, name: alarm.MetricName, dimensions };
  const values = metrics.values(metric, now - (back + 1) * ms, now - back * ms);
  return values.length === 0 ? undefined : statistic(alarm.Statistic, values);
}

function statistic(name: string, values: number[]): number {
  if (name === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (name === 'Maximum') return Math.max(...values);
  throw new Error(`the sandbox does not know the statistic ${name}`);
}

function breaches(value: number, { ComparisonOperator, Threshold }: MetricAlarm): boolean {
  if (ComparisonOperator === 'GreaterThanThreshold') return value > Threshold;
  if (ComparisonOperator === 'LessThanThreshold') return value < Threshold;
  throw new Error(`the sandbox does not know the comparison ${ComparisonOperator}`);
}

function stateByRule(rule: string, state: (name: string) => AlarmState): AlarmState {
  return partsOf(rule).every(({ wanted, name }) => state(name) === wanted) ? 'ALARM' : 'OK';
}

/** What a rule wants to ring: an alarm that has to be OK is no cause. */
function namedIn(rule: string): string[] {
  return partsOf(rule).flatMap(({ wanted, name }) => (wanted === 'ALARM' ? [name] : []));
}

/** As much of the rules' language as is used: states that must all be so. */
function partsOf(rule: string): { wanted: string; name: string }[] {
  return rule.split(' AND ').map((part) => {
    const [, wanted, name] = /^(ALARM|OK|INSUFFICIENT_DATA)\("([^"]+)"\)$/.exec(part.trim()) ?? [];
    if (wanted === undefined || name === undefined)
      throw new Error(`the sandbox does not know the rule ${part}`);
    return { wanted, name };
  });
}
