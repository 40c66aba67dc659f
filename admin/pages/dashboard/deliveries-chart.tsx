/** Deliveries over time, stacked by what became of them. */
import * as React from 'react';
import { Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Statistics } from '../../../server/contract/delivery';
import { useText } from '../../translations/use-text';
import { ChartBox } from './chart-box';
import { CHART_HEIGHT, useChartLook } from './chart-look';
import { patternId, Patterns } from './patterns';
import type { RangeName } from './ranges';
import { barsOf, countsOf, shownSeries, totalOf, type SeriesName } from './series';

type Props = { statistics: Statistics; range: RangeName };

const SWATCH = 14;

const Legend = ({
  id,
  names,
  statistics,
}: { id: string; names: SeriesName[] } & Pick<Props, 'statistics'>) => {
  const text = useText();
  const { formatNumber } = useIntl();
  const counts = countsOf(statistics.states);
  return (
    <Flex tag="ul" gap={5} wrap="wrap">
      {names.map((name) => (
        <Flex tag="li" key={name} gap={2}>
          <svg width={SWATCH} height={SWATCH} aria-hidden>
            <rect width={SWATCH} height={SWATCH} rx={2} fill={`url(#${patternId(id, name)})`} />
          </svg>
          <Typography variant="pi" textColor="neutral600">
            {text(`overview.series.${name}`)}
          </Typography>
          <Typography variant="pi" fontWeight="bold">
            {formatNumber(counts[name])}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
};

export const DeliveriesChart = ({ statistics, range }: Props) => {
  const text = useText();
  const { formatNumber } = useIntl();
  const look = useChartLook(range);
  // Colons, which React puts into ids, end a reference in SVG.
  const id = React.useId().replaceAll(':', '');
  const names = shownSeries(statistics.states);
  const bars = barsOf(statistics.buckets);
  const title = text('overview.deliveries');
  const nameOf = (name: SeriesName) => text(`overview.series.${name}`);
  const rows = bars
    .filter((bar) => totalOf(bar) > 0)
    .map((bar) => ({
      key: bar.at,
      label: look.momentOf(bar.at),
      cells: names.map((name) => formatNumber(bar[name])),
    }));
  return (
    <ChartBox
      title={title}
      description={text('overview.deliveriesHint')}
      legend={<Legend id={id} names={names} statistics={statistics} />}
      table={{ columns: names.map(nameOf), rows }}
    >
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <BarChart data={bars} title={title} barCategoryGap="12%">
          <Patterns id={id} names={names} colors={look.colors} />
          <CartesianGrid {...look.grid} />
          <XAxis {...look.xAxis} />
          <YAxis
            {...look.yAxis}
            allowDecimals={false}
            tickFormatter={(count: number) => formatNumber(count)}
          />
          <Tooltip {...look.tooltip} labelFormatter={(at) => look.momentOf(String(at))} />
          {names.map((name) => (
            <Bar
              key={name}
              dataKey={name}
              name={nameOf(name)}
              stackId="all"
              fill={`url(#${patternId(id, name)})`}
              isAnimationActive={false}
              maxBarSize={48}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </ChartBox>
  );
};
