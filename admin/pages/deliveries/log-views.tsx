/** The two views of the log: everything, and what was given up or never sent. */
import * as React from 'react';
import { Flex, LinkButton } from '@strapi/design-system';
import { Link } from 'react-router-dom';
import type { ListQuery } from '../../lists/use-list-query';
import { pathTo } from '../../paths';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';

/** As the address and the API name them. */
export const DEAD_LETTERS = { state: 'dead,cancelled', resendable: 'true' } as const;

export const deadLettersPath = (webhook?: string) => {
  const query = new URLSearchParams({ ...DEAD_LETTERS, ...(webhook ? { webhook } : {}) });
  return `${pathTo('deliveries')}?${query}`;
};

export const isDeadLetters = ({ values }: Pick<ListQuery, 'values'>) =>
  values.state === DEAD_LETTERS.state && values.resendable === DEAD_LETTERS.resendable;

type View = { to: string; isCurrent: boolean; children: React.ReactNode };

const ViewLink = ({ to, isCurrent, children }: View) => (
  <LinkButton
    tag={Link}
    to={to}
    size="S"
    variant={isCurrent ? 'secondary' : 'tertiary'}
    aria-current={isCurrent ? 'page' : undefined}
  >
    {children}
  </LinkButton>
);

/** `count` of the dead letters; undefined while it is not known. */
export const LogViews = ({ query, count }: { query: ListQuery; count: number | undefined }) => {
  const text = useText();
  const isDead = isDeadLetters(query);
  const { webhook } = query.values;
  const all = webhook ? `?webhook=${encodeURIComponent(webhook)}` : '';
  return (
    <Flex tag="nav" aria-label={text('deliveries.views')} gap={2} paddingBottom={4}>
      <ViewLink to={pathTo('deliveries') + all} isCurrent={!isDead}>
        {text('deliveries.all')}
      </ViewLink>
      <ViewLink to={deadLettersPath(webhook)} isCurrent={isDead}>
        <Flex gap={2} tag="span">
          {text('deliveries.deadLetters')}
          {count !== undefined && <Badge variant={count > 0 ? 'danger' : 'neutral'}>{count}</Badge>}
        </Flex>
      </ViewLink>
    </Flex>
  );
};
