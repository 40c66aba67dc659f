/** The list of authorizations, with search, kind filter, sort and pages. */
import * as React from 'react';
import { Alert, Box, LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link } from 'react-router-dom';
import type { Authorization } from '../../../server/contract/authorization';
import { authorizations } from '../../services/authorizations';
import { problemOf, sentenceOf } from '../../services/problem';
import { useCall } from '../../services/use-load';
import { useList } from '../../lists/use-list';
import { useListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { ConfirmDelete } from '../../components/confirm-delete';
import { EmptyState } from '../../lists/empty-state';
import { FilterSelect, ListToolbar } from '../../lists/list-toolbar';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../lists/paging';
import { useNotice } from '../../components/use-notice';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { AuthorizationsTable } from './authorizations-table';
import { AUTHORIZATION_KINDS } from './draft';

const DEFAULTS = { sort: 'name:asc' };

const CreateLink = ({ variant }: { variant: 'default' | 'secondary' }) => {
  const text = useText();
  return (
    <LinkButton
      tag={Link}
      to={pathTo('authorizations', 'create')}
      variant={variant}
      size="S"
      startIcon={<Plus />}
    >
      {text('authorizations.create')}
    </LinkButton>
  );
};

/** The refusal names the webhooks to change, so it stays until it is closed; a notice would fade. */
const useDeletion = () => {
  const remove = useCall(authorizations.remove);
  const notice = useNotice();
  const text = useText();
  const [chosen, setChosen] = React.useState<Authorization | null>(null);
  const [refusal, setRefusal] = React.useState<string | null>(null);
  const confirm = async () => {
    if (!chosen) return;
    setRefusal(null);
    try {
      await remove({ id: chosen.id });
      notice.done(text('common.deleted', { name: chosen.name }));
    } catch (error) {
      setRefusal(sentenceOf(problemOf(error), text));
    }
  };
  return { chosen, choose: setChosen, refusal, setRefusal, confirm };
};

export const AuthorizationsList = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, authorizations.list);
  const deletion = useDeletion();
  const kinds = AUTHORIZATION_KINDS.map((value) => ({
    value,
    label: text(`authorizations.kind.${value}`),
  }));
  return (
    <PageFrame
      permission="authorization.read"
      title={text('authorizations.title')}
      subtitle={text('authorizations.subtitle')}
      primaryAction={may('authorization.create') && <CreateLink variant="default" />}
      isBusy={load.isLoading}
    >
      {deletion.refusal && (
        <Box paddingBottom={4}>
          <Alert
            variant="danger"
            title={text('authorizations.notDeleted')}
            closeLabel={text('common.close')}
            onClose={() => deletion.setRefusal(null)}
          >
            {deletion.refusal}
          </Alert>
        </Box>
      )}
      <ListToolbar query={query} searchLabel={text('authorizations.search')}>
        <FilterSelect
          query={query}
          name="kind"
          label={text('authorizations.kind')}
          options={kinds}
        />
      </ListToolbar>
      <Loaded load={load}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <EmptyState
              content={text(
                query.isNarrowed ? 'authorizations.nothingFound' : 'authorizations.empty',
              )}
              action={
                !query.isNarrowed &&
                may('authorization.create') && <CreateLink variant="secondary" />
              }
            />
          ) : (
            <>
              <AuthorizationsTable rows={data} query={query} onDelete={deletion.choose} />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
      <ConfirmDelete
        name={deletion.chosen?.name ?? null}
        consequence={text('authorizations.deleteConsequence')}
        onConfirm={deletion.confirm}
        onClose={() => deletion.choose(null)}
      />
    </PageFrame>
  );
};
