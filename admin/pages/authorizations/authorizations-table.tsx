/** The rows of the list of authorizations. */
import { Box, Flex, Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { Pencil, Trash } from '@strapi/icons';
import { NavLink, useNavigate } from 'react-router-dom';
import type { Authorization } from '../../../server/contract/authorization';
import type { ListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { ColumnHeader } from '../../lists/column-header';
import { RowMenu } from '../../lists/row-menu';
import type { RowPlace } from '../../lists/row-place';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo } from '../../paths';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { CertificateBadge } from './certificate-badge';

type RowProps = { authorization: Authorization; onDelete: (chosen: Authorization) => void };

const Actions = ({ authorization, onDelete }: RowProps) => {
  const text = useText();
  const { may } = usePermissions();
  const navigate = useNavigate();
  const edit = {
    label: text('common.edit'),
    icon: <Pencil />,
    onSelect: () => navigate(pathTo('authorizations', authorization.id)),
  };
  const remove = {
    label: text('common.delete'),
    icon: <Trash />,
    isDanger: true,
    onSelect: () => onDelete(authorization),
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: authorization.name })}
      items={[
        ...(may('authorization.update') ? [edit] : []),
        ...(may('authorization.delete') ? [remove] : []),
      ]}
    />
  );
};

const Row = ({ authorization, onDelete, ...place }: RowProps & RowPlace) => {
  const text = useText();
  return (
    <Tr {...place}>
      <Td>
        <Box maxWidth={{ initial: '24rem', large: '36rem' }} paddingTop={2} paddingBottom={2}>
          <Link tag={NavLink} to={pathTo('authorizations', authorization.id)}>
            <WrappedName>{authorization.name}</WrappedName>
          </Link>
        </Box>
      </Td>
      <Td>
        <Flex gap={2} wrap="wrap">
          <Badge>{text(`authorizations.kind.${authorization.kind}`)}</Badge>
          {authorization.certificateFacts && (
            <CertificateBadge facts={authorization.certificateFacts} />
          )}
        </Flex>
      </Td>
      <Td>
        <Typography textColor="neutral800">
          {text('authorizations.usedBy', { count: authorization.webhooks.length })}
        </Typography>
      </Td>
      <Td>
        <TimeAgo at={authorization.updatedAt} />
      </Td>
      <Td>
        <Flex justifyContent="flex-end">
          <Actions authorization={authorization} onDelete={onDelete} />
        </Flex>
      </Td>
    </Tr>
  );
};

type Props = {
  rows: Authorization[];
  query: ListQuery;
  onDelete: (chosen: Authorization) => void;
};

export const AuthorizationsTable = ({ rows, query, onDelete }: Props) => {
  const text = useText();
  return (
    <Table colCount={5} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          <ColumnHeader label={text('authorizations.name')} sort={{ field: 'name', query }} />
          <ColumnHeader label={text('authorizations.kind')} sort={{ field: 'kind', query }} />
          <ColumnHeader label={text('authorizations.webhooks')} />
          <ColumnHeader
            label={text('authorizations.updatedAt')}
            sort={{ field: 'updatedAt', query }}
          />
          <ColumnHeader label={text('list.actions')} isHidden />
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((authorization) => (
          <Row key={authorization.id} authorization={authorization} onDelete={onDelete} />
        ))}
      </Tbody>
    </Table>
  );
};
