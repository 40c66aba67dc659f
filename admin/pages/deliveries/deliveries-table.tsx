/** The rows of the delivery log. */
import { Box, Flex, Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { Eye, PaperPlane } from '@strapi/icons';
import { NavLink, useLocation, useNavigate } from 'react-router-dom';
import type { Delivery } from '../../../server/contract/delivery';
import { useApi } from '../../api/use-api';
import type { ListQuery } from '../../api/use-list-query';
import { usePermissions } from '../../api/use-permissions';
import { StateBadge } from '../../components/badges';
import { ColumnHeader } from '../../components/column-header';
import { RowMenu } from '../../components/row-menu';
import type { RowPlace } from '../../components/row-place';
import { TimeAgo } from '../../components/time-ago';
import { useNotice } from '../../components/use-notice';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { isResendable } from './delivery-states';
import { TestMark } from './test-mark';
import { WebhookName } from './webhook-name';

type RowProps = { delivery: Delivery; onResent: () => void };

/** Taken along, so that the way back leads to the same list. */
const useListState = () => ({ search: useLocation().search });

const Actions = ({ delivery, onResent }: RowProps) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const navigate = useNavigate();
  const state = useListState();
  const { may } = usePermissions();
  const resend = async () => {
    try {
      await api.deliveries.resend(delivery.id);
      notice.done(text('deliveries.resent', { count: 1 }));
      onResent();
    } catch (error) {
      notice.failed(error);
    }
  };
  const show = {
    label: text('deliveries.show'),
    icon: <Eye />,
    onSelect: () => navigate(pathTo('deliveries', delivery.id), { state }),
  };
  const again = { label: text('deliveries.resend'), icon: <PaperPlane />, onSelect: resend };
  const mayResend = may('delivery.resend') && isResendable(delivery);
  return (
    <RowMenu
      label={text('list.actionsOf', { name: `${delivery.event} ${delivery.id}` })}
      items={mayResend ? [show, again] : [show]}
    />
  );
};

const EventCell = ({ delivery }: { delivery: Delivery }) => {
  const state = useListState();
  const what = [delivery.uid, delivery.documentId, delivery.locale].filter(Boolean).join(' ');
  return (
    <Box maxWidth={{ initial: '13rem', large: '17rem' }}>
      <Flex gap={2}>
        <Link tag={NavLink} to={pathTo('deliveries', delivery.id)} state={state}>
          {delivery.event}
        </Link>
        <TestMark isTest={delivery.isTest} />
      </Flex>
      {what && (
        <Typography tag="p" variant="pi" textColor="neutral600" ellipsis title={what}>
          {what}
        </Typography>
      )}
    </Box>
  );
};

const StateCell = ({ delivery: { state, reason } }: { delivery: Delivery }) => (
  <Box maxWidth={{ initial: '12rem', large: '17rem' }}>
    <StateBadge state={state} />
    {reason && (
      <Typography tag="p" variant="pi" textColor="neutral600" ellipsis title={reason}>
        {reason}
      </Typography>
    )}
  </Box>
);

const AttemptsCell = ({ delivery: { attemptCount, nextAttemptAt } }: { delivery: Delivery }) => (
  <Flex direction="column" alignItems="flex-start">
    <Typography>{attemptCount}</Typography>
    {/* The key: a time that was put off is told from now, not from when the row was first shown. */}
    {nextAttemptAt && <TimeAgo key={nextAttemptAt} at={nextAttemptAt} textColor="neutral600" />}
  </Flex>
);

const Row = ({ delivery, onResent, ...place }: RowProps & RowPlace) => (
  <Tr {...place}>
    <Td>
      <EventCell delivery={delivery} />
    </Td>
    <Td>
      <Box
        minWidth="10rem"
        maxWidth={{ initial: '11rem', large: '14rem' }}
        paddingTop={2}
        paddingBottom={2}
      >
        <WebhookName webhook={delivery.webhook} />
      </Box>
    </Td>
    <Td>
      <StateCell delivery={delivery} />
    </Td>
    <Td>
      <AttemptsCell delivery={delivery} />
    </Td>
    <Td>
      <TimeAgo at={delivery.createdAt} />
    </Td>
    <Td>
      <Flex justifyContent="flex-end">
        <Actions delivery={delivery} onResent={onResent} />
      </Flex>
    </Td>
  </Tr>
);

const Head = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const sorted = (field: string) => ({ field, query });
  return (
    <Thead>
      <Tr>
        <ColumnHeader label={text('deliveries.event')} sort={sorted('event')} />
        <ColumnHeader label={text('deliveries.webhook')} />
        <ColumnHeader label={text('deliveries.state')} sort={sorted('state')} />
        <ColumnHeader label={text('deliveries.attempts')} sort={sorted('attemptCount')} />
        <ColumnHeader label={text('deliveries.createdAt')} sort={sorted('createdAt')} />
        <ColumnHeader label={text('list.actions')} isHidden />
      </Tr>
    </Thead>
  );
};

type Props = { rows: Delivery[]; query: ListQuery; onResent: () => void };

export const DeliveriesTable = ({ rows, query, onResent }: Props) => (
  <Table colCount={6} rowCount={rows.length + 1}>
    <Head query={query} />
    <Tbody>
      {rows.map((delivery) => (
        <Row key={delivery.id} delivery={delivery} onResent={onResent} />
      ))}
    </Tbody>
  </Table>
);
