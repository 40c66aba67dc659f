/** The list of authorizations. */
import * as React from 'react';
import { Alert, Box, Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Authorization } from '../../../server/contract/authorization';
import { Badge } from '../../components/badge';
import { PageFrame } from '../../components/page-frame';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { CreateLink } from '../../lists/create-link';
import { FilterSelect } from '../../lists/list-toolbar';
import { ConfirmRemoval, useRemoval } from '../../lists/removal';
import { ResourceList, type Column, type RowActions } from '../../lists/resource-list';
import { useRowActions } from '../../lists/row-actions';
import { useList } from '../../lists/use-list';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { pathTo } from '../../paths';
import { authorizations } from '../../services/authorizations';
import { usePermissions } from '../../services/permissions';
import { problemOf, sentenceOf } from '../../services/problem';
import { useText } from '../../translations/use-text';
import { CertificateBadge } from './certificate-badge';
import { AUTHORIZATION_KINDS } from './draft';

const DEFAULTS = { sort: 'name:asc' };

const NameCell = ({ id, name }: Authorization) => (
  <Box maxWidth={{ initial: '24rem', large: '36rem' }} paddingTop={2} paddingBottom={2}>
    <Link tag={NavLink} to={pathTo('authorizations', id)}>
      <WrappedName>{name}</WrappedName>
    </Link>
  </Box>
);

const KindCell = ({ kind, certificateFacts }: Authorization) => {
  const text = useText();
  return (
    <Flex gap={2} wrap="wrap">
      <Badge>{text(`authorizations.kind.${kind}`)}</Badge>
      {certificateFacts && <CertificateBadge facts={certificateFacts} />}
    </Flex>
  );
};

const useColumns = (): Column<Authorization>[] => {
  const text = useText();
  return [
    {
      key: 'name',
      label: text('authorizations.name'),
      sort: 'name',
      cell: (row) => <NameCell {...row} />,
    },
    {
      key: 'kind',
      label: text('authorizations.kind'),
      sort: 'kind',
      cell: (row) => <KindCell {...row} />,
    },
    {
      key: 'webhooks',
      label: text('authorizations.webhooks'),
      cell: ({ webhooks }) => (
        <Typography textColor="neutral800">
          {text('authorizations.usedBy', { count: webhooks.length })}
        </Typography>
      ),
    },
    {
      key: 'updatedAt',
      label: text('authorizations.updatedAt'),
      sort: 'updatedAt',
      cell: ({ updatedAt }) => <TimeAgo at={updatedAt} />,
    },
  ];
};

const useActions = (remove: (chosen: Authorization) => void): RowActions<Authorization> => {
  const actions = useRowActions();
  return {
    nameOf: ({ name }) => name,
    of: (row) => [
      ...actions.edit('authorization.update', pathTo('authorizations', row.id)),
      ...actions.remove('authorization.delete', () => remove(row)),
    ],
  };
};

const KindFilter = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return (
    <FilterSelect
      query={query}
      name="kind"
      label={text('authorizations.kind')}
      options={AUTHORIZATION_KINDS.map((value) => ({
        value,
        label: text(`authorizations.kind.${value}`),
      }))}
    />
  );
};

type RefusalProps = { refusal: string | null; onClose: () => void };

/** Names the webhooks to change, so it stays until it is closed. A notice would fade. */
const Refusal = ({ refusal, onClose }: RefusalProps) => {
  const text = useText();
  return refusal === null ? null : (
    <Box paddingBottom={4}>
      <Alert
        variant="danger"
        title={text('authorizations.notDeleted')}
        closeLabel={text('common.close')}
        onClose={onClose}
      >
        {refusal}
      </Alert>
    </Box>
  );
};

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, authorizations.list);
  const [refusal, setRefusal] = React.useState<string | null>(null);
  const removal = useRemoval<Authorization>(authorizations.remove, (error) =>
    setRefusal(sentenceOf(problemOf(error), text)),
  );
  const ask = (chosen: Authorization) => {
    setRefusal(null);
    removal.ask(chosen);
  };
  const mayCreate = may('authorization.create');
  const toCreate = pathTo('authorizations', 'create');
  return (
    <PageFrame
      permission="authorization.read"
      title={text('authorizations.title')}
      subtitle={text('authorizations.subtitle')}
      primaryAction={
        mayCreate && <CreateLink to={toCreate}>{text('authorizations.create')}</CreateLink>
      }
      isBusy={load.isLoading}
    >
      <Refusal refusal={refusal} onClose={() => setRefusal(null)} />
      <ResourceList
        query={query}
        load={load}
        columns={useColumns()}
        actions={useActions(ask)}
        searchLabel={text('authorizations.search')}
        filters={<KindFilter query={query} />}
        empty={{
          content: text('authorizations.empty'),
          action: mayCreate && (
            <CreateLink to={toCreate} variant="secondary">
              {text('authorizations.create')}
            </CreateLink>
          ),
        }}
        nothingFound={text('authorizations.nothingFound')}
      />
      <ConfirmRemoval removal={removal} consequence={text('authorizations.deleteConsequence')} />
    </PageFrame>
  );
};
