/** The coloured words for a webhook's health, a delivery's state and an attempt's outcome. */
import { Tooltip } from '@strapi/design-system';
import type { DeliveryState, OutcomeName } from '../../server/contract/delivery';
import type { HealthState, WebhookHealth } from '../../server/contract/webhook';
import { Badge, type BadgeVariant } from '../components/badge';
import { inOwnWords } from '../services/own-words';
import { useText } from '../translations/use-text';

const HEALTH: Record<HealthState, BadgeVariant> = {
  healthy: 'success',
  failing: 'warning',
  disabled: 'danger',
};

const STATE: Record<DeliveryState, BadgeVariant> = {
  pending: 'neutral',
  sending: 'primary',
  delivered: 'success',
  retrying: 'warning',
  dead: 'danger',
  cancelled: 'neutral',
};

const OUTCOME: Record<OutcomeName, BadgeVariant> = {
  delivered: 'success',
  refused: 'danger',
  timeout: 'warning',
  connection: 'warning',
  blocked: 'danger',
  auth: 'danger',
  tooLarge: 'danger',
};

export const HealthStateBadge = ({ state }: { state: HealthState }) => {
  const text = useText();
  return <Badge variant={HEALTH[state]}>{text(`health.${state}`)}</Badge>;
};

/** An administrator switched it off, so nothing is sent, and its health says nothing. */
export const OffBadge = () => {
  const text = useText();
  return <Badge variant="neutral">{text('health.off')}</Badge>;
};

/** Says in a tooltip why a webhook was disabled, or how often in a row it has failed. */
export const HealthBadge = ({ health }: { health: WebhookHealth }) => {
  const text = useText();
  const badge = <HealthStateBadge state={health.state} />;
  const why =
    (health.disabledReason && inOwnWords(health.disabledReason, text)) ??
    (health.consecutiveFailures > 0
      ? text('health.failures', { count: health.consecutiveFailures })
      : null);
  return why ? (
    <Tooltip label={why}>
      <span tabIndex={0}>{badge}</span>
    </Tooltip>
  ) : (
    badge
  );
};

export const StateBadge = ({ state }: { state: DeliveryState }) => {
  const text = useText();
  return <Badge variant={STATE[state]}>{text(`state.${state}`)}</Badge>;
};

export const OutcomeBadge = ({ outcome }: { outcome: OutcomeName }) => {
  const text = useText();
  return <Badge variant={OUTCOME[outcome]}>{text(`outcome.${outcome}`)}</Badge>;
};
