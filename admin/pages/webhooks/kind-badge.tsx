/** The kind of a webhook as a coloured word. */
import type { WebhookKind } from '../../../server/contract/webhook';
import { Badge, type BadgeVariant } from '../../components/badge';
import { useText } from '../../translations/use-text';

const VARIANT: Record<WebhookKind, BadgeVariant> = {
  event: 'secondary',
  submit: 'primary',
  validation: 'alternative',
};

export const KindBadge = ({ kind }: { kind: WebhookKind }) => {
  const text = useText();
  return <Badge variant={VARIANT[kind]}>{text(`kind.${kind}`)}</Badge>;
};
