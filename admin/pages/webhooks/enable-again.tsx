/** Enables a webhook that was disabled by itself, and resends what was given up or missed since. */
import * as React from 'react';
import { Button, Checkbox, DateTimePicker, Flex, Typography } from '@strapi/design-system';
import type { Many } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import { deliveries } from '../../services/deliveries';
import { problemOf, sentenceOf } from '../../services/problem';
import { useCall, useLoad } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { usePermissions } from '../../services/permissions';
import { FormFailure } from '../../forms/form-failure';
import { Labelled } from '../../components/labelled';
import { Message } from '../../components/message';
import { useNotice } from '../../components/use-notice';
import { ModalFrame } from '../../components/modal-frame';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';
import { momentIn } from '../../components/day';
import { ResendProgress, ResendSummary, useMatching } from '../deliveries/resend-summary';
import { useResending } from '../deliveries/use-resending';
import { resendSince } from './resend-since';

type Props = {
  /** As it was while it was disabled. */
  webhook: Webhook;
  onClose: () => void;
};

/** What waits for it: sent as soon as it is enabled, whatever else is chosen. */
const useWaiting = ({ id }: Webhook, isBusy: boolean): number => {
  const { may } = usePermissions();
  const query = { webhook: id, state: 'pending,sending,retrying', pageSize: 1 };
  // What is resent waits too, and is not to be counted among it.
  const { data } = useLoad(deliveries.list, query, { skip: isBusy || !may('delivery.read') });
  return data?.meta.pagination.total ?? 0;
};

const useEnableAgain = ({ webhook, onClose }: Props) => {
  const text = useText();
  const enable = useCall(webhooks.enable);
  const notice = useNotice();
  const { may } = usePermissions();
  const resending = useResending();
  const [isResend, setResend] = React.useState(may('delivery.resend'));
  const [missedFrom] = React.useState(() => resendSince(webhook.health) ?? undefined);
  const [endedFrom, setSince] = React.useState(missedFrom);
  const [failure, setFailure] = React.useState<string | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const wish: Many = { webhook: webhook.id, states: ['dead', 'cancelled'], endedFrom };
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await enable(webhook.id);
      const count = isResend ? await resending.start(wish) : 0;
      notice.done(
        isResend
          ? text('webhooks.enabledAndResent', { name: webhook.name, count })
          : text('webhooks.nowEnabled', { name: webhook.name }),
      );
      onClose();
    } catch (error) {
      setFailure(sentenceOf(problemOf(error), text));
      setBusy(false);
    }
  };
  const isDirty = endedFrom !== missedFrom;
  return { wish, setSince, isDirty, isResend, setResend, failure, isBusy, run, resending };
};

type Form = ReturnType<typeof useEnableAgain>;

const Since = ({ form }: { form: Form }) => {
  const text = useText();
  const label = text('webhooks.resendFrom');
  return (
    <Labelled name="from" label={label}>
      <DateTimePicker
        dateLabel={text('deliveries.dateOf', { name: label })}
        timeLabel={text('deliveries.timeOf', { name: label })}
        clearLabel={text('list.clearFilter', { name: label })}
        value={momentIn(form.wish.endedFrom)}
        disabled={form.isBusy}
        onChange={(date) => form.setSince(date?.toISOString())}
        onClear={() => form.setSince(undefined)}
      />
    </Labelled>
  );
};

const Resend = ({ form }: { form: Form }) => {
  const text = useText();
  const found = useMatching(form.wish);
  const { done } = form.resending;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Checkbox
        checked={form.isResend}
        disabled={form.isBusy}
        onCheckedChange={(checked) => form.setResend(checked === true)}
      >
        {text('webhooks.resendSince')}
      </Checkbox>
      {form.isResend && <Since form={form} />}
      {form.isResend && done === null && <ResendSummary found={found} />}
      {done !== null && <ResendProgress done={done} total={Math.max(done, found?.count ?? 0)} />}
    </Flex>
  );
};

export const EnableAgain = (props: Props) => {
  const { webhook, onClose } = props;
  const text = useText();
  const { may } = usePermissions();
  const form = useEnableAgain(props);
  const waiting = useWaiting(webhook, form.isBusy);
  return (
    <ModalFrame
      title={text('webhooks.enableAgainTitle', { name: webhook.name })}
      isBusy={form.isBusy}
      isDirty={form.isDirty}
      onClose={onClose}
      footer={
        <>
          <Button
            variant="tertiary"
            onClick={form.resending.done === null ? onClose : form.resending.stop}
          >
            {text(form.resending.done === null ? 'common.cancel' : 'deliveries.stop')}
          </Button>
          <Button loading={form.isBusy} onClick={() => void form.run()}>
            {text(form.isResend ? 'webhooks.enableAndResend' : 'webhooks.enable')}
          </Button>
        </>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <FormFailure message={form.failure} />
        <Message variant="warning" title={text('webhooks.wasDisabled')}>
          {inOwnWords(webhook.health.disabledReason ?? '', text)}
        </Message>
        {waiting > 0 && (
          <Typography>{text('webhooks.waitingForIt', { count: waiting })}</Typography>
        )}
        {may('delivery.resend') && <Resend form={form} />}
      </Flex>
    </ModalFrame>
  );
};
