// Which events of the log are figures, too. CloudWatch reads them off the log line itself, in its embedded metric format:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import { OutsideError } from '../usecases/errors.ts';
import type { LogFacts } from '../usecases/ports.ts';

const NAMESPACE = 'keyrotate';

interface Figure {
  name: string;
  unit: 'Count' | 'Milliseconds';
  /** Which fact it is; without one, each line counts as one. */
  fact?: 'ms' | 'activeKeys' | 'overAge';
  /** A fact that it is told apart by. Each of its values is a metric that costs money: never a person, a user or an id. */
  by?: 'queue' | 'refusal' | 'code';
}

const count = (name: string, by?: Figure['by']): Figure => ({ name, unit: 'Count', ...(by && { by }) });
const number = (name: 'activeKeys' | 'overAge'): Figure => ({ name, unit: 'Count', fact: name });
const ms = (name: string): Figure => ({ name, unit: 'Milliseconds', fact: 'ms', by: 'queue' });

const FIGURES: Record<string, readonly Figure[]> = {
  'press.accepted': [count('presses')],
  'press.turnedAway': [count('pressesTurnedAway')],
  'refusal.told': [count('refusals', 'refusal')],
  'refusal.notTold': [count('refusals', 'refusal')],
  'rotation.finished': [count('rotationsFinished')],
  'job.done': [ms('doneAfter')],
  'job.postponed': [count('jobsPostponed', 'queue'), ms('waitsFor')],
  'job.failed': [count('jobsFailed', 'queue'), ms('waitsFor')],
  'health.failed': [count('jobsFailed')],
  'job.unreadable': [count('jobsFailed', 'queue'), ms('waitsFor')],
  'admins.notTold': [count('adminsNotTold')],
  'admins.channelRefused': [count('adminsNotTold')],
  'summary.refused': [count('adminsNotTold')],
  'slack.failed': [count('requestsFailed')],
  'slack.turnedAway': [count('requestsTurnedAway', 'code')],
  'sweep.done': [count('sweeps'), number('activeKeys'), number('overAge')],
  'tick.done': [count('ticks')],
  'check.queued': [count('checks')],
};

/** What a line says besides, so that CloudWatch counts it; nothing for an event that is no figure. */
export function figuresOf(event: string, facts: LogFacts, now: number): Record<string, unknown> {
  const figures = [...(FIGURES[event] ?? []), ...(isOfSlack(facts.error) ? [count('slackFailures')] : [])];
  if (figures.length === 0) return {};
  const values = figures.map(({ name, fact }) => [name, fact ? facts[fact] : 1]);
  return {
    ...Object.fromEntries(values),
    _aws: { Timestamp: now, CloudWatchMetrics: figures.map((figure) => directive(figure, facts)) },
  };
}

function directive({ name, unit, by }: Figure, facts: LogFacts): object {
  return {
    Namespace: NAMESPACE,
    Dimensions: [['functionName'], ...(by && facts[by] ? [['functionName', by]] : [])],
    Metrics: [{ Name: name, Unit: unit }],
  };
}

/** Slack did not do what it was asked, whatever came of that. Its methods have a dot in their names, AWS's have none. */
function isOfSlack(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].some((one) => one instanceof OutsideError && one.operation.includes('.'));
}
