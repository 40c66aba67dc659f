/** What the stored certificate says of itself, with a warning before it is too late. */
import { Flex } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { CertificateFacts as Certificate } from '../../../server/contract/authorization';
import { Facts } from '../../components/facts';
import { Message } from '../../components/message';
import { useText } from '../../translations/use-text';
import { certificateState } from './certificate-state';

const Warning = ({ facts }: { facts: Certificate }) => {
  const text = useText();
  const { formatDate } = useIntl();
  const state = certificateState(facts, Date.now());
  if (state === 'good') return null;
  const date = formatDate(state === 'notYet' ? facts.validFrom : facts.validTo, {
    dateStyle: 'long',
  });
  return (
    <Message
      variant={state === 'expired' ? 'danger' : 'warning'}
      title={text(`certificate.${state}`)}
    >
      {text(`certificate.${state}.hint`, { date })}
    </Message>
  );
};

export const CertificateFacts = ({ facts }: { facts: Certificate }) => {
  const text = useText();
  const { formatDate } = useIntl();
  const moment = (at: string) => formatDate(at, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Warning facts={facts} />
      <Facts
        label={text('certificate.stored')}
        facts={[
          [text('certificate.subject'), facts.subject],
          [text('certificate.issuer'), facts.issuer],
          [text('certificate.validFrom'), moment(facts.validFrom)],
          [text('certificate.validTo'), moment(facts.validTo)],
        ]}
      />
    </Flex>
  );
};
