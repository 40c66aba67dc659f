/** The webhook of a delivery, as a link for those who may look at it; a deleted one is said to be deleted. */
import { Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Delivery } from '../../../server/contract/delivery';
import { usePermissions } from '../../api/use-permissions';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';

export const WebhookName = ({ webhook }: Pick<Delivery, 'webhook'>) => {
  const text = useText();
  const { may } = usePermissions();
  if (webhook.name === null) {
    return <Typography textColor="neutral600">{text('deliveries.webhookDeleted')}</Typography>;
  }
  return may('webhook.read') ? (
    <Link tag={NavLink} to={pathTo('webhooks', webhook.id)}>
      <WrappedName>{webhook.name}</WrappedName>
    </Link>
  ) : (
    <WrappedName>{webhook.name}</WrappedName>
  );
};
