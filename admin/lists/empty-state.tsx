/** What a list shows that holds nothing: because nothing was made yet, or because nothing matches. */
import type * as React from 'react';
import { EmptyStateLayout } from '@strapi/design-system';
import { EmptyDocuments } from '@strapi/icons/symbols';

type Props = { content: string; action?: React.ReactNode };

export const EmptyState = ({ content, action }: Props) => (
  <EmptyStateLayout
    icon={<EmptyDocuments width="16rem" />}
    content={content}
    action={action}
    hasRadius
    shadow="tableShadow"
  />
);
