/** How many deliveries of a webhook were given up or never sent, with the way to them. Nothing where there are none. */
import * as React from 'react';
import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { DEAD_LETTERS, deadLettersPath } from '../deliveries/log-views';

/** `webhook` is another object after every save, and is counted anew. */
const Counted = ({ webhook }: { webhook: Webhook }) => {
  const text = useText();
  const api = useApi();
  const { data } = useLoad(
    React.useCallback(
      async () =>
        (await api.deliveries.list({ ...DEAD_LETTERS, webhook: webhook.id, pageSize: 1 })).meta
          .pagination.total,
      [api, webhook],
    ),
  );
  return data ? (
    <Link tag={NavLink} to={deadLettersPath(webhook.id)}>
      <Badge variant="danger">{text('webhooks.deadLetters', { count: data })}</Badge>
    </Link>
  ) : null;
};

export const DeadLettersLink = ({ webhook }: { webhook: Webhook }) => {
  const { may } = usePermissions();
  return may('delivery.read') ? <Counted webhook={webhook} /> : null;
};
