/** Shows a signing secret, the only time that it can be seen. */
import { Button, Flex, Modal } from '@strapi/design-system';
import type { Signing } from '../../server/contract/webhook';
import { Message } from './message';
import { useText } from '../translations/use-text';
import { CodeBlock } from './code-block';

type Props = {
  /** `whsec_...`; null: the dialog is closed. */
  secret: string | null;
  /** Whose it is, where a page makes several. */
  of?: string;
  /** Where an older secret keeps signing for a while: how that shows depends on the signing. */
  rotated?: Signing;
  onClose: () => void;
};

export const SecretOnce = ({ secret, of, rotated, onClose }: Props) => {
  const text = useText();
  return (
    <Modal.Root open={secret !== null} onOpenChange={(open) => !open && onClose()}>
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>
            {of === undefined ? text('secret.title') : text('secret.titleOf', { name: of })}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={4}>
            <Message variant="warning" title={text('secret.once')}>
              {text(
                rotated === undefined
                  ? 'secret.store'
                  : rotated === 'github'
                    ? 'secret.rotated.github'
                    : 'secret.rotated',
              )}
            </Message>
            <CodeBlock label={text('secret.label')} code={secret ?? ''} />
          </Flex>
        </Modal.Body>
        <Modal.Footer>
          <Button onClick={onClose}>{text('secret.stored')}</Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};
