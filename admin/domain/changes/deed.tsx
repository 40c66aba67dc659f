/** Who changed something, and what, in words. */
import { Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { AuditAction, AuditEntry } from '../../../server/contract/api';
import { Badge, type BadgeVariant } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { fieldLabel } from './field-label';

const VARIANT: Record<AuditAction, BadgeVariant> = {
  created: 'success',
  changed: 'neutral',
  rotated: 'secondary',
  disabled: 'warning',
  cancelled: 'neutral',
  deleted: 'danger',
};

export const useActorName = () => {
  const text = useText();
  return ({ actor }: AuditEntry) => actor.name ?? text(`document.actor.${actor.type}`);
};

/** The coloured word, and of a change the fields as the form calls them. */
export const Deed = ({ entry: { action, subject, fields } }: { entry: AuditEntry }) => {
  const text = useText();
  const { formatList } = useIntl();
  const labels = fields.map((field) => fieldLabel(subject.type, field, text));
  const told =
    action === 'changed'
      ? formatList(labels, { type: 'unit' })
      : action === 'rotated' || action === 'disabled'
        ? text(`changes.${action}.meaning`)
        : '';
  return (
    <Flex gap={2} wrap="wrap" alignItems="center">
      <Badge variant={VARIANT[action]} shrink={0}>
        {text(`changes.${action}`)}
      </Badge>
      {told && (
        <Typography textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
          {told}
        </Typography>
      )}
    </Flex>
  );
};
