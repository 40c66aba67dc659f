/** Shows a signing secret, the only time that it can be seen. */
import { Button, Flex, Modal } from '@strapi/design-system';
import { Message } from './message';
import { useText } from '../translations/use-text';
import { CodeBlock } from './code-block';

type Props = {
  /** `whsec_...`; null: the dialog is closed. */
  secret: string | null;
  /** Whether an older secret keeps signing for a while. */
  isRotated?: boolean;
  onClose: () => void;
};

export const SecretOnce = ({ secret, isRotated = false, onClose }: Props) => {
  const text = useText();
  return (
    <Modal.Root open={secret !== null} onOpenChange={(open) => !open && onClose()}>
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>{text('secret.title')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={4}>
            <Message variant="warning" title={text('secret.once')}>
              {text(isRotated ? 'secret.rotated' : 'secret.store')}
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
