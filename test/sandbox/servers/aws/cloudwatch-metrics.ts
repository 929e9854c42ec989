// CloudWatch's metrics: what was counted, by what, and when; and how it reads figures off the lines of a log.

export interface MetricName {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

export interface Metrics {
  put(metric: MetricName, value: number, at: number): void;
  /** Reads a line of a log. One that is no JSON is no figure to CloudWatch; one that claims to be a figure and is none is an error here. */
  readLine(line: string): void;
  /** The values from one moment on, up to another. */
  values(metric: MetricName, from: number, until: number): number[];
  /** Every metric so far. */
  names(): MetricName[];
}

/** Nothing here asks further back: an alarm looks at seven days at most. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export function cloudWatchMetrics(): Metrics {
  const series = new Map<string, { metric: MetricName; points: { at: number; value: number }[] }>();

  function put(metric: MetricName, value: number, at: number): void {
    const key = keyOf(metric);
    const found = series.get(key) ?? { metric, points: [] };
    series.set(key, found);
    while (found.points[0] && found.points[0].at < at - KEPT_MS) found.points.shift();
    found.points.push({ at, value });
  }

  return {
    put,
    readLine(line) {
      for (const { metric, value, at } of embeddedIn(line)) put(metric, value, at);
    },
    values(metric, from, until) {
      const { points = [] } = series.get(keyOf(metric)) ?? {};
      // Points come in the order of time.
      const first = points.findLastIndex(({ at }) => at < from) + 1;
      return points
        .slice(first)
        .filter(({ at }) => at < until)
        .map(({ value }) => value);
    },
    names: () => [...series.values()].map(({ metric }) => metric),
  };
}

/** Each combination of dimensions is a metric of its own. */
function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b))]);
}

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string; Unit?: string }[];
}

const UNITS = ['Count', 'Milliseconds'];
/** Of custom metrics: CloudWatch bills each combination. */
const MOST_DIMENSIONS = 30;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function embeddedIn(line: string): { metric: MetricName; value: number; at: number }[] {
  const root = parsed(line);
  const meta = root?._aws as { Timestamp: number; CloudWatchMetrics: Directive[] } | undefined;
  if (!root || !meta) return [];
  if (!Number.isInteger(meta.Timestamp)) throw badLine('has no time', line);
  return meta.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit = 'None' }) => {
      const value = root[Name];
      if (typeof value !== 'number') throw badLine(`has no number called ${Name}`, line);
      if (!UNITS.includes(Unit)) throw badLine(`has the unit ${Unit}`, line);
      return Dimensions.map((names) => ({
        metric: { namespace: Namespace, name: Name, dimensions: dimensionsIn(root, names, line) },
        value,
        at: meta.Timestamp,
      }));
    }),
  );
}

function dimensionsIn(root: Record<string, unknown>, names: string[], line: string): Record<string, string> {
  if (names.length > MOST_DIMENSIONS) throw badLine('has too many dimensions', line);
  return Object.fromEntries(
    names.map((name) => {
      const value = root[name];
      if (typeof value !== 'string' || value === '') throw badLine(`has no text called ${name}`, line);
      return [name, value];
    }),
  );
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function badLine(why: string, line: string): Error {
  return new Error(`a log line that is to be a metric ${why}: ${line}`);
}
