/** The text format that Prometheus reads (exposition format 0.0.4). Pure. */

export type Labels = Record<string, string>;
export type Sample = { labels: Labels; value: number };

export type Metric = {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Of a histogram, what it consists of: a name with `_bucket`, `_sum` or `_count` behind it. */
  samples: (Sample & { suffix?: string })[];
};

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

const labelled = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const linesOf = ({ name, type, help, samples }: Metric): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...samples.map(
    ({ labels, value, suffix = '' }) => `${name}${suffix}${labelled(labels)} ${value}`,
  ),
];

export const textOf = (metrics: readonly Metric[]): string =>
  `${metrics.flatMap(linesOf).join('\n')}\n`;
