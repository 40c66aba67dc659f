/** The webhooks that fail most and those that answer slowest, with the way to each and to what failed. */
import { Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { NavLink } from 'react-router-dom';
import type { EndpointFigures, Statistics } from '../../../server/contract/delivery';
import { queryString } from '../../services/query';
import { HealthStateBadge, OffBadge } from '../../domain/badges';
import { ColumnHeader } from '../../lists/column-header';
import type { RowPlace } from '../../lists/row-place';
import { SectionBox } from '../../components/section-box';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { useDuration } from '../../components/use-duration';
import { WebhookName } from '../deliveries/webhook-name';

type CountProps = { count: number; label: string; query: Record<string, string> };

/** A number that leads to the deliveries that it counts. */
const Count = ({ count, label, query }: CountProps) => {
  const { formatNumber } = useIntl();
  if (count === 0) return <Typography textColor="neutral600">0</Typography>;
  return (
    <Link tag={NavLink} to={pathTo('deliveries') + queryString(query)} aria-label={label}>
      {formatNumber(count)}
    </Link>
  );
};

type RowProps = { endpoint: EndpointFigures; from: string };

const Row = ({ endpoint, from, ...place }: RowProps & RowPlace) => {
  const text = useText();
  const duration = useDuration();
  const { id, name, health, enabled, delivered, failed, waiting, p95 } = endpoint;
  const shownName = name ?? id;
  return (
    <Tr {...place}>
      <Td>
        <WebhookName webhook={{ id, name, isDeleted: name === null }} />
      </Td>
      <Td>
        {enabled || health === 'disabled' ? <HealthStateBadge state={health} /> : <OffBadge />}
      </Td>
      <Td>
        <Count
          count={failed}
          label={text('overview.failedOf', { count: failed, name: shownName })}
          query={{ webhook: id, state: 'dead,retrying', from }}
        />
      </Td>
      <Td>
        <Count
          count={waiting}
          label={text('overview.waitingOf', { count: waiting, name: shownName })}
          query={{ webhook: id, state: 'pending,retrying' }}
        />
      </Td>
      <Td>
        <Count
          count={delivered}
          label={text('overview.deliveredOf', { count: delivered, name: shownName })}
          query={{ webhook: id, state: 'delivered', from }}
        />
      </Td>
      <Td>
        <Typography>{p95 === null ? '-' : duration(p95)}</Typography>
      </Td>
    </Tr>
  );
};

const COLUMNS = [
  'deliveries.webhook',
  'overview.health',
  'overview.failed',
  'overview.waiting',
  'state.delivered',
  'overview.slow',
] as const;

export const Endpoints = ({ statistics: { endpoints, from } }: { statistics: Statistics }) => {
  const text = useText();
  if (endpoints.length === 0) return null;
  return (
    <SectionBox title={text('overview.endpoints')} description={text('overview.endpointsHint')}>
      <Table colCount={COLUMNS.length} rowCount={endpoints.length + 1}>
        <Thead>
          <Tr>
            {COLUMNS.map((column) => (
              <ColumnHeader key={column} label={text(column)} />
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {endpoints.map((endpoint) => (
            <Row key={endpoint.id} endpoint={endpoint} from={from} />
          ))}
        </Tbody>
      </Table>
    </SectionBox>
  );
};
