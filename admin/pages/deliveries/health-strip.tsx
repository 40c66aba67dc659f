/** How the queue is doing, in one line: how much waits, for how long, whether anything sends, and what validations answered. */
import { Flex, Typography } from '@strapi/design-system';
import type { DeliveryState, Health } from '../../../server/contract/delivery';
import { VERDICT_KINDS } from '../../../server/contract/verdict';
import { StateBadge } from '../../components/badges';
import { VerdictBadge } from '../../components/verdict-badge';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { verdictCounts } from './delivery-states';
import { useDuration } from '../../components/use-duration';

/** What waits, moves or needs somebody; the delivered ones are what the list is for. */
const SHOWN: readonly DeliveryState[] = ['pending', 'sending', 'retrying', 'dead'];

/** A refusal is an answer; no answer and an unreadable one are failures: they are counted apart. */
const Verdicts = ({ health }: { health: Health }) => {
  const text = useText();
  const counts = verdictCounts(health);
  if (!counts) return null;
  return (
    <Flex tag="section" aria-label={text('deliveries.validations')} gap={5} wrap="wrap">
      <Typography textColor="neutral600">{text('deliveries.validations')}</Typography>
      {VERDICT_KINDS.map((kind) => (
        <Flex key={kind} gap={2}>
          <VerdictBadge kind={kind} />
          <Typography fontWeight="bold">{counts[kind]}</Typography>
        </Flex>
      ))}
    </Flex>
  );
};

/** Silent where all is well. */
const EngineState = ({ engine }: Pick<Health, 'engine'>) => {
  const text = useText();
  if (engine.isReachable === false)
    return <Badge variant="danger">{text('deliveries.noRedis')}</Badge>;
  if (engine.isRunning) return null;
  return engine.dispatch ? (
    <Badge variant="danger">{text('deliveries.notRunning')}</Badge>
  ) : (
    <Badge>{text('deliveries.elsewhere')}</Badge>
  );
};

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
      <Verdicts health={health} />
      <EngineState engine={engine} />
    </Flex>
  );
};
