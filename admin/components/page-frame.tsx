/** The frame of every page: guards it by a permission, titles it, and gives it Strapi's own header and content area. */
import type * as React from 'react';
import { Layouts, Page } from '@strapi/strapi/admin';
import type { PermissionName } from '../../server/contract/names';
import { usePermissions } from '../services/permissions';
import { useText } from '../translations/use-text';

type Props = {
  permission: PermissionName;
  title: string;
  subtitle?: React.ReactNode;
  primaryAction?: React.ReactNode;
  secondaryAction?: React.ReactNode;
  /** The link back to the list, see BackLink. */
  navigationAction?: React.ReactNode;
  isBusy?: boolean;
  children: React.ReactNode;
};

export const PageFrame = ({ permission, title, isBusy, children, ...header }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  if (!may(permission)) return <Page.NoPermissions />;
  return (
    <Page.Main aria-busy={isBusy}>
      <Page.Title>{`${title} - ${text('plugin.name')}`}</Page.Title>
      <Layouts.Header title={title} {...header} />
      <Layouts.Content>{children}</Layouts.Content>
    </Page.Main>
  );
};
