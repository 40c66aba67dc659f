/** The buttons of the edit page: this webhook's deliveries, a test, and saving. */
import * as React from 'react';
import { Button, Flex, LinkButton } from '@strapi/design-system';
import { PaperPlane, Play } from '@strapi/icons';
import { Link } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import { usePermissions } from '../../services/permissions';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { SaveButton } from './save-button';
import { SendTest } from './send-test';

type Props = { webhook: Webhook; isDirty: boolean; isSaving: boolean };

export const EditActions = ({ webhook, isDirty, isSaving }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const [isTesting, setTesting] = React.useState(false);
  return (
    <Flex gap={2} wrap="wrap">
      {may('delivery.read') && (
        <LinkButton
          tag={Link}
          variant="tertiary"
          startIcon={<PaperPlane />}
          to={`${pathTo('deliveries')}?webhook=${encodeURIComponent(webhook.id)}`}
        >
          {text('webhooks.showDeliveries')}
        </LinkButton>
      )}
      {may('webhook.test') && (
        <Button variant="secondary" startIcon={<Play />} onClick={() => setTesting(true)}>
          {text('test.send')}
        </Button>
      )}
      {may('webhook.update') && <SaveButton isSaving={isSaving} isDisabled={!isDirty} />}
      {isTesting && (
        <SendTest webhook={webhook} isDirty={isDirty} onClose={() => setTesting(false)} />
      )}
    </Flex>
  );
};
