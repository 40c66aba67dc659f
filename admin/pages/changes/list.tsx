/** Everything that was changed, in webhooks, authorizations, workflows, schedules and replications that are still there and in those that are not. */
import { Box, Button, Flex, IconButton, Link, Typography } from '@strapi/design-system';
import { Filter } from '@strapi/icons';
import { useIntl } from 'react-intl';
import { NavLink } from 'react-router-dom';
import { AUDIT_SUBJECTS, type AuditEntry } from '../../../server/contract/api';
import { PageFrame } from '../../components/page-frame';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { Deed, useActorName } from '../../domain/changes/deed';
import { FilterSelect } from '../../lists/list-toolbar';
import { ResourceList, type Column } from '../../lists/resource-list';
import { useList } from '../../lists/use-list';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { pathTo, SCHEDULE_PATH } from '../../paths';
import { changes } from '../../services/catalogue';
import { usePermissions } from '../../services/permissions';
import { useText } from '../../translations/use-text';

const DEFAULTS = {};

type Subject = AuditEntry['subject'];

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

const SubjectCell = ({ subject, isGone }: { subject: Subject; isGone: boolean }) => {
  const text = useText();
  return (
    <Box maxWidth="26rem" paddingTop={2} paddingBottom={2}>
      <Typography tag="p" variant="pi" textColor="neutral600">
        {text(`changes.one.${subject.type}`)}
      </Typography>
      <SubjectName subject={subject} isGone={isGone} />
    </Box>
  );
};

const keyOf = ({ type, id }: Subject) => `${type} ${id}`;

const useColumns = (query: ListQuery, rows: readonly AuditEntry[]): Column<AuditEntry>[] => {
  const text = useText();
  const actorName = useActorName();
  const gone = new Set(
    rows.filter(({ action }) => action === 'deleted').map(({ subject }) => keyOf(subject)),
  );
  return [
    { key: 'at', label: text('changes.when'), cell: ({ at }) => <When at={at} /> },
    {
      key: 'actor',
      label: text('changes.who'),
      cell: (entry) => (
        <Typography textColor="neutral800">
          <WrappedName>{actorName(entry)}</WrappedName>
        </Typography>
      ),
    },
    {
      key: 'subject',
      label: text('changes.subject'),
      cell: ({ subject }) => <SubjectCell subject={subject} isGone={gone.has(keyOf(subject))} />,
    },
    {
      key: 'fields',
      label: text('changes.what'),
      cell: (entry) => (
        <Box maxWidth="36rem" paddingTop={2} paddingBottom={2} style={{ whiteSpace: 'normal' }}>
          <Deed entry={entry} />
        </Box>
      ),
    },
    {
      key: 'only',
      label: text('list.actions'),
      isHidden: true,
      cell: ({ subject }) => (
        <Flex justifyContent="flex-end">
          <OnlyThis subject={subject} query={query} />
        </Flex>
      ),
    },
  ];
};

const Narrower = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return query.values.id ? (
    <Button size="S" variant="secondary" onClick={query.clear}>
      {text('changes.ofAll')}
    </Button>
  ) : (
    <FilterSelect
      query={query}
      name="subject"
      label={text('changes.filter')}
      options={AUDIT_SUBJECTS.map((value) => ({ value, label: text(`changes.subject.${value}`) }))}
    />
  );
};

export const ListPage = () => {
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
      <ResourceList
        query={query}
        load={load}
        columns={useColumns(query, load.data?.data ?? [])}
        filters={<Narrower query={query} />}
        empty={{ content: text('changes.empty') }}
        nothingFound={text('changes.nothingFound')}
      />
    </PageFrame>
  );
};
