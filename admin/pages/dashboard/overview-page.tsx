/** How deliveries are doing, at a glance. */
import { Box, Flex, IconButton, LinkButton } from '@strapi/design-system';
import { ArrowClockwise, Plus } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { Statistics } from '../../../server/contract/delivery';
import { usePermissions } from '../../services/permissions';
import { Choice } from '../../components/choice';
import { EmptyState } from '../../lists/empty-state';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { DeliveriesChart } from './deliveries-chart';
import { Endpoints } from './endpoints';
import { Figures } from './figures';
import { LatencyChart } from './latency-chart';
import { rangeOfLength, RANGES, type RangeName } from './ranges';
import { useOverview } from './use-overview';

const NothingYet = ({ hasWebhooks }: { hasWebhooks: boolean }) => {
  const text = useText();
  const { may } = usePermissions();
  if (hasWebhooks) return <EmptyState content={text('overview.nothingSent')} />;
  return (
    <EmptyState
      content={text('overview.empty')}
      action={
        may('webhook.create') && (
          <LinkButton tag={NavLink} to={pathTo('webhooks', 'create')} startIcon={<Plus />}>
            {text('overview.makeWebhook')}
          </LinkButton>
        )
      }
    />
  );
};

const Content = ({ statistics, range }: { statistics: Statistics; range: RangeName }) => {
  if (!statistics.hasDeliveries) return <NothingYet hasWebhooks={statistics.webhooks.total > 0} />;
  return (
    <Flex direction="column" alignItems="stretch" gap={5}>
      <Figures statistics={statistics} />
      <DeliveriesChart statistics={statistics} range={range} />
      <LatencyChart statistics={statistics} range={range} />
      <Endpoints statistics={statistics} />
    </Flex>
  );
};

export const OverviewPage = () => {
  const text = useText();
  const { range, setRange, load } = useOverview();
  return (
    <PageFrame
      permission="delivery.read"
      title={text('overview.title')}
      subtitle={text('overview.subtitle')}
      isBusy={load.isLoading}
      primaryAction={
        <Flex gap={2}>
          <Box width="20rem">
            <Choice
              label={text('overview.range')}
              value={range}
              options={RANGES.map((name) => ({
                value: name,
                label: text(`overview.range.${name}`),
              }))}
              onChange={setRange}
            />
          </Box>
          <IconButton label={text('deliveries.refresh')} onClick={load.refresh}>
            <ArrowClockwise />
          </IconButton>
        </Flex>
      }
    >
      <Loaded load={load}>
        {(statistics) => (
          <Content statistics={statistics} range={rangeOfLength(statistics.lastMs)} />
        )}
      </Loaded>
    </PageFrame>
  );
};
