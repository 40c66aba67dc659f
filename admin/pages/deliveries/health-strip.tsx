/** How the queue is doing, in one line: how much waits, for how long, and whether anything sends. */
import { Badge, Flex, Typography } from '@strapi/design-system';
import type { DeliveryState, Health } from '../../../server/contract/delivery';
import { StateBadge } from '../../components/badges';
import { useText } from '../../translations/use-text';
import { useDuration } from './use-duration';

/** What waits, moves or needs somebody; the delivered ones are what the list is for. */
const SHOWN: readonly DeliveryState[] = ['pending', 'sending', 'retrying', 'dead'];

export const HealthStrip = ({ health }: { health: Health }) => {
  const text = useText();
  const duration = useDuration();
  const { deliveries, oldestPendingMs, engine } = health;
  return (
    <Flex
      tag="section"
      aria-label={text('deliveries.queue')}
      gap={5}
      wrap="wrap"
      marginBottom={4}
      padding={4}
      background="neutral0"
      hasRadius
      shadow="tableShadow"
    >
      {SHOWN.map((state) => (
        <Flex key={state} gap={2}>
          <StateBadge state={state} />
          <Typography fontWeight="bold">{deliveries[state]}</Typography>
        </Flex>
      ))}
      {oldestPendingMs !== null && (
        <Typography textColor="neutral600">
          {text('deliveries.oldest', { duration: duration(oldestPendingMs) })}
        </Typography>
      )}
      {!engine.isRunning && <Badge variant="danger">{text('deliveries.notRunning')}</Badge>}
    </Flex>
  );
};
