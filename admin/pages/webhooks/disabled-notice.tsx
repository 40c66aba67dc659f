/** Says on the edit page that, why and since when a webhook was disabled by itself, and offers the way back. */
import { Box, Button, Flex } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { WebhookHealth } from '../../../server/contract/webhook';
import { usePermissions } from '../../services/permissions';
import { Message } from '../../components/message';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';

type Props = {
  health: WebhookHealth;
  onEnable: () => void;
};

export const DisabledNotice = ({ health, onEnable }: Props) => {
  const text = useText();
  const { formatDate } = useIntl();
  const { may } = usePermissions();
  if (health.state !== 'disabled' || !health.disabledReason) return null;
  const since = health.disabledAt
    ? text('webhooks.disabledSince', {
        time: formatDate(health.disabledAt, { dateStyle: 'medium', timeStyle: 'short' }),
      })
    : '';
  const sentences = [since, inOwnWords(health.disabledReason, text), text('webhooks.enableAgain')];
  return (
    <Box paddingBottom={4}>
      <Flex direction="column" alignItems="stretch" gap={2}>
        <Message variant="danger" title={text('webhooks.wasDisabled')}>
          {sentences.filter(Boolean).join(' ')}
        </Message>
        {may('webhook.update') && (
          <Flex>
            <Button variant="secondary" size="S" onClick={onEnable}>
              {text('webhooks.enable')}
            </Button>
          </Flex>
        )}
      </Flex>
    </Box>
  );
};
