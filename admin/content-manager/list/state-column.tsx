/** The column of workflow states in a type's list, through Strapi's hook for columns. */
import type * as React from 'react';
import type { ListFieldLayout, ListLayout } from '@strapi/content-manager/strapi-admin';
import { PLUGIN_ID } from '../../../server/contract/names';
import { textDescriptor } from '../../translations/use-text';
import { isMarked } from '../../services/workflow-mark';
import { StateCell } from './state-cell';

/** Strapi's own type knows neither a translated label nor what its list says of its place. */
type Column = Omit<ListFieldLayout, 'label' | 'cellFormatter'> & {
  label: ReturnType<typeof textDescriptor>;
  cellFormatter: (
    row: { documentId: string },
    header: unknown,
    place: { model: string },
  ) => React.ReactNode;
};
type List = { displayedHeaders: (ListFieldLayout | Column)[]; layout: ListLayout };

const column: Column = {
  attribute: { type: 'string' },
  label: textDescriptor('document.column'),
  name: `${PLUGIN_ID}.state`,
  searchable: false,
  sortable: false,
  cellFormatter: ({ documentId }, _header, { model }) => (
    <StateCell uid={model} documentId={documentId} />
  ),
};

export const withStateColumn = (list: List): List =>
  isMarked(list.layout.options as Record<string, unknown>)
    ? { ...list, displayedHeaders: [...list.displayedHeaders, column] }
    : list;
