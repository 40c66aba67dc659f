/** Says on the edit page that, and why, a webhook was disabled by itself. */
import { Alert, Box } from '@strapi/design-system';
import type { WebhookHealth } from '../../../server/contract/webhook';
import { useText } from '../../translations/use-text';

export const DisabledNotice = ({ health }: { health: WebhookHealth }) => {
  const text = useText();
  if (health.state !== 'disabled' || !health.disabledReason) return null;
  return (
    <Box paddingBottom={4}>
      <Alert
        variant="danger"
        title={text('webhooks.wasDisabled')}
        closeLabel={text('common.close')}
      >
        {health.disabledReason} {text('webhooks.enableAgain')}
      </Alert>
    </Box>
  );
};
