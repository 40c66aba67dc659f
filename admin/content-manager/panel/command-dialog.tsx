/** Asks for the comment of a command before it runs. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import type { CommandAnswer } from '../../../server/contract/document';
import { CommentField, useComment } from '../comment-field';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';

type Props = {
  command: CommandAnswer;
  /** The names of the states. */
  from: string;
  to: string;
  /** What was typed before a refusal. */
  comment: string;
  onSubmit: (comment: string) => void;
  onClose: () => void;
};

export const CommandDialog = ({ command, from, to, comment, onSubmit, onClose }: Props) => {
  const text = useText();
  const field = useComment({ rule: command.comment, initial: comment });
  const formId = React.useId();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    // In React's tree the dialog is within Strapi's form, which is not what is sent.
    event.stopPropagation();
    if (field.isValid()) onSubmit(field.value.trim());
  };
  return (
    <ModalFrame
      title={command.name}
      isDirty={field.value !== comment}
      onClose={onClose}
      footer={
        <>
          <Button variant="tertiary" onClick={onClose}>
            {text('common.cancel')}
          </Button>
          <Button type="submit" form={formId}>
            {command.name}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Typography textColor="neutral600">{text('document.fromTo', { from, to })}</Typography>
          <CommentField field={field} label={text('document.comment')} />
        </Flex>
      </form>
    </ModalFrame>
  );
};
