/** Shows a signing secret, the only time that it can be seen: it closes at once only after it was copied or said to be stored. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import type { Signing } from '../../server/contract/webhook';
import { Message } from '../components/message';
import { useText } from '../translations/use-text';
import { CodeBlock } from '../components/code-block';
import { ModalFrame } from '../components/modal-frame';

type Props = {
  /** `whsec_...`; null: the dialog is closed. */
  secret: string | null;
  /** Whose it is, where a page makes several. */
  of?: string;
  /** Where an older secret keeps signing for a while: how that shows depends on the signing. */
  rotated?: Signing;
  onClose: () => void;
};

const storeKey = (rotated?: Signing) => {
  if (rotated === undefined) return 'secret.store';
  return rotated === 'github' ? 'secret.rotated.github' : 'secret.rotated';
};

export const SecretOnce = ({ secret, of, rotated, onClose }: Props) => {
  const text = useText();
  const [copied, setCopied] = React.useState<string | null>(null);
  return (
    <ModalFrame
      isOpen={secret !== null}
      title={of === undefined ? text('secret.title') : text('secret.titleOf', { name: of })}
      isDirty={copied !== secret}
      question={{
        title: text('secret.leaveTitle'),
        text: text('secret.leaveQuestion'),
        confirm: text('secret.leave'),
        cancel: text('secret.leaveNot'),
      }}
      footer={<Button onClick={onClose}>{text('secret.stored')}</Button>}
      onClose={onClose}
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Message variant="warning" title={text('secret.once')}>
          {text(storeKey(rotated))}
        </Message>
        <CodeBlock
          label={text('secret.label')}
          code={secret ?? ''}
          onCopied={() => setCopied(secret)}
        />
      </Flex>
    </ModalFrame>
  );
};
