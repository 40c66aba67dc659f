/** Everything that was changed, in webhooks, authorizations, workflows, schedules and replications that are still there and in those that are not. */
import { Button } from '@strapi/design-system';
import { AUDIT_SUBJECTS } from '../../../server/contract/api';
import { changes } from '../../services/catalogue';
import { useList } from '../../lists/use-list';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { EmptyState } from '../../lists/empty-state';
import { FilterSelect, ListToolbar } from '../../lists/list-toolbar';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../lists/paging';
import { useText } from '../../translations/use-text';
import { ChangesTable } from './changes-table';

const DEFAULTS = {};

const Toolbar = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return (
    <ListToolbar query={query}>
      {query.values.id ? (
        <Button size="S" variant="secondary" onClick={query.clear}>
          {text('changes.ofAll')}
        </Button>
      ) : (
        <FilterSelect
          query={query}
          name="subject"
          label={text('changes.filter')}
          options={AUDIT_SUBJECTS.map((value) => ({
            value,
            label: text(`changes.subject.${value}`),
          }))}
        />
      )}
    </ListToolbar>
  );
};

export const ChangesPage = () => {
  const text = useText();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, changes);
  return (
    <PageFrame
      permission="audit.read"
      title={text('changes.title')}
      subtitle={text('changes.subtitle')}
      isBusy={load.isLoading}
    >
      <Toolbar query={query} />
      <Loaded load={load}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <EmptyState
              content={text(query.isNarrowed ? 'changes.nothingFound' : 'changes.empty')}
            />
          ) : (
            <>
              <ChangesTable rows={data} query={query} />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
    </PageFrame>
  );
};
