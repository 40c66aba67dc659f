/** The frame of every dialog that holds more than a question: what was typed in it is not lost by Esc or a click outside. */
import * as React from 'react';
import { Modal } from '@strapi/design-system';
import { useText } from '../translations/use-text';
import { ConfirmDialog } from './confirm-dialog';
import { returnsFocus } from './focus';
import { useAskOnUnload } from './unsaved-guard';

type Question = { title: string; text: string; confirm: string; cancel: string };

type Props = {
  title: string;
  isOpen?: boolean;
  /** While something runs, nothing closes the dialog. */
  isBusy?: boolean;
  /** Its content would be lost: Esc, a click outside and the cross in the corner ask first. */
  isDirty?: boolean;
  /** What is asked then, where it is not about what was typed. */
  question?: Question;
  footer: React.ReactNode;
  onClose: () => void;
  children: React.ReactNode;
};

const useDiscard = (): Question => {
  const text = useText();
  return {
    title: text('dialog.discardTitle'),
    text: text('dialog.discardQuestion'),
    confirm: text('dialog.discard'),
    cancel: text('conflict.keepEditing'),
  };
};

export const ModalFrame = ({ title, isOpen = true, isBusy, isDirty = false, ...props }: Props) => {
  const { footer, onClose, children } = props;
  const text = useText();
  const discard = useDiscard();
  const [isAsking, setAsking] = React.useState(false);
  const question = props.question ?? discard;
  useAskOnUnload(React.useCallback(() => isOpen && isDirty, [isOpen, isDirty]));
  const leave = () => {
    if (isBusy) return;
    if (isDirty) setAsking(true);
    else onClose();
  };
  return (
    <Modal.Root open={isOpen} onOpenChange={(open) => !open && leave()}>
      <Modal.Content {...returnsFocus}>
        <Modal.Header closeLabel={text('common.close')}>
          <Modal.Title>{title}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {children}
          <ConfirmDialog
            isOpen={isAsking}
            title={question.title}
            confirmLabel={question.confirm}
            cancelLabel={question.cancel}
            onConfirm={onClose}
            onClose={() => setAsking(false)}
          >
            {question.text}
          </ConfirmDialog>
        </Modal.Body>
        <Modal.Footer>{footer}</Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};
