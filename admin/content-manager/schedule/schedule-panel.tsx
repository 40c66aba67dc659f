/** The side panel that shows and changes when a document is published and archived. Null where there is nothing to show. */
import type * as React from 'react';
import { useQueryParams } from '@strapi/strapi/admin';
import type { PanelComponent, PanelComponentProps } from '@strapi/content-manager/strapi-admin';
import { usePermissions } from '../../services/permissions';
import { useText } from '../../translations/use-text';
import { localeOf, type ContentQuery } from '../content-query';
import { useGetDocumentScheduleQuery } from '../../services/documents';
import { isOutOfSight } from '../../services/problem';
import { DocumentSchedule } from './document-schedule';

/** Strapi tells it of documents that have drafts, and of no others. */
const hasDrafts = (document: object | undefined): boolean =>
  document !== undefined && 'status' in document && document.status !== undefined;

const useContent = ({ model, document }: PanelComponentProps): React.ReactNode => {
  const [{ query }] = useQueryParams<ContentQuery>();
  const documentId = document?.documentId ?? null;
  const place = {
    uid: model,
    documentId: documentId ?? '',
    locale: document?.locale ?? localeOf(query),
  };
  const isAsked = documentId !== null && hasDrafts(document);
  const { currentData, error } = useGetDocumentScheduleQuery(place, { skip: !isAsked });
  const { may } = usePermissions();
  // Who may only publish sees what is scheduled, and has no use for a panel in which nothing is.
  const isTheirs = may('schedule.read') || may('schedule.create') || Boolean(currentData);
  const isShown = isAsked && isTheirs && !isOutOfSight(error);
  return isShown && <DocumentSchedule place={place} />;
};

export const SchedulePanel: PanelComponent = (props) => {
  const text = useText();
  const content = useContent(props);
  return content ? { title: text('schedule.title'), content } : null;
};
