/** The action on selected rows: opens the dialog that runs one command on each of them. */
import { unstable_useDocumentLayout, useQueryParams, useTable } from '@strapi/strapi/admin';
import type { BulkActionComponent } from '@strapi/content-manager/strapi-admin';
import { useText } from '../../translations/use-text';
import { localeOf, type ContentQuery } from '../content-query';
import { useGetTypeWorkflowQuery } from '../../services/documents';
import { hasOwnStates } from '../../services/own-states';
import { choose } from './chosen';
import { titleOf } from './title';

export const BulkCommandAction: BulkActionComponent = ({ documents, model }) => {
  const text = useText();
  const [{ query }] = useQueryParams<ContentQuery>();
  const { list } = unstable_useDocumentLayout(model);
  const selectRow = useTable('WorkflowCommand', (table) => table.selectRow);
  const { data } = useGetTypeWorkflowQuery(model);
  if (!data || !hasOwnStates(data) || data.commands.length === 0) return null;
  return {
    label: text('document.bulk'),
    variant: 'tertiary',
    onClick: () =>
      choose({
        uid: model,
        locale: localeOf(query),
        documents: documents.map((document) => ({
          documentId: document.documentId,
          title: titleOf(document, list.settings.mainField),
        })),
        onDone: () => selectRow([]),
      }),
  };
};
