/** The rows of the list of changes. */
import {
  Box,
  Flex,
  IconButton,
  Link,
  Table,
  Tbody,
  Td,
  Thead,
  Tr,
  Typography,
} from '@strapi/design-system';
import { Filter } from '@strapi/icons';
import { useIntl } from 'react-intl';
import { NavLink } from 'react-router-dom';
import type { AuditEntry } from '../../../server/contract/api';
import type { ListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { Deed, useActorName } from '../../domain/changes/deed';
import { ColumnHeader } from '../../lists/column-header';
import type { RowPlace } from '../../lists/row-place';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo, SCHEDULE_PATH } from '../../paths';
import { useText } from '../../translations/use-text';

type Subject = AuditEntry['subject'];
type RowProps = { entry: AuditEntry; isGone: boolean; query: ListQuery };

const PAGE_OF = {
  webhook: 'webhooks',
  authorization: 'authorizations',
  workflow: 'workflows',
  replication: 'replications',
} as const;

/** A schedule has no page of its own: it stands among the others, those that are over too. */
const pathOf = ({ type, id }: Subject) =>
  type === 'schedule' ? `/${SCHEDULE_PATH}?state=all` : pathTo(PAGE_OF[type], id);

/** A link where there is something to look at, and somebody who may. */
const SubjectName = ({ subject, isGone }: { subject: Subject; isGone: boolean }) => {
  const { may } = usePermissions();
  const name = <WrappedName>{subject.name}</WrappedName>;
  return !isGone && may(`${subject.type}.read`) ? (
    <Link tag={NavLink} to={pathOf(subject)}>
      {name}
    </Link>
  ) : (
    <Typography textColor="neutral800">{name}</Typography>
  );
};

const OnlyThis = ({ subject, query }: { subject: Subject; query: ListQuery }) => {
  const text = useText();
  return query.values.id ? null : (
    <IconButton
      label={text('changes.onlyOf', { name: subject.name })}
      variant="ghost"
      onClick={() => query.set({ subject: subject.type, id: subject.id })}
    >
      <Filter />
    </IconButton>
  );
};

const When = ({ at }: { at: string }) => {
  const { formatDate } = useIntl();
  return (
    <Flex direction="column" alignItems="flex-start">
      <Typography textColor="neutral800">
        {formatDate(at, { dateStyle: 'medium', timeStyle: 'short' })}
      </Typography>
      <TimeAgo at={at} variant="pi" textColor="neutral600" />
    </Flex>
  );
};

const Row = ({ entry, isGone, query, ...place }: RowProps & RowPlace) => {
  const text = useText();
  const actorName = useActorName();
  const { subject } = entry;
  return (
    <Tr {...place}>
      <Td>
        <When at={entry.at} />
      </Td>
      <Td>
        <Typography textColor="neutral800">
          <WrappedName>{actorName(entry)}</WrappedName>
        </Typography>
      </Td>
      <Td>
        <Box maxWidth="26rem" paddingTop={2} paddingBottom={2}>
          <Typography tag="p" variant="pi" textColor="neutral600">
            {text(`changes.one.${subject.type}`)}
          </Typography>
          <SubjectName subject={subject} isGone={isGone} />
        </Box>
      </Td>
      <Td>
        <Box maxWidth="36rem" paddingTop={2} paddingBottom={2} style={{ whiteSpace: 'normal' }}>
          <Deed entry={entry} />
        </Box>
      </Td>
      <Td>
        <Flex justifyContent="flex-end">
          <OnlyThis subject={subject} query={query} />
        </Flex>
      </Td>
    </Tr>
  );
};

const keyOf = ({ type, id }: Subject) => `${type} ${id}`;

type Props = { rows: AuditEntry[]; query: ListQuery };

export const ChangesTable = ({ rows, query }: Props) => {
  const text = useText();
  const gone = new Set(
    rows.filter(({ action }) => action === 'deleted').map(({ subject }) => keyOf(subject)),
  );
  return (
    <Table colCount={5} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          <ColumnHeader label={text('changes.when')} />
          <ColumnHeader label={text('changes.who')} />
          <ColumnHeader label={text('changes.subject')} />
          <ColumnHeader label={text('changes.what')} />
          <ColumnHeader label={text('list.actions')} isHidden />
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((entry) => (
          <Row key={entry.id} entry={entry} isGone={gone.has(keyOf(entry.subject))} query={query} />
        ))}
      </Tbody>
    </Table>
  );
};
