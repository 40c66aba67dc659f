/** How many deliveries of a webhook were given up or never sent, with the way to them. Nothing where there are none. */
import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import { deliveries } from '../../services/deliveries';
import { useLoad } from '../../services/use-load';
import { usePermissions } from '../../services/permissions';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { DEAD_LETTERS, deadLettersPath } from '../deliveries/log-views';

const Counted = ({ webhook }: { webhook: Webhook }) => {
  const text = useText();
  const { data } = useLoad(deliveries.list, {
    ...DEAD_LETTERS,
    webhook: webhook.id,
    pageSize: 1,
  });
  const count = data?.meta.pagination.total ?? 0;
  return count > 0 ? (
    <Link tag={NavLink} to={deadLettersPath(webhook.id)}>
      <Badge variant="danger">{text('webhooks.deadLetters', { count })}</Badge>
    </Link>
  ) : null;
};

export const DeadLettersLink = ({ webhook }: { webhook: Webhook }) => {
  const { may } = usePermissions();
  return may('delivery.read') ? <Counted webhook={webhook} /> : null;
};
