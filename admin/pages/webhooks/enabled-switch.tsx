/** The switch in a row that turns a webhook on or off at once; one that was disabled by itself, after a question. */
import * as React from 'react';
import { Box, Switch } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import { useApi } from '../../api/use-api';
import { usePermissions } from '../../api/use-permissions';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { settingsOf } from './draft';
import { EnableAgain } from './enable-again';

type Props = { webhook: Webhook; onChanged: () => void };

/** Reads the webhook anew before it writes: PUT replaces it whole, and the list may be older than another's edit. */
export const EnabledSwitch = ({ webhook, onChanged }: Props) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const { may } = usePermissions();
  const [isBusy, setBusy] = React.useState(false);
  const [isAsking, setAsking] = React.useState(false);
  const change = async (enabled: boolean) => {
    setBusy(true);
    try {
      const current = await api.webhooks.get(webhook.id);
      await api.webhooks.update(webhook.id, { ...settingsOf(current), enabled });
      notice.done(
        text(enabled ? 'webhooks.nowEnabled' : 'webhooks.nowDisabled', { name: webhook.name }),
      );
    } catch (error) {
      notice.failed(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const choose = (enabled: boolean) =>
    enabled && webhook.health.state === 'disabled' ? setAsking(true) : void change(enabled);
  return (
    <>
      <Switch
        checked={webhook.enabled}
        disabled={isBusy || !may('webhook.update')}
        onCheckedChange={choose}
        aria-label={text('webhooks.enabledOf', { name: webhook.name })}
      />
      {isAsking && (
        // Keys pressed in the dialog bubble, through React's tree, to the table that the switch belongs to.
        <Box onKeyDown={(event: React.KeyboardEvent) => event.stopPropagation()}>
          <EnableAgain webhook={webhook} onEnabled={onChanged} onClose={() => setAsking(false)} />
        </Box>
      )}
    </>
  );
};
