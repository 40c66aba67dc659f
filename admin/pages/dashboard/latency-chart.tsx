/** How long endpoints took to answer, over time: the middle one, and the slow ones. */
import { Flex, Typography } from '@strapi/design-system';
import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { DefaultTheme } from 'styled-components';
import type { Latency, Statistics } from '../../../server/contract/delivery';
import { useText } from '../../translations/use-text';
import { useDuration } from '../../components/use-duration';
import { ChartBox } from './chart-box';
import { CHART_HEIGHT, useChartLook } from './chart-look';
import type { RangeName } from './ranges';

type Props = { statistics: Statistics; range: RangeName };
type Percentile = keyof Latency;

const PERCENTILES: readonly Percentile[] = ['p50', 'p95', 'p99'];
const DASHES: Record<Percentile, string | undefined> = { p50: undefined, p95: '7 3', p99: '2 3' };

const colorOf = (name: Percentile, colors: DefaultTheme['colors']) =>
  ({ p50: colors.secondary500, p95: colors.warning600, p99: colors.danger600 })[name];

const Legend = ({
  latency,
  colors,
}: {
  latency: Latency | null;
  colors: DefaultTheme['colors'];
}) => {
  const text = useText();
  const duration = useDuration();
  return (
    <Flex tag="ul" gap={5} wrap="wrap">
      {PERCENTILES.map((name) => (
        <Flex tag="li" key={name} gap={2}>
          <svg width={24} height={14} aria-hidden>
            <path
              d="M0,7 h24"
              stroke={colorOf(name, colors)}
              strokeWidth={2}
              strokeDasharray={DASHES[name]}
            />
          </svg>
          <Typography variant="pi" textColor="neutral600">
            {text(`overview.${name}`)}
          </Typography>
          <Typography variant="pi" fontWeight="bold">
            {latency ? duration(latency[name]) : '-'}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
};

export const LatencyChart = ({ statistics, range }: Props) => {
  const text = useText();
  const duration = useDuration();
  const look = useChartLook(range);
  const points = statistics.buckets.map(({ at, latency }) => ({ at, ...latency }));
  const title = text('overview.latency');
  const rows = statistics.buckets.flatMap(({ at, latency }) =>
    latency === null
      ? []
      : [
          {
            key: at,
            label: look.momentOf(at),
            cells: PERCENTILES.map((name) => duration(latency[name])),
          },
        ],
  );
  return (
    <ChartBox
      title={title}
      description={
        statistics.sampledEvery === 1
          ? text('overview.latencyHint')
          : text('overview.latencySampled', { every: statistics.sampledEvery })
      }
      legend={<Legend latency={statistics.latency} colors={look.colors} />}
      table={{ columns: PERCENTILES.map((name) => text(`overview.${name}`)), rows }}
    >
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <LineChart data={points} title={title}>
          <CartesianGrid {...look.grid} />
          <XAxis {...look.xAxis} />
          <YAxis {...look.yAxis} tickFormatter={duration} />
          <Tooltip
            {...look.tooltip}
            labelFormatter={(at) => look.momentOf(String(at))}
            formatter={(ms) => duration(Number(ms))}
          />
          {PERCENTILES.map((name) => (
            <Line
              key={name}
              dataKey={name}
              name={text(`overview.${name}`)}
              stroke={colorOf(name, look.colors)}
              strokeWidth={2}
              strokeDasharray={DASHES[name]}
              dot={{ r: 2, strokeDasharray: 'none' }}
              isAnimationActive={false}
              connectNulls
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartBox>
  );
};
