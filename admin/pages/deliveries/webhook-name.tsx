/** The webhook of a delivery, as a link for those who may look at it; a deleted one is said to be deleted. */
import { Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { usePermissions } from '../../services/permissions';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';

/** Figures know no name of a deleted webhook; deliveries do. */
type Props = { webhook: { id: string; name: string | null; isDeleted: boolean } };

export const WebhookName = ({ webhook: { id, name, isDeleted } }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  if (isDeleted || name === null)
    return (
      <Typography textColor="neutral600">
        <WrappedName maxLines={3}>
          {name === null
            ? text('deliveries.webhookDeleted')
            : text('deliveries.webhookDeletedNamed', { name })}
        </WrappedName>
      </Typography>
    );
  return may('webhook.read') ? (
    <Link tag={NavLink} to={pathTo('webhooks', id)}>
      <WrappedName maxLines={3}>{name}</WrappedName>
    </Link>
  ) : (
    <WrappedName maxLines={3}>{name}</WrappedName>
  );
};
