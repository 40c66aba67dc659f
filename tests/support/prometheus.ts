/** Reads Prometheus' text format with a third-party parser. */
import { createRequire } from 'node:module';

export type ParsedMetric = {
  name: string;
  help: string;
  type: string;
  metrics: { value: string; labels?: Record<string, string> }[];
};

// The package has no types.
const load = createRequire(__filename)('parse-prometheus-text-format');
const parse = (load.default ?? load) as (text: string) => ParsedMetric[];

/** The metrics by name. */
export const metricsIn = (text: string): Map<string, ParsedMetric> =>
  new Map(parse(text).map((metric) => [metric.name, metric]));
