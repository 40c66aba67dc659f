/** What is done with the deliveries that were ticked in the list. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import { Cross, PaperPlane } from '@strapi/icons';
import type { Delivery, ListedDelivery } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import type { Selection } from '../../lists/selection';
import { useCall } from '../../services/use-load';
import { ConfirmDialog } from '../../components/confirm-dialog';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { isCancellable, isResendable, RESENDABLE_STATES } from './delivery-states';

export const isSelectable = (delivery: Delivery) =>
  isResendable(delivery) || isCancellable(delivery);

type What = 'resend' | 'cancel';

const receiversOf = (deliveries: readonly Delivery[]) =>
  [...new Set(deliveries.map(({ webhook }) => webhook.name))].join(', ');

type Props = { rows: readonly ListedDelivery[]; selection: Selection<ListedDelivery> };

export const BulkBar = ({ rows, selection }: Props) => {
  const text = useText();
  const resendMany = useCall(deliveries.resendMany);
  const cancelMany = useCall(deliveries.cancelMany);
  const notice = useNotice();
  const [asked, setAsked] = React.useState<What | null>(null);
  const chosen = rows.filter(({ id }) => selection.ids.has(id));
  const fitting = {
    resend: chosen.filter(isResendable),
    cancel: chosen.filter(isCancellable),
  };
  const run = async (what: What) => {
    const ids = fitting[what].map(({ id }) => id);
    try {
      const { count } =
        what === 'resend'
          ? await resendMany({ ids, states: [...RESENDABLE_STATES] })
          : await cancelMany({ ids, states: ['pending', 'retrying'] });
      notice.done(
        text(what === 'resend' ? 'deliveries.resent' : 'deliveries.cancelled', { count }),
      );
      selection.set([]);
    } catch (error) {
      notice.failed(error);
    }
  };
  if (chosen.length === 0) return null;
  const told = asked ? fitting[asked] : [];
  return (
    <Flex gap={3} paddingBottom={3} wrap="wrap">
      <Typography textColor="neutral600" aria-live="polite">
        {text('list.selected', { count: chosen.length })}
      </Typography>
      <Button
        size="S"
        variant="secondary"
        startIcon={<PaperPlane />}
        disabled={fitting.resend.length === 0}
        onClick={() => setAsked('resend')}
      >
        {text('deliveries.resendSelected')}
      </Button>
      {fitting.cancel.length > 0 && (
        <Button
          size="S"
          variant="danger-light"
          startIcon={<Cross />}
          onClick={() => setAsked('cancel')}
        >
          {text('deliveries.cancelSelected')}
        </Button>
      )}
      {asked && (
        <ConfirmDialog
          isOpen
          title={text(
            asked === 'resend' ? 'deliveries.resendSelected' : 'deliveries.cancelSelected',
          )}
          confirmLabel={text(asked === 'resend' ? 'deliveries.resend' : 'deliveries.cancelNow')}
          variant={asked === 'resend' ? 'default' : 'danger'}
          onConfirm={() => run(asked)}
          onClose={() => setAsked(null)}
        >
          {text(
            asked === 'resend' ? 'deliveries.resendSelectedHint' : 'deliveries.cancelSelectedHint',
            { count: told.length, webhooks: receiversOf(told) },
          )}
        </ConfirmDialog>
      )}
    </Flex>
  );
};
