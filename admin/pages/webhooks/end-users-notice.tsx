/** Says that a webhook which is older than the rule about end users still sends them, and ends it at once. */
import * as React from 'react';
import { Box, Button, Flex } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import { useCall, useLoad } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { usePermissions } from '../../services/permissions';
import { Message } from '../../components/message';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

type ExcludeProps = {
  webhook: Webhook;
  children: string;
};

const Exclude = ({ webhook, children }: ExcludeProps) => {
  const text = useText();
  const excludeEndUsers = useCall(webhooks.excludeEndUsers);
  const notice = useNotice();
  const [isBusy, setBusy] = React.useState(false);
  const exclude = async () => {
    setBusy(true);
    try {
      await excludeEndUsers(webhook.id);
      notice.done(text('endUsers.excluded', { name: webhook.name }));
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

/** In the form of one webhook. */
export const EndUsersNotice = ({ webhook }: { webhook: Webhook }) => {
  const text = useText();
  if (!webhook.includesEndUsers) return null;
  return (
    <Frame title={text('endUsers.one')}>
      <Exclude webhook={webhook}>{text('endUsers.exclude')}</Exclude>
    </Frame>
  );
};

const AT_ONCE = 100;

/** In the list: of all webhooks, whatever the list is narrowed to. */
export const EndUsersNotices = () => {
  const text = useText();
  const { data } = useLoad(webhooks.list, { includesEndUsers: 'true', pageSize: AT_ONCE });
  const found = data?.data ?? [];
  if (found.length === 0) return null;
  return (
    <Frame title={text('endUsers.some', { count: found.length })}>
      {found.map((webhook) => (
        <Exclude key={webhook.id} webhook={webhook}>
          {text('endUsers.excludeFrom', { name: webhook.name })}
        </Exclude>
      ))}
    </Frame>
  );
};
