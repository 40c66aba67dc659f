/** The switch in a row of the list that turns a webhook on or off at once. */
import { Switch } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import { usePermissions } from '../../services/permissions';
import { useText } from '../../translations/use-text';
import { useEnabling } from './use-enabling';

type Props = { webhook: Webhook; onRevive: (webhook: Webhook) => void };

export const EnabledSwitch = ({ webhook, onRevive }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const enabling = useEnabling({ webhook, revive: onRevive });
  return (
    <Switch
      checked={webhook.enabled}
      disabled={enabling.isBusy || !may('webhook.update')}
      onCheckedChange={enabling.choose}
      aria-label={text('webhooks.enabledOf', { name: webhook.name })}
    />
  );
};
