// A chart among blocks. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block: not in Slack's own typings yet.
export interface Chart {
  type: 'data_visualization';
  title: string;
  chart: {
    series: { name: string; data: { label: string; value: number }[] }[];
    axis_config: { y_label?: string };
  };
}

export function isChart(block: { type: string }): block is Chart {
  return block.type === 'data_visualization';
}
