/** The first step of a new webhook: which of the three kinds it is. */
import type * as React from 'react';
import { Flex, Grid, Typography } from '@strapi/design-system';
import { PaperPlane, Shield, Webhooks } from '@strapi/icons';
import { Link, useSearchParams } from 'react-router-dom';
import { styled } from 'styled-components';
import { WEBHOOK_KINDS, type WebhookKind } from '../../../server/contract/webhook';
import { useText } from '../../translations/use-text';
import { KindBadge } from './kind-badge';

const ICONS: Record<WebhookKind, React.ReactNode> = {
  event: <Webhooks aria-hidden width="2rem" height="2rem" />,
  submit: <PaperPlane aria-hidden width="2rem" height="2rem" />,
  validation: <Shield aria-hidden width="2rem" height="2rem" />,
};

/** The whole card is the link, so that there is one thing to hit and one to hear. */
const CardLink = styled(Link)`
  display: block;
  width: 100%;
  height: 100%;
  padding: ${({ theme }) => theme.spaces[6]};
  color: ${({ theme }) => theme.colors.neutral800};
  text-decoration: none;
  background: ${({ theme }) => theme.colors.neutral0};
  border: 1px solid ${({ theme }) => theme.colors.neutral200};
  border-radius: ${({ theme }) => theme.borderRadius};
  box-shadow: ${({ theme }) => theme.shadows.tableShadow};

  &:hover,
  &:focus-visible {
    border-color: ${({ theme }) => theme.colors.primary600};
  }
`;

const KindCard = ({ kind }: { kind: WebhookKind }) => {
  const text = useText();
  const [params] = useSearchParams();
  const search = new URLSearchParams({ ...Object.fromEntries(params), kind }).toString();
  return (
    <CardLink to={{ search }}>
      <Flex direction="column" alignItems="flex-start" gap={3}>
        <Flex gap={3} justifyContent="space-between" width="100%">
          <Typography textColor="primary600" lineHeight={1}>
            {ICONS[kind]}
          </Typography>
          <KindBadge kind={kind} />
        </Flex>
        <Typography variant="delta" tag="h3">
          {text(`kind.${kind}.title`)}
        </Typography>
        <Typography textColor="neutral600">{text(`kind.${kind}.meaning`)}</Typography>
      </Flex>
    </CardLink>
  );
};

export const KindCards = () => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Typography variant="beta" tag="h2">
        {text('kind.question')}
      </Typography>
      <Grid.Root gap={4} tag="ul" padding={0}>
        {WEBHOOK_KINDS.map((kind) => (
          <Grid.Item key={kind} tag="li" col={4} s={12} alignItems="stretch">
            <KindCard kind={kind} />
          </Grid.Item>
        ))}
      </Grid.Root>
      <Typography variant="pi" textColor="neutral600">
        {text('kind.fixed')}
      </Typography>
    </Flex>
  );
};
