/** Enables or disables the webhooks that are ticked in the list, one after the other. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import { useNotice } from '../../components/use-notice';
import type { Selection } from '../../lists/selection';
import { useCall } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { useText } from '../../translations/use-text';

type Props = { rows: readonly Webhook[]; selection: Selection<Webhook> };
type Verb = 'enable' | 'disable';

const useBulk = (selection: Selection<Webhook>) => {
  const text = useText();
  const notice = useNotice();
  const calls = { enable: useCall(webhooks.enable), disable: useCall(webhooks.disable) };
  const [busy, setBusy] = React.useState<Verb | null>(null);
  /** Those that failed stay ticked. */
  const run = async (verb: Verb, chosen: readonly Webhook[]) => {
    setBusy(verb);
    const failed: string[] = [];
    for (const { id } of chosen)
      await calls[verb](id).catch((error: unknown) => {
        failed.push(id);
        notice.failed(error);
      });
    const count = chosen.length - failed.length;
    if (count > 0) notice.done(text(`webhooks.bulk.${verb}d`, { count }));
    selection.set(failed);
    setBusy(null);
  };
  return { busy, run };
};

export const BulkBar = ({ rows, selection }: Props) => {
  const text = useText();
  const { busy, run } = useBulk(selection);
  const chosen = rows.filter(({ id }) => selection.ids.has(id));
  if (chosen.length === 0) return null;
  const fitting = {
    enable: chosen.filter(({ enabled }) => !enabled),
    disable: chosen.filter(({ enabled }) => enabled),
  };
  return (
    <Flex gap={3} paddingBottom={3} wrap="wrap">
      <Typography textColor="neutral600" aria-live="polite">
        {text('list.selected', { count: chosen.length })}
      </Typography>
      {(['enable', 'disable'] as const).map((verb) => (
        <Button
          key={verb}
          size="S"
          variant={verb === 'enable' ? 'secondary' : 'danger-light'}
          loading={busy === verb}
          disabled={busy !== null || fitting[verb].length === 0}
          onClick={() => void run(verb, fitting[verb])}
        >
          {text(`webhooks.bulk.${verb}`)}
        </Button>
      ))}
    </Flex>
  );
};
