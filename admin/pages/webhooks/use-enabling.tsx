/** Turns a webhook on or off at once, by the routes that are there for it; one that was disabled by itself, after a question. */
import * as React from 'react';
import type { Webhook } from '../../../server/contract/webhook';
import { webhooks } from '../../services/webhooks';
import { useCall } from '../../services/use-load';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { EnableAgain } from './enable-again';

type Options = {
  webhook: Webhook;
  /** Asks about one that was disabled by itself. */
  revive: (webhook: Webhook) => void;
};

export type Enabling = {
  isBusy: boolean;
  choose: (enabled: boolean) => void;
};

/** The dialog stands outside of the list, which a webhook may leave as soon as it is enabled, before the resend is through. */
export const useReviving = () => {
  /** As it was when it was to be enabled again: enabling resets its health. */
  const [reviving, setReviving] = React.useState<Webhook | null>(null);
  return {
    revive: setReviving,
    dialog: reviving && <EnableAgain webhook={reviving} onClose={() => setReviving(null)} />,
  };
};

export const useEnabling = ({ webhook, revive }: Options): Enabling => {
  const text = useText();
  const enable = useCall(webhooks.enable);
  const disable = useCall(webhooks.disable);
  const notice = useNotice();
  const [isBusy, setBusy] = React.useState(false);
  const change = async (enabled: boolean) => {
    setBusy(true);
    try {
      await (enabled ? enable(webhook.id) : disable(webhook.id));
      notice.done(
        text(enabled ? 'webhooks.nowEnabled' : 'webhooks.nowDisabled', { name: webhook.name }),
      );
    } catch (error) {
      notice.failed(error);
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    choose: (enabled) =>
      enabled && webhook.health.state === 'disabled' ? revive(webhook) : void change(enabled),
  };
};
