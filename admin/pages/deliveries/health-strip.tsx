/** How the queue is doing, in one line: how much waits, for how long, whether anything sends, and what validations answered. */
import type * as React from 'react';
import { Flex, Typography } from '@strapi/design-system';
import type { DeliveryState, Health } from '../../../server/contract/delivery';
import { VERDICT_KINDS } from '../../../server/contract/document';
import type { ListQuery } from '../../lists/use-list-query';
import { StateBadge } from '../../domain/badges';
import { VerdictBadge } from '../../domain/verdict-badge';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { toggled, verdictCounts } from './delivery-states';
import { useDuration } from '../../components/use-duration';

/** What waits, moves or needs somebody; the delivered ones are what the list is for. */
const SHOWN: readonly DeliveryState[] = ['pending', 'sending', 'retrying', 'dead'];

type Props = { health: Health; query: ListQuery };
type CounterProps = {
  query: ListQuery;
  filter: 'state' | 'verdict';
  value: string;
  count: number;
  children: React.ReactNode;
};

/** Narrows the list to what it counts; pressed again, it lets go. */
const Counter = ({ query, filter, value, count, children }: CounterProps) => {
  const isPressed = (query.values[filter] ?? '').split(',').includes(value);
  return (
    <Flex
      tag="button"
      type="button"
      aria-pressed={isPressed}
      onClick={() => query.set({ [filter]: toggled(query.values[filter], value) })}
      gap={2}
      padding={1}
      paddingRight={2}
      hasRadius
      cursor="pointer"
      background={isPressed ? 'primary100' : 'transparent'}
      borderColor={isPressed ? 'primary600' : 'transparent'}
    >
      {children}
      <Typography fontWeight="bold" textColor="neutral800">
        {count}
      </Typography>
    </Flex>
  );
};

/** A refusal is an answer; no answer and an unreadable one are failures: they are counted apart. */
const Verdicts = ({ health, query }: Props) => {
  const text = useText();
  const counts = verdictCounts(health);
  if (!counts) return null;
  return (
    <Flex tag="section" aria-label={text('deliveries.validations')} gap={5} wrap="wrap">
      <Typography textColor="neutral600">{text('deliveries.validations')}</Typography>
      {VERDICT_KINDS.map((kind) => (
        <Counter key={kind} query={query} filter="verdict" value={kind} count={counts[kind]}>
          <VerdictBadge kind={kind} />
        </Counter>
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

export const HealthStrip = ({ health, query }: Props) => {
  const text = useText();
  const duration = useDuration();
  const { deliveries, oldestPendingMs, engine } = health;
  return (
    <Flex
      tag="section"
      aria-label={text('deliveries.queue')}
      gap={4}
      wrap="wrap"
      marginBottom={4}
      padding={4}
      background="neutral0"
      hasRadius
      shadow="tableShadow"
    >
      {SHOWN.map((state) => (
        <Counter key={state} query={query} filter="state" value={state} count={deliveries[state]}>
          <StateBadge state={state} />
        </Counter>
      ))}
      {oldestPendingMs !== null && (
        <Typography textColor="neutral600">
          {text('deliveries.oldest', { duration: duration(oldestPendingMs) })}
        </Typography>
      )}
      <Verdicts health={health} query={query} />
      <EngineState engine={engine} />
    </Flex>
  );
};
