/** The way past the workflow, for those who may: out of sight in a menu, asked for twice, with a reason. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { RowMenu } from '../../lists/row-menu';
import { Message } from '../../components/message';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import { CommentField, useComment } from '../comment-field';

type DialogProps = { onConfirm: (comment: string) => void; onClose: () => void };

const BypassDialog = ({ onConfirm, onClose }: DialogProps) => {
  const text = useText();
  const field = useComment({ rule: 'required', missing: 'document.bypassReasonRequired' });
  const formId = React.useId();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    // In React's tree the dialog is within Strapi's form, which is not what is sent.
    event.stopPropagation();
    if (!field.isValid()) return;
    onConfirm(field.value.trim());
    onClose();
  };
  return (
    <ModalFrame
      title={text('document.bypass')}
      isDirty={field.value !== ''}
      onClose={onClose}
      footer={
        <>
          <Button variant="tertiary" onClick={onClose}>
            {text('common.cancel')}
          </Button>
          <Button type="submit" form={formId} variant="danger">
            {text('document.bypassConfirm')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Message variant="warning">{text('document.bypassConsequence')}</Message>
          <CommentField field={field} label={text('document.bypassReason')} />
        </Flex>
      </form>
    </ModalFrame>
  );
};

type Props = { isOffered: boolean; isDisabled: boolean; onConfirm: (comment: string) => void };

export const Bypass = ({ isOffered, isDisabled, onConfirm }: Props) => {
  const text = useText();
  const [isAsking, setAsking] = React.useState(false);
  const items =
    isOffered && !isDisabled
      ? [{ label: text('document.bypass'), onSelect: () => setAsking(true) }]
      : [];
  return (
    <>
      <RowMenu label={text('document.more')} items={items} />
      {isAsking && <BypassDialog onConfirm={onConfirm} onClose={() => setAsking(false)} />}
    </>
  );
};
