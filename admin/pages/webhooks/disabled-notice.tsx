/** Says on the edit page that, and why, a webhook was disabled by itself. */
import { Box } from '@strapi/design-system';
import type { WebhookHealth } from '../../../server/contract/webhook';
import { Message } from '../../components/message';
import { useText } from '../../translations/use-text';

export const DisabledNotice = ({ health }: { health: WebhookHealth }) => {
  const text = useText();
  if (health.state !== 'disabled' || !health.disabledReason) return null;
  return (
    <Box paddingBottom={4}>
      <Message variant="danger" title={text('webhooks.wasDisabled')}>
        {`${health.disabledReason} ${text('webhooks.enableAgain')}`}
      </Message>
    </Box>
  );
};
