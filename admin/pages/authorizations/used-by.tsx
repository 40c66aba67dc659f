/** Which webhooks send an authorization: what a change of it touches. */
import { Typography } from '@strapi/design-system';
import type { Authorization } from '../../../server/contract/authorization';
import { SectionBox } from '../../components/section-box';
import { WebhookNames } from '../../domain/webhook-names';
import { useText } from '../../translations/use-text';

export const UsedBy = ({ webhooks }: { webhooks: Authorization['webhooks'] }) => {
  const text = useText();
  return (
    <SectionBox title={text('authorizations.webhooks')}>
      {webhooks.length === 0 ? (
        <Typography textColor="neutral600">{text('authorizations.unused')}</Typography>
      ) : (
        <WebhookNames webhooks={webhooks} />
      )}
    </SectionBox>
  );
};
