/** Sends one delivery again, and waits until its new attempt is in the log. */
import * as React from 'react';
import type { ShownDelivery } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useCall, type Loaded } from '../../services/use-load';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

/** Longer than a request may take; after it the delivery waits for its turn behind others. */
const PATIENCE_MS = 45_000;

export const useResend = ({ data }: Loaded<ShownDelivery>) => {
  const resend = useCall(deliveries.resend);
  const text = useText();
  const notice = useNotice();
  /** How many attempts there were when it was asked for; null: nobody waits. */
  const [before, setBefore] = React.useState<number | null>(null);
  const attempts = data?.attempts ?? [];
  const newest = before !== null && attempts.length > before ? attempts[0] : undefined;

  React.useEffect(() => {
    if (!newest) return;
    setBefore(null);
    if (newest.outcome === 'delivered') notice.done(text('deliveries.resendDelivered'));
    else notice.warn(text('deliveries.resendFailed'));
  }, [newest, notice, text]);

  React.useEffect(() => {
    if (before === null) return;
    const timer = setTimeout(() => {
      setBefore(null);
      notice.warn(text('deliveries.resendWaits'));
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [before, notice, text]);

  const start = async () => {
    if (!data || before !== null) return;
    setBefore(data.attempts.length);
    try {
      await resend(data.id);
    } catch (error) {
      setBefore(null);
      notice.failed(error);
    }
  };
  return { isWaiting: before !== null, start };
};
