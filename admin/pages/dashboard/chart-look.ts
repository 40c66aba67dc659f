/** What both charts look like: Strapi's own colours, in its light and its dark theme. */
import { useIntl } from 'react-intl';
import { useTheme } from 'styled-components';
import { AXIS_FORMATS, MOMENT_FORMAT, type RangeName } from './ranges';

export const CHART_HEIGHT = 240;

export const useChartLook = (range: RangeName) => {
  const { colors } = useTheme();
  const { formatDate } = useIntl();
  const mark = { fill: colors.neutral600, fontSize: 12 };
  return {
    colors,
    momentOf: (at: string) => formatDate(at, MOMENT_FORMAT),
    xAxis: {
      dataKey: 'at',
      tickFormatter: (at: string) => formatDate(at, AXIS_FORMATS[range]),
      minTickGap: 40,
      tick: mark,
      tickLine: false,
      axisLine: { stroke: colors.neutral200 },
    },
    yAxis: { tick: mark, tickLine: false, axisLine: false, width: 56 },
    grid: { stroke: colors.neutral200, strokeDasharray: '3 3', vertical: false },
    tooltip: {
      isAnimationActive: false,
      cursor: { fill: colors.neutral150, stroke: colors.neutral200 },
      contentStyle: {
        background: colors.neutral0,
        border: `1px solid ${colors.neutral200}`,
        borderRadius: 4,
        color: colors.neutral800,
        fontSize: 13,
      },
      labelStyle: { color: colors.neutral600, fontWeight: 600 },
      itemStyle: { color: colors.neutral800, padding: 0 },
    },
  };
};
