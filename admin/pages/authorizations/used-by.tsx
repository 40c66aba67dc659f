/** Which webhooks send an authorization: what a change of it touches. */
import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Authorization } from '../../../server/contract/authorization';
import { usePermissions } from '../../api/use-permissions';
import { SectionBox } from '../../components/section-box';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';

export const UsedBy = ({ webhooks }: { webhooks: Authorization['webhooks'] }) => {
  const text = useText();
  const { may } = usePermissions();
  return (
    <SectionBox title={text('authorizations.webhooks')}>
      {webhooks.length === 0 && (
        <Typography textColor="neutral600">{text('authorizations.unused')}</Typography>
      )}
      <Flex tag="ul" direction="column" alignItems="flex-start" gap={2}>
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
    </SectionBox>
  );
};
