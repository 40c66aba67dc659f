/** Asks before something is done that cannot be undone. Stays open, and busy, until it is done. */
import * as React from 'react';
import { Button, Dialog, Typography } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';
import { useText } from '../translations/use-text';
import { returnsFocus } from './focus';

type Props = {
  isOpen: boolean;
  title: string;
  /** What will happen, and what will not. */
  children: string;
  confirmLabel: string;
  /** Where "Cancel" could be taken for what is to be confirmed. */
  cancelLabel?: string;
  variant?: 'danger' | 'default';
  onConfirm: () => Promise<void> | void;
  onClose: () => void;
};

export const ConfirmDialog = ({ isOpen, title, children, confirmLabel, ...props }: Props) => {
  const { variant = 'danger', cancelLabel, onConfirm, onClose } = props;
  const text = useText();
  const [isBusy, setBusy] = React.useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
      onClose();
    }
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && !isBusy && onClose()}>
      <Dialog.Content {...returnsFocus}>
        <Dialog.Header>{title}</Dialog.Header>
        <Dialog.Body icon={<WarningCircle width="24px" height="24px" fill="danger600" />}>
          <Dialog.Description>
            <Typography textAlign="center">{children}</Typography>
          </Dialog.Description>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary" disabled={isBusy}>
              {cancelLabel ?? text('common.cancel')}
            </Button>
          </Dialog.Cancel>
          <Button fullWidth variant={variant} loading={isBusy} onClick={confirm}>
            {confirmLabel}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};
