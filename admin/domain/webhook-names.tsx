/** The webhooks that use something, as links where they may be read. */
import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { usePermissions } from '../services/permissions';
import { pathTo } from '../paths';

type Props = { webhooks: readonly { id: string; name: string }[] };

export const WebhookNames = ({ webhooks }: Props) => {
  const { may } = usePermissions();
  return (
    <Flex tag="ul" direction="column" alignItems="flex-start" gap={1} padding={0}>
      {webhooks.map(({ id, name }) => (
        <li key={id}>
          {may('webhook.read') ? (
            <Link tag={NavLink} to={pathTo('webhooks', id)}>
              {name}
            </Link>
          ) : (
            <Typography>{name}</Typography>
          )}
        </li>
      ))}
    </Flex>
  );
};
