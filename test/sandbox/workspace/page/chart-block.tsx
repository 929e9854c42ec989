// A line chart as Slack draws one, in few strokes. What it shows is said in its name as well.
import type { Chart } from '../../servers/slack/chart.ts';

const WIDTH = 480;
const HEIGHT = 170;
const LEFT = 46;
const BOTTOM = 26;
const TOP = 12;

export function ChartBlock({ block: { title, chart } }: { block: Chart }) {
  const data = chart.series[0]?.data ?? [];
  const values = data.map(({ value }) => value);
  const low = Math.floor(Math.min(...values) / 10) * 10;
  const high = Math.max(low + 10, Math.ceil(Math.max(...values) / 10) * 10);
  const x = (nth: number) => LEFT + 40 + (nth * (WIDTH - LEFT - 84)) / Math.max(1, data.length - 1);
  const y = (value: number) => TOP + ((high - value) * (HEIGHT - TOP - BOTTOM)) / (high - low);
  const spoken = data.map(({ label, value }) => `${label}: ${value}`).join(', ');
  const isNamed = (nth: number) => nth % Math.ceil(data.length / 4) === 0;
  return (
    <figure class="block chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}. ${spoken}`}>
        {[low, (low + high) / 2, high].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} class="rule" />
            <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">
              {value} {chart.axis_config.y_label}
            </text>
          </g>
        ))}
        <polyline points={data.map(({ value }, nth) => `${x(nth)},${y(value)}`).join(' ')} />
        {data.map(({ label, value }, nth) => (
          <g key={label}>
            <circle cx={x(nth)} cy={y(value)} r="3.5" />
            {isNamed(nth) && (
              <text x={x(nth)} y={HEIGHT - 6} text-anchor="middle">
                {label}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
