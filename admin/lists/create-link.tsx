/** Leads to the page that makes a new one: above a list, and in its place as long as there is none. */
import type * as React from 'react';
import { LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link } from 'react-router-dom';

type Props = { to: string; variant?: 'default' | 'secondary'; children: React.ReactNode };

export const CreateLink = ({ to, variant = 'default', children }: Props) => (
  <LinkButton tag={Link} to={to} variant={variant} size="S" startIcon={<Plus />}>
    {children}
  </LinkButton>
);
