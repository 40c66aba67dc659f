/** The list of one kind of thing: search and filters above it, its rows, and what it shows if there are none. */
import type * as React from 'react';
import { Button, Flex, Table, Tbody, Td, Th, Thead, Tr } from '@strapi/design-system';
import type { Page } from '../../server/contract/api';
import { ColumnHeader } from './column-header';
import { EmptyState } from './empty-state';
import { ListToolbar } from './list-toolbar';
import { Loaded } from '../components/loaded';
import { Paging } from './paging';
import { pinned, type Pin } from './pinned';
import { RowMenu, type RowAction } from './row-menu';
import type { RowPlace } from './row-place';
import type { Loaded as Load } from '../services/use-load';
import { useText } from '../translations/use-text';
import { SelectAll, SelectRow, type Selection } from './selection';
import type { ListQuery } from './use-list-query';

export type Column<Row> = {
  key: string;
  label: string;
  cell: (row: Row) => React.ReactNode;
  /** The label is read out only. */
  isHidden?: boolean;
  /** The field by which the server can sort. */
  sort?: string;
  /** Stays in view while the other columns scroll. */
  pin?: Pin;
};

/** The menu at the end of a row. */
export type RowActions<Row> = { nameOf: (row: Row) => string; of: (row: Row) => RowAction[] };

type Rows<Row> = {
  columns: readonly Column<Row>[];
  actions?: RowActions<Row>;
  /** Null for those who may do nothing with several rows. */
  selection?: Selection<Row> | null;
};

type WithId = { id: string };
type RowProps<Row> = Rows<Row> & { row: Row };

const TableRow = <Row extends WithId>({
  row,
  columns,
  actions,
  selection,
  ...place
}: RowProps<Row> & RowPlace) => {
  const text = useText();
  return (
    <Tr {...place}>
      {selection && (
        <Td>
          <SelectRow row={row} selection={selection} />
        </Td>
      )}
      {columns.map(({ key, pin, cell }) => (
        <Td key={key} {...(pin && pinned(pin))}>
          {cell(row)}
        </Td>
      ))}
      {actions && (
        <Td {...pinned('last')}>
          <Flex justifyContent="flex-end">
            <RowMenu
              label={text('list.actionsOf', { name: actions.nameOf(row) })}
              items={actions.of(row)}
            />
          </Flex>
        </Td>
      )}
    </Tr>
  );
};

type TableProps<Row> = Rows<Row> & { rows: readonly Row[]; query: ListQuery };

const ResourceTable = <Row extends WithId>({ rows, query, ...props }: TableProps<Row>) => {
  const text = useText();
  const { columns, actions, selection } = props;
  const count = columns.length + (actions ? 1 : 0) + (selection ? 1 : 0);
  return (
    <Table colCount={count} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          {selection && (
            <Th>
              <SelectAll rows={rows} selection={selection} />
            </Th>
          )}
          {columns.map(({ key, label, isHidden, sort, pin }) => (
            <ColumnHeader
              key={key}
              label={label}
              isHidden={isHidden}
              sort={sort === undefined ? undefined : { field: sort, query }}
              pin={pin}
            />
          ))}
          {actions && <ColumnHeader label={text('list.actions')} isHidden pin="last" />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <TableRow key={row.id} row={row} {...props} />
        ))}
      </Tbody>
    </Table>
  );
};

/** With the way back to everything. */
const NothingFound = ({ query, children }: { query: ListQuery; children: string }) => {
  const text = useText();
  return (
    <EmptyState
      content={children}
      action={
        <Button variant="secondary" onClick={query.clear}>
          {text('list.clearFilters')}
        </Button>
      }
    />
  );
};

type Props<Row> = Rows<Row> & {
  query: ListQuery;
  load: Load<Page<Row>>;
  /** Without it, there is no search. */
  searchLabel?: string;
  /** Further filters, in a row with the search. */
  filters?: React.ReactNode;
  /** Before anything was made: what it is for, and how to begin. */
  empty: { content: string; action?: React.ReactNode; more?: React.ReactNode };
  /** If a search or a filter hides everything. */
  nothingFound: string;
  /** Between the toolbar and the rows, such as what to do with the selected ones. */
  children?: React.ReactNode;
};

export const ResourceList = <Row extends WithId>({
  query,
  load,
  searchLabel,
  filters,
  empty,
  nothingFound,
  children,
  ...props
}: Props<Row>) => (
  <>
    {(searchLabel || filters) && (
      <ListToolbar query={query} searchLabel={searchLabel}>
        {filters}
      </ListToolbar>
    )}
    {children}
    <Loaded load={load}>
      {({ data, meta }) =>
        meta.pagination.total > 0 ? (
          <>
            <ResourceTable rows={data} query={query} {...props} />
            <Paging pagination={meta.pagination} />
          </>
        ) : query.isNarrowed ? (
          <NothingFound query={query}>{nothingFound}</NothingFound>
        ) : (
          <Flex direction="column" alignItems="stretch" gap={6}>
            <EmptyState content={empty.content} action={empty.action} />
            {empty.more}
          </Flex>
        )
      }
    </Loaded>
  </>
);
