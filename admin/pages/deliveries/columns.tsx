/** The columns of the delivery log, and what may be done with one delivery. */
import { Box, Flex, Link, Typography } from '@strapi/design-system';
import { Eye, PaperPlane } from '@strapi/icons';
import { NavLink, useLocation, useNavigate } from 'react-router-dom';
import type { Delivery, ListedDelivery } from '../../../server/contract/delivery';
import { TimeAgo } from '../../components/time-ago';
import { useNotice } from '../../components/use-notice';
import { StateBadge } from '../../domain/badges';
import { VerdictBadge } from '../../domain/verdict-badge';
import type { Column, RowActions } from '../../lists/resource-list';
import { pathTo } from '../../paths';
import { deliveries } from '../../services/deliveries';
import { useOwnWords } from '../../services/own-words';
import { usePermissions } from '../../services/permissions';
import { useCall } from '../../services/use-load';
import { useText } from '../../translations/use-text';
import { isResendable } from './delivery-states';
import { DocumentName } from './document-name';
import { TestMark } from './test-mark';
import { WebhookName } from './webhook-name';

/** Taken along, so that the way back leads to the same list. */
const useListState = () => ({ search: useLocation().search });

const EventCell = ({ delivery }: { delivery: Delivery }) => {
  const state = useListState();
  return (
    <Flex gap={2}>
      <Link tag={NavLink} to={pathTo('deliveries', delivery.id)} state={state}>
        {delivery.event}
      </Link>
      <TestMark isTest={delivery.isTest} />
    </Flex>
  );
};

const StateCell = ({ delivery: { state, reason, verdict } }: { delivery: Delivery }) => {
  const ownWords = useOwnWords();
  const why = reason && ownWords(reason);
  return (
    <Box maxWidth={{ initial: '12rem', large: '14rem' }}>
      <Flex gap={1} wrap="wrap">
        {verdict ? <VerdictBadge kind={verdict} /> : <StateBadge state={state} />}
      </Flex>
      {why && (
        <Typography tag="p" variant="pi" textColor="neutral600" ellipsis title={why}>
          {why}
        </Typography>
      )}
    </Box>
  );
};

const AttemptsCell = ({ delivery: { attemptCount, nextAttemptAt } }: { delivery: Delivery }) => (
  <Flex direction="column" alignItems="flex-start">
    <Typography>{attemptCount}</Typography>
    {/* With a new key, a time that was put off counts from now. */}
    {nextAttemptAt && <TimeAgo key={nextAttemptAt} at={nextAttemptAt} textColor="neutral600" />}
  </Flex>
);

const PADDED = { paddingTop: 2, paddingBottom: 2 } as const;

export const useColumns = (): Column<ListedDelivery>[] => {
  const text = useText();
  return [
    {
      key: 'event',
      label: text('deliveries.event'),
      sort: 'event',
      cell: (row) => <EventCell delivery={row} />,
    },
    {
      key: 'document',
      label: text('deliveries.document'),
      cell: (row) => (
        <Box minWidth="9rem" maxWidth={{ initial: '13rem', large: '18rem' }} {...PADDED}>
          <DocumentName delivery={row} />
        </Box>
      ),
    },
    {
      key: 'webhook',
      label: text('deliveries.webhook'),
      cell: ({ webhook }) => (
        <Box minWidth="10rem" maxWidth={{ initial: '11rem', large: '14rem' }} {...PADDED}>
          <WebhookName webhook={webhook} />
        </Box>
      ),
    },
    {
      key: 'state',
      label: text('deliveries.state'),
      sort: 'state',
      cell: (row) => <StateCell delivery={row} />,
    },
    {
      key: 'attempts',
      label: text('deliveries.attempts'),
      sort: 'attemptCount',
      cell: (row) => <AttemptsCell delivery={row} />,
    },
    {
      key: 'createdAt',
      label: text('deliveries.createdAt'),
      sort: 'createdAt',
      cell: ({ createdAt }) => <TimeAgo at={createdAt} />,
    },
  ];
};

export const nameOf = ({ event, id }: Delivery) => `${event} ${id}`;

export const useActions = (): RowActions<ListedDelivery> => {
  const text = useText();
  const notice = useNotice();
  const navigate = useNavigate();
  const state = useListState();
  const { may } = usePermissions();
  const resend = useCall(deliveries.resend);
  const showOf = ({ id }: Delivery) => ({
    label: text('deliveries.show'),
    icon: <Eye />,
    onSelect: () => navigate(pathTo('deliveries', id), { state }),
  });
  const resendOf = ({ id }: Delivery) => ({
    label: text('deliveries.resend'),
    icon: <PaperPlane />,
    onSelect: () =>
      void resend(id).then(
        () => notice.done(text('deliveries.resent', { count: 1 })),
        notice.failed,
      ),
  });
  return {
    nameOf,
    of: (delivery) => [
      showOf(delivery),
      ...(may('delivery.resend') && isResendable(delivery) ? [resendOf(delivery)] : []),
    ],
  };
};
