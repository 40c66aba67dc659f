/** Makes a new signing secret or key pair, after asking. A secret is shown once; of a pair there is only the public key to see. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import type { Signing } from '../../../server/contract/webhook';
import { useCall } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { ConfirmDialog } from '../../components/confirm-dialog';
import { SecretOnce } from '../../domain/secret-once';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

type Props = {
  webhookId: string;
  signing: Exclude<Signing, 'none'>;
  /** Signing that was chosen but not saved has no secret yet. */
  isStored: boolean;
};

export const RotateSecret = ({ webhookId, signing, isStored }: Props) => {
  const text = useText();
  const rotateSecret = useCall(webhooks.rotateSecret);
  const notice = useNotice();
  const [isAsking, setAsking] = React.useState(false);
  const [secret, setSecret] = React.useState<string | null>(null);
  const what = signing === 'standard-ed25519' ? 'key' : 'secret';
  const rotate = async () => {
    try {
      const rotated = await rotateSecret(webhookId);
      setSecret(rotated.secret ?? null);
      if (!rotated.secret) notice.done(text('secret.keyRotated'));
    } catch (error) {
      notice.failed(error);
    }
  };
  return (
    <Flex>
      <Button
        type="button"
        variant="tertiary"
        startIcon={<ArrowClockwise />}
        disabled={!isStored}
        onClick={() => setAsking(true)}
      >
        {text(`secret.rotate.${what}`)}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={text(`secret.rotateTitle.${what}`)}
        confirmLabel={text(`secret.rotate.${what}`)}
        variant="default"
        onConfirm={rotate}
        onClose={() => setAsking(false)}
      >
        {text(`secret.rotateQuestion.${signing}`)}
      </ConfirmDialog>
      <SecretOnce rotated={signing} secret={secret} onClose={() => setSecret(null)} />
    </Flex>
  );
};
