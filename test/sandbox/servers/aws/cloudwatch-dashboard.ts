// Which metrics a CloudWatch dashboard shows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
import type { MetricName } from './cloudwatch-metrics.ts';

interface Dashboard {
  widgets: { type: string; properties: { title: string; region: string; metrics: unknown[][] } }[];
}

/** Every metric of every widget, with what its dots stand for. What it searches for is left out. */
export function metricsShown(dashboard: unknown): MetricName[] {
  return (dashboard as Dashboard).widgets.flatMap(({ properties: { metrics } }) => {
    let last: string[] = [];
    return metrics.flatMap((line) => {
      const texts = line.filter((part) => typeof part === 'string');
      if (texts.length === 0) return [];
      last = filledIn(texts, last);
      return [named(last)];
    });
  });
}

function filledIn(texts: string[], last: string[]): string[] {
  if (texts[0] === '...') return last;
  return texts.map((text, place) => {
    const meant = text === '.' ? last[place] : text;
    if (meant === undefined) throw new Error(`nothing stands before the dot in ${texts}`);
    return meant;
  });
}

function named([namespace = '', name = '', ...pairs]: string[]): MetricName {
  const dimensions: Record<string, string> = {};
  for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
  return { namespace, name, dimensions };
}
