/** The rows of the delivery log. */
import {
  Box,
  Checkbox,
  Flex,
  Link,
  Table,
  Tbody,
  Td,
  Th,
  Thead,
  Tr,
  Typography,
} from '@strapi/design-system';
import { Eye, PaperPlane } from '@strapi/icons';
import { NavLink, useLocation, useNavigate } from 'react-router-dom';
import type { Delivery, ListedDelivery } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useCall } from '../../services/use-load';
import type { ListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { StateBadge } from '../../domain/badges';
import { ColumnHeader } from '../../lists/column-header';
import { pinned } from '../../lists/pinned';
import { RowMenu } from '../../lists/row-menu';
import { useOwnWords } from '../../services/own-words';
import type { RowPlace } from '../../lists/row-place';
import { TimeAgo } from '../../components/time-ago';
import { useNotice } from '../../components/use-notice';
import { VerdictBadge } from '../../domain/verdict-badge';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { DocumentName } from './document-name';
import { isCancellable, isResendable } from './delivery-states';
import type { Selection } from './selection';
import { TestMark } from './test-mark';
import { WebhookName } from './webhook-name';

/** `selection` is null for those who may do nothing with it. */
type Props = {
  rows: ListedDelivery[];
  query: ListQuery;
  selection: Selection | null;
};

type RowProps = { delivery: ListedDelivery };

/** Taken along, so that the way back leads to the same list. */
const useListState = () => ({ search: useLocation().search });

const Actions = ({ delivery }: RowProps) => {
  const text = useText();
  const resendOne = useCall(deliveries.resend);
  const notice = useNotice();
  const navigate = useNavigate();
  const state = useListState();
  const { may } = usePermissions();
  const resend = async () => {
    try {
      await resendOne(delivery.id);
      notice.done(text('deliveries.resent', { count: 1 }));
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
    {/* The key: a time that was put off is told from now, not from when the row was first shown. */}
    {nextAttemptAt && <TimeAgo key={nextAttemptAt} at={nextAttemptAt} textColor="neutral600" />}
  </Flex>
);

const isSelectable = (delivery: Delivery) => isResendable(delivery) || isCancellable(delivery);

type Select = { selection: Selection | null };

const SelectCell = ({ delivery, selection }: { delivery: Delivery; selection: Selection }) => {
  const text = useText();
  return (
    <Checkbox
      aria-label={text('deliveries.select', { name: `${delivery.event} ${delivery.id}` })}
      checked={selection.ids.has(delivery.id)}
      disabled={!isSelectable(delivery)}
      onCheckedChange={() => selection.toggle(delivery.id)}
    />
  );
};

const SelectAll = ({ rows, selection }: { rows: Delivery[]; selection: Selection }) => {
  const text = useText();
  const ids = rows.filter(isSelectable).map(({ id }) => id);
  const count = ids.filter((id) => selection.ids.has(id)).length;
  const isAll = count > 0 && count === ids.length;
  return (
    <Checkbox
      aria-label={text('deliveries.selectPage')}
      checked={isAll ? true : count > 0 ? 'indeterminate' : false}
      disabled={ids.length === 0}
      onCheckedChange={() => selection.set(isAll ? [] : ids)}
    />
  );
};

const Row = ({ delivery, selection, ...place }: RowProps & Select & RowPlace) => (
  <Tr {...place}>
    {selection && (
      <Td>
        <SelectCell delivery={delivery} selection={selection} />
      </Td>
    )}
    <Td>
      <EventCell delivery={delivery} />
    </Td>
    <Td>
      <Box
        minWidth="9rem"
        maxWidth={{ initial: '13rem', large: '18rem' }}
        paddingTop={2}
        paddingBottom={2}
      >
        <DocumentName delivery={delivery} />
      </Box>
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
    <Td {...pinned('last')}>
      <Flex justifyContent="flex-end">
        <Actions delivery={delivery} />
      </Flex>
    </Td>
  </Tr>
);

const Head = ({ query, rows, selection }: Props) => {
  const text = useText();
  const sorted = (field: string) => ({ field, query });
  return (
    <Thead>
      <Tr>
        {selection && (
          <Th>
            <SelectAll rows={rows} selection={selection} />
          </Th>
        )}
        <ColumnHeader label={text('deliveries.event')} sort={sorted('event')} />
        <ColumnHeader label={text('deliveries.document')} />
        <ColumnHeader label={text('deliveries.webhook')} />
        <ColumnHeader label={text('deliveries.state')} sort={sorted('state')} />
        <ColumnHeader label={text('deliveries.attempts')} sort={sorted('attemptCount')} />
        <ColumnHeader label={text('deliveries.createdAt')} sort={sorted('createdAt')} />
        <ColumnHeader label={text('list.actions')} isHidden pin="last" />
      </Tr>
    </Thead>
  );
};

export const DeliveriesTable = ({ rows, query, selection }: Props) => (
  <Table colCount={selection ? 8 : 7} rowCount={rows.length + 1}>
    <Head query={query} rows={rows} selection={selection} />
    <Tbody>
      {rows.map((delivery) => (
        <Row key={delivery.id} delivery={delivery} selection={selection} />
      ))}
    </Tbody>
  </Table>
);
