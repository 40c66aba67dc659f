/** The coloured word for what a validation answered. */
import { Badge, type BadgeProps } from '@strapi/design-system';
import type { VerdictKind } from '../../server/contract/verdict';
import { useText } from '../translations/use-text';

const VARIANT: Record<VerdictKind, NonNullable<BadgeProps['variant']>> = {
  allowed: 'success',
  refused: 'danger',
  noAnswer: 'warning',
  unreadable: 'warning',
};

export const VerdictBadge = ({ kind }: { kind: VerdictKind }) => {
  const text = useText();
  return <Badge variant={VARIANT[kind]}>{text(`verdict.${kind}`)}</Badge>;
};
