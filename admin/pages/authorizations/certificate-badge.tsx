/** In the list: that a certificate needs somebody's attention. Nothing where it is good. */
import type { CertificateFacts } from '../../../server/contract/authorization';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { certificateState } from './certificate-state';

export const CertificateBadge = ({ facts }: { facts: CertificateFacts }) => {
  const text = useText();
  const state = certificateState(facts, Date.now());
  return state === 'good' ? null : (
    <Badge variant={state === 'expired' ? 'danger' : 'warning'}>
      {text(`certificate.badge.${state}`)}
    </Badge>
  );
};
