/** Shows that a webhook is paused, until when and why. The notice disappears when the pause ends, without a reload. */
import * as React from 'react';
import { Box, Flex, Tooltip, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { Webhook } from '../../../server/contract/webhook';
import { HealthBadge, OffBadge } from '../../domain/badges';
import { Message } from '../../components/message';
import { Badge } from '../../components/badge';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';

type Props = { webhook: Webhook };

/** The longest that a browser's timer can wait. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** By an administrator. One that was disabled by itself says so, and why. */
const isOff = ({ enabled, health }: Webhook) => !enabled && health.state !== 'disabled';

/** Until when it is paused, in ms; null where it is not, or is disabled, which says more. */
const usePausedUntil = ({ enabled, health }: Webhook): number | null => {
  const until = health.pausedUntil === null ? 0 : Date.parse(health.pausedUntil);
  const [now, setNow] = React.useState(() => Date.now());
  const isPaused = enabled && health.state !== 'disabled' && until > now;
  React.useEffect(() => {
    if (!isPaused) return;
    const wait = Math.min(Math.max(until - Date.now(), 0), MAX_WAIT_MS);
    const timer = setTimeout(() => setNow(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [isPaused, until, now]);
  return isPaused ? until : null;
};

/** The time of day, with the date where it is another. */
const useMoment = () => {
  const { formatDate } = useIntl();
  return (at: number) => {
    const isToday = new Date(at).toDateString() === new Date().toDateString();
    return formatDate(at, { timeStyle: 'medium', ...(isToday ? {} : { dateStyle: 'medium' }) });
  };
};

const useSentence = ({ webhook }: Props) => {
  const text = useText();
  const moment = useMoment();
  return (until: number) =>
    webhook.kind === 'validation'
      ? text('webhooks.pausedBreaker', {
          time: moment(until),
          count: webhook.health.consecutiveFailures,
        })
      : text('webhooks.pausedReceiver', { time: moment(until) });
};

const PausedBadge = ({ webhook, until }: Props & { until: number }) => {
  const text = useText();
  const sentence = useSentence({ webhook });
  return (
    <Tooltip label={sentence(until)}>
      <span tabIndex={0}>
        <Badge variant="warning">{text('health.paused')}</Badge>
      </span>
    </Tooltip>
  );
};

export const WebhookHealthBadge = ({ webhook }: Props) => {
  const until = usePausedUntil(webhook);
  if (isOff(webhook)) return <OffBadge />;
  return until === null ? (
    <HealthBadge health={webhook.health} />
  ) : (
    <PausedBadge webhook={webhook} until={until} />
  );
};

const WhyDisabled = ({ health }: Pick<Webhook, 'health'>) => {
  const text = useText();
  const moment = useMoment();
  if (health.state !== 'disabled' || !health.disabledReason) return null;
  const why = inOwnWords(health.disabledReason, text);
  const since = health.disabledAt
    ? text('webhooks.disabledSince', { time: moment(Date.parse(health.disabledAt)) })
    : '';
  return (
    <Box maxWidth="13rem">
      <Typography
        tag="p"
        variant="pi"
        textColor="neutral600"
        ellipsis
        title={`${since} ${why}`.trim()}
      >
        {why}
      </Typography>
      {since && (
        <Typography tag="p" variant="pi" textColor="neutral600">
          {since}
        </Typography>
      )}
    </Box>
  );
};

/** In a list, where no notice tells how long it will be. */
export const WebhookHealthCell = ({ webhook }: Props) => {
  const text = useText();
  const moment = useMoment();
  const until = usePausedUntil(webhook);
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <WebhookHealthBadge webhook={webhook} />
      {until !== null && (
        <Typography variant="pi" textColor="neutral600">
          {text('webhooks.until', { time: moment(until) })}
        </Typography>
      )}
      <WhyDisabled health={webhook.health} />
    </Flex>
  );
};

export const PausedNotice = ({ webhook }: Props) => {
  const text = useText();
  const sentence = useSentence({ webhook });
  const until = usePausedUntil(webhook);
  return until === null ? null : (
    <Box paddingBottom={4}>
      <Message variant="warning" title={text('health.paused')}>
        {sentence(until)}
      </Message>
    </Box>
  );
};
