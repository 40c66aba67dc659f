/** The coloured word for what a validation answered. */
import type { VerdictKind } from '../../server/contract/document';
import { Badge, type BadgeVariant } from '../components/badge';
import { useText } from '../translations/use-text';

const VARIANT: Record<VerdictKind, BadgeVariant> = {
  allowed: 'success',
  refused: 'danger',
  noAnswer: 'warning',
  unreadable: 'warning',
};

export const VerdictBadge = ({ kind }: { kind: VerdictKind }) => {
  const text = useText();
  return <Badge variant={VARIANT[kind]}>{text(`verdict.${kind}`)}</Badge>;
};
