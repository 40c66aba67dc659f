/** On the panel's home page: whether anything needs somebody, in four numbers. */
import { Flex, Typography, type TypographyProps } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { Statistics } from '../../server/contract/delivery';
import { deliveries } from '../services/deliveries';
import { useLoad } from '../services/use-load';
import { Loaded } from '../components/loaded';
import { useDuration } from '../components/use-duration';
import { useText } from '../translations/use-text';

type FactProps = { name: string; value: string; textColor?: TypographyProps['textColor'] };

const Fact = ({ name, value, textColor }: FactProps) => (
  <Flex tag="div" justifyContent="space-between" gap={4} paddingTop={3} paddingBottom={3}>
    <Typography tag="dt" textColor="neutral600">
      {name}
    </Typography>
    <Typography tag="dd" fontWeight="bold" textColor={textColor} style={{ margin: 0 }}>
      {value}
    </Typography>
  </Flex>
);

const Facts = ({ statistics: { webhooks, states, queue } }: { statistics: Statistics }) => {
  const text = useText();
  const { formatNumber } = useIntl();
  const duration = useDuration();
  const warned = (count: number, textColor: TypographyProps['textColor']) =>
    count > 0 ? textColor : undefined;
  const { oldestWaitingMs } = queue;
  return (
    <Flex tag="dl" direction="column" alignItems="stretch" margin={0}>
      <Fact
        name={text('widget.failing')}
        value={formatNumber(webhooks.failing)}
        textColor={warned(webhooks.failing, 'warning600')}
      />
      <Fact
        name={text('widget.disabled')}
        value={formatNumber(webhooks.disabled)}
        textColor={warned(webhooks.disabled, 'danger600')}
      />
      <Fact
        name={text('widget.dead')}
        value={formatNumber(states.dead)}
        textColor={warned(states.dead, 'danger600')}
      />
      <Fact name={text('widget.waiting')} value={formatNumber(queue.pending + queue.retrying)} />
      <Fact
        name={text('widget.oldest')}
        value={oldestWaitingMs === null ? '-' : duration(oldestWaitingMs)}
      />
    </Flex>
  );
};

const OverviewWidget = () => {
  const load = useLoad(deliveries.statistics, {});
  return <Loaded load={load}>{(statistics) => <Facts statistics={statistics} />}</Loaded>;
};

export default OverviewWidget;
