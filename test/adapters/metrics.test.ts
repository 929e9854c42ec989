// Which lines of the log CloudWatch counts, and by what.
import { describe, expect, it } from 'vitest';
import { jsonLog } from '../../src/adapters/json-log.ts';
import { OutsideError, TryLater } from '../../src/usecases/errors.ts';
import type { LogFacts } from '../../src/usecases/ports.ts';

const NOW = Date.parse('2026-11-20T13:00:00Z');
const WORKER = 'keyrotate-prod-worker';

function line(event: string, facts: LogFacts = {}) {
  const lines: string[] = [];
  const write = (text: string) => lines.push(text);
  jsonLog({ write, now: () => NOW, functionName: WORKER }).info(event, facts);
  return JSON.parse(lines[0] ?? '');
}

interface Directive {
  Dimensions: string[][];
  Metrics: { Name: string }[];
}

/** Each figure in a line, and what it is told apart by. */
function figures(event: string, facts?: LogFacts): [string, unknown, string[][]][] {
  const read = line(event, facts);
  const directives: Directive[] = read._aws?.CloudWatchMetrics ?? [];
  return directives.flatMap(({ Metrics, Dimensions }) =>
    Metrics.map(({ Name }): [string, unknown, string[][]] => [Name, read[Name], Dimensions]),
  );
}

describe('a line of the log', () => {
  it('that is a figure says so in the embedded metric format, beside its facts', () => {
    expect(line('refusal.told', { personId: 'U0ANA', refusal: 'notYours' })).toEqual({
      time: '2026-11-20T13:00:00.000Z',
      level: 'info',
      event: 'refusal.told',
      functionName: WORKER,
      personId: 'U0ANA',
      refusal: 'notYours',
      refusals: 1,
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: 'keyrotate',
            Dimensions: [['functionName'], ['functionName', 'refusal']],
            Metrics: [{ Name: 'refusals', Unit: 'Count' }],
          },
        ],
      },
    });
  });

  it('that is none stays as it is', () => {
    expect(line('user.renamed', { userName: 'ci' })).not.toHaveProperty('_aws');
  });

  it('may hold several figures', () => {
    expect(figures('sweep.done', { activeKeys: 12, overAge: 3 })).toEqual([
      ['sweeps', 1, [['functionName']]],
      ['activeKeys', 12, [['functionName']]],
      ['overAge', 3, [['functionName']]],
    ]);
  });

  it('is told apart only by what it knows', () => {
    expect(figures('slack.turnedAway')).toEqual([['requestsTurnedAway', 1, [['functionName']]]]);
  });
});

describe('what Slack does not do', () => {
  const no = new OutsideError('refused', 'chat.postMessage', 'missing_scope');

  it('is counted wherever it is logged, also as the cause of something else', () => {
    const slackFailures = ['slackFailures', 1, [['functionName']]];
    expect(figures('messages.postponed', { error: no })).toEqual([slackFailures]);
    const waits = new TryLater(60, 'the token', { cause: no });
    expect(figures('job.postponed', { ms: 5, error: waits })).toContainEqual(slackFailures);
  });

  it('is not taken for what AWS does not do', () => {
    const error = new OutsideError('refused', 'GetUser', 'AccessDenied');
    expect(figures('user.lookRefused', { error })).toEqual([]);
  });
});
