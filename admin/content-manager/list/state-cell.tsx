/** A row's workflow state. Every cell asks for the same page of rows, which makes it one request. */
import * as React from 'react';
import { useQueryParams, useTable } from '@strapi/strapi/admin';
import { Typography } from '@strapi/design-system';
import { localeOf, type ContentQuery } from '../content-query';
import { useGetDocumentStatesQuery } from '../../services/documents';
import { StateBadge } from '../../domain/state-badge';

type Row = { documentId?: string };

/** As long as the list is loaded anew, the rows are those of before. */
const usePage = (uid: string) => {
  const rows = useTable('WorkflowState', (table) => table.rows) as Row[];
  const [{ query }] = useQueryParams<ContentQuery>();
  const locale = localeOf(query);
  return React.useMemo(() => {
    const documentIds = rows.flatMap(({ documentId }) => documentId ?? []);
    return { uid, documentIds, locale };
  }, [uid, rows, locale]);
};

export const StateCell = ({ uid, documentId }: { uid: string; documentId: string }) => {
  const { data } = useGetDocumentStatesQuery(usePage(uid));
  const state = data?.documents[documentId];
  return state ? <StateBadge state={state} /> : <Typography textColor="neutral800">-</Typography>;
};
