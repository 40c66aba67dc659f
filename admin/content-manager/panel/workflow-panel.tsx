/** The side panel of a document's edit view. Strapi wants a function that describes it, or null where it is not shown. */
import type * as React from 'react';
import { useQueryParams } from '@strapi/strapi/admin';
import type { PanelComponent, PanelComponentProps } from '@strapi/content-manager/strapi-admin';
import { useText } from '../../translations/use-text';
import { useGetDocumentWorkflowQuery, useGetTypeWorkflowQuery } from '../../services/documents';
import { localeOf, type ContentQuery } from '../content-query';
import { isOutOfSight } from '../../services/problem';
import { hasOwnStates, hasPanel } from '../../services/own-states';
import { NewDocument } from './new-document';
import { SavedDocument } from './saved-document';

const useContent = ({ model, document }: PanelComponentProps): React.ReactNode => {
  const [{ query }] = useQueryParams<ContentQuery>();
  // Strapi names no document of a single type, and the original of a copy, so the document itself is asked.
  const documentId = document?.documentId ?? null;
  const locale = document?.locale ?? localeOf(query);
  const place = { uid: model, documentId: documentId ?? '', locale };
  const type = useGetTypeWorkflowQuery(model);
  const saved = useGetDocumentWorkflowQuery(place, {
    skip: documentId === null || type.data?.workflow === null,
  });
  const isTyped = type.data !== undefined && hasOwnStates(type.data);
  if (documentId === null) {
    return isTyped && <NewDocument workflow={type.data?.workflow?.name ?? ''} />;
  }
  const hasFailed = saved.isError && !isOutOfSight(saved.error);
  const isShown = saved.currentData ? hasPanel(saved.currentData) : isTyped || hasFailed;
  return isShown && <SavedDocument place={place} />;
};

export const WorkflowPanel: PanelComponent = (props) => {
  const text = useText();
  const content = useContent(props);
  return content ? { title: text('document.panel'), content } : null;
};
