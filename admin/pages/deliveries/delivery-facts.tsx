/** What a delivery is about: its event, its document, its webhook, and how it stands. */
import type * as React from 'react';
import { Flex, Grid, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { DeliveryDetail, ShownDelivery } from '../../../server/contract/delivery';
import { StateBadge } from '../../domain/badges';
import { SectionBox } from '../../components/section-box';
import { TimeAgo } from '../../components/time-ago';
import { VerdictBadge } from '../../domain/verdict-badge';
import { useOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';
import { isValidation } from './delivery-states';
import { DocumentName } from './document-name';
import { TestMark } from './test-mark';
import { WebhookName } from './webhook-name';

const Fact = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Grid.Item col={4} m={4} s={6} xs={12} direction="column" alignItems="flex-start" gap={1}>
    <Typography tag="dt" variant="sigma" textColor="neutral600">
      {label}
    </Typography>
    <Typography tag="dd" marginLeft={0} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Typography>
  </Grid.Item>
);

const Moment = ({ at }: { at: string | null }) => {
  const { formatDate } = useIntl();
  return at ? formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }) : '-';
};

const StateFact = ({ delivery }: { delivery: DeliveryDetail }) => {
  const ownWords = useOwnWords();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <Flex gap={2}>
        {delivery.verdict ? (
          <VerdictBadge kind={delivery.verdict} />
        ) : (
          <StateBadge state={delivery.state} />
        )}
        <TestMark isTest={delivery.isTest} />
      </Flex>
      {delivery.reason && ownWords(delivery.reason)}
    </Flex>
  );
};

/** In place of the button that it has not. */
const NotResent = () => {
  const text = useText();
  return (
    <Typography variant="pi" textColor="neutral600">
      {text('deliveries.validationNotResent')}
    </Typography>
  );
};

export const DeliveryFacts = ({ delivery }: { delivery: ShownDelivery }) => {
  const text = useText();
  return (
    <SectionBox title={text('deliveries.facts')}>
      <Grid.Root tag="dl" gap={4}>
        <Fact label={text('deliveries.state')}>
          <StateFact delivery={delivery} />
        </Fact>
        <Fact label={text('deliveries.webhook')}>
          <WebhookName webhook={delivery.webhook} />
        </Fact>
        <Fact label={text('deliveries.nextAttempt')}>
          <TimeAgo key={delivery.nextAttemptAt} at={delivery.nextAttemptAt} />
        </Fact>
        <Fact label={text('deliveries.event')}>{delivery.event}</Fact>
        <Fact label={text('deliveries.eventId')}>{delivery.eventId}</Fact>
        <Fact label={text('deliveries.createdAt')}>
          <Moment at={delivery.createdAt} />
        </Fact>
        <Fact label={text('deliveries.document')}>
          <DocumentName delivery={delivery} />
        </Fact>
        <Fact label={text('deliveries.documentId')}>
          {[delivery.documentId, delivery.locale].filter(Boolean).join(', ') || '-'}
        </Fact>
        <Fact label={text('deliveries.deliveredAt')}>
          <Moment at={delivery.deliveredAt} />
        </Fact>
      </Grid.Root>
      {isValidation(delivery) && <NotResent />}
    </SectionBox>
  );
};
