/** Every attempt of a delivery, newest first; the newest is open. */
import * as React from 'react';
import { Accordion, Box, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { Attempt, DeliveryDetail } from '../../../server/contract/delivery';
import { OutcomeBadge } from '../../domain/badges';
import { SectionBox } from '../../components/section-box';
import { VerdictBadge } from '../../domain/verdict-badge';
import { useText } from '../../translations/use-text';
import { AttemptDetail } from './attempt-detail';
import { useDuration } from '../../components/use-duration';

const useSummary = () => {
  const text = useText();
  const duration = useDuration();
  const { formatDate } = useIntl();
  return ({ at, durationMs, trigger, response }: Attempt) =>
    [
      formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }),
      duration(durationMs),
      text(`trigger.${trigger}`),
      response ? text('deliveries.status', { status: String(response.status) }) : null,
    ]
      .filter(Boolean)
      .join(' · ');
};

/** `attempts` newest first, as the server answers them; numbered from the first that was made. */
export const Attempts = ({ delivery }: { delivery: DeliveryDetail }) => {
  const { attempts, isContentHidden } = delivery;
  const text = useText();
  const summary = useSummary();
  const newest = attempts[0]?.id;
  const [open, setOpen] = React.useState(newest);
  React.useEffect(() => setOpen(newest), [newest]);
  return (
    <SectionBox title={text('deliveries.attempts')}>
      {attempts.length === 0 && (
        <Typography textColor="neutral600">{text('deliveries.noAttempt')}</Typography>
      )}
      <Accordion.Root value={open ?? ''} onValueChange={setOpen} collapsible size="M">
        {attempts.map((attempt, at) => (
          <Accordion.Item key={attempt.id} value={attempt.id}>
            <Accordion.Header>
              <Accordion.Trigger description={summary(attempt)}>
                {text('deliveries.attemptNumber', { number: attempts.length - at })}
              </Accordion.Trigger>
              <Accordion.Actions style={{ whiteSpace: 'nowrap' }}>
                {/* A validation shows its verdict: status 200 alone does not say whether it allowed. */}
                {delivery.verdict ? (
                  <VerdictBadge kind={delivery.verdict} />
                ) : (
                  <OutcomeBadge outcome={attempt.outcome} />
                )}
              </Accordion.Actions>
            </Accordion.Header>
            <Accordion.Content>
              <Box padding={6}>
                <AttemptDetail attempt={attempt} isContentHidden={isContentHidden} />
              </Box>
            </Accordion.Content>
          </Accordion.Item>
        ))}
      </Accordion.Root>
    </SectionBox>
  );
};
