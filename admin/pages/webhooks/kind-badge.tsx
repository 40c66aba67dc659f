/** The kind of a webhook as a coloured word. */
import { Badge, type BadgeProps } from '@strapi/design-system';
import type { WebhookKind } from '../../../server/contract/webhook';
import { useText } from '../../translations/use-text';

const VARIANT: Record<WebhookKind, NonNullable<BadgeProps['variant']>> = {
  event: 'secondary',
  submit: 'primary',
  validation: 'alternative',
};

export const KindBadge = ({ kind }: { kind: WebhookKind }) => {
  const text = useText();
  return <Badge variant={VARIANT[kind]}>{text(`kind.${kind}`)}</Badge>;
};
