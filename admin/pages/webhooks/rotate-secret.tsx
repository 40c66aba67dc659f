/** Makes a new signing secret, after asking, and shows it once. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import { useApi } from '../../api/use-api';
import { ConfirmDialog } from '../../components/confirm-dialog';
import { SecretOnce } from '../../components/secret-once';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

type Props = {
  webhookId: string;
  /** Signing that was chosen but not saved has no secret yet. */
  isStored: boolean;
};

export const RotateSecret = ({ webhookId, isStored }: Props) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const [isAsking, setAsking] = React.useState(false);
  const [secret, setSecret] = React.useState<string | null>(null);
  const rotate = async () => {
    try {
      setSecret(await api.webhooks.rotateSecret(webhookId));
    } catch (error) {
      notice.failed(error);
    }
  };
  return (
    <Flex>
      <Button
        variant="tertiary"
        startIcon={<ArrowClockwise />}
        disabled={!isStored}
        onClick={() => setAsking(true)}
      >
        {text('secret.rotate')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={text('secret.rotateTitle')}
        confirmLabel={text('secret.rotate')}
        variant="default"
        onConfirm={rotate}
        onClose={() => setAsking(false)}
      >
        {text('secret.rotateQuestion')}
      </ConfirmDialog>
      <SecretOnce isRotated secret={secret} onClose={() => setSecret(null)} />
    </Flex>
  );
};
