/** Says that a webhook which is older than the rule about end users still sends them, and ends it at once. */
import * as React from 'react';
import { Box, Button, Flex } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { Message } from '../../components/message';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

type ExcludeProps = {
  webhook: Webhook;
  onChanged: (webhook: Webhook) => void;
  children: string;
};

const Exclude = ({ webhook, onChanged, children }: ExcludeProps) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const [isBusy, setBusy] = React.useState(false);
  const exclude = async () => {
    setBusy(true);
    try {
      const changed = await api.webhooks.excludeEndUsers(webhook.id);
      notice.done(text('endUsers.excluded', { name: webhook.name }));
      onChanged(changed);
    } catch (error) {
      notice.failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="secondary" size="S" loading={isBusy} onClick={() => void exclude()}>
      {children}
    </Button>
  );
};

type FrameProps = { title: string; children: React.ReactNode };

const Frame = ({ title, children }: FrameProps) => {
  const text = useText();
  const { may } = usePermissions();
  return (
    <Box paddingBottom={4}>
      <Flex direction="column" alignItems="stretch" gap={2}>
        <Message variant="warning" title={title}>
          {text('endUsers.explanation')}
        </Message>
        {may('webhook.update') && (
          <Flex gap={2} wrap="wrap">
            {children}
          </Flex>
        )}
      </Flex>
    </Box>
  );
};

type Props = Pick<ExcludeProps, 'webhook' | 'onChanged'>;

/** In the form of one webhook. */
export const EndUsersNotice = ({ webhook, onChanged }: Props) => {
  const text = useText();
  if (!webhook.includesEndUsers) return null;
  return (
    <Frame title={text('endUsers.one')}>
      <Exclude webhook={webhook} onChanged={onChanged}>
        {text('endUsers.exclude')}
      </Exclude>
    </Frame>
  );
};

const AT_ONCE = 100;

/** In the list: of all webhooks, whatever the list is narrowed to. */
export const EndUsersNotices = ({ onChanged }: { onChanged: () => void }) => {
  const text = useText();
  const api = useApi();
  const load = useLoad(
    React.useCallback(
      () => api.webhooks.list({ includesEndUsers: 'true', pageSize: AT_ONCE }),
      [api],
    ),
  );
  const webhooks = load.data?.data ?? [];
  if (webhooks.length === 0) return null;
  const refresh = () => {
    load.refresh();
    onChanged();
  };
  return (
    <Frame title={text('endUsers.some', { count: webhooks.length })}>
      {webhooks.map((webhook) => (
        <Exclude key={webhook.id} webhook={webhook} onChanged={refresh}>
          {text('endUsers.excludeFrom', { name: webhook.name })}
        </Exclude>
      ))}
    </Frame>
  );
};
