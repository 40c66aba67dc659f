/** The dialog of the bulk action: choose a command and comment on it, then see what becomes of each document. */
import * as React from 'react';
import { Button } from '@strapi/design-system';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import { useComment } from '../comment-field';
import { BulkForm } from './bulk-form';
import { BulkResults } from './bulk-results';
import { choose, type Chosen } from './chosen';
import { useBulkRun, useStates, type BulkCommand } from './use-bulk-run';

type Props = { chosen: Chosen; commands: BulkCommand[] };

const useBulk = ({ chosen, commands }: Props) => {
  const { states, isLoading } = useStates(chosen);
  const bulk = useBulkRun(chosen, states);
  const [key, setKey] = React.useState<string | null>(
    commands.length === 1 ? (commands[0]?.key ?? null) : null,
  );
  const command = commands.find((one) => one.key === key) ?? null;
  const comment = useComment({ rule: command?.comment ?? 'none' });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (command && comment.isValid()) void bulk.start(command, comment.value.trim());
  };
  const close = () => {
    if (bulk.isRunning) return;
    if (bulk.progress) chosen.onDone();
    choose(null);
  };
  return { ...bulk, states, isLoading, command, setKey, comment, submit, close };
};

const FORM_ID = 'bulk-command';

export const BulkDialog = ({ chosen, commands }: Props) => {
  const text = useText();
  const bulk = useBulk({ chosen, commands });
  return (
    <ModalFrame
      title={text('document.bulk')}
      isBusy={bulk.isRunning}
      isDirty={!bulk.progress && bulk.comment.value !== ''}
      onClose={bulk.close}
      footer={
        <>
          {bulk.isRunning ? (
            <Button variant="danger-light" disabled={bulk.isCancelling} onClick={bulk.cancel}>
              {text(bulk.isCancelling ? 'document.bulkStopping' : 'document.bulkStop')}
            </Button>
          ) : (
            <Button variant="tertiary" onClick={bulk.close}>
              {text(bulk.progress ? 'common.close' : 'common.cancel')}
            </Button>
          )}
          {!bulk.progress && (
            <Button type="submit" form={FORM_ID} disabled={!bulk.command || bulk.isLoading}>
              {bulk.command?.name ?? text('document.bulkRun')}
            </Button>
          )}
        </>
      }
    >
      {bulk.progress ? (
        <BulkResults documents={chosen.documents} progress={bulk.progress} />
      ) : (
        <form id={FORM_ID} onSubmit={bulk.submit} noValidate>
          <BulkForm
            documents={chosen.documents}
            states={bulk.states}
            isLoading={bulk.isLoading}
            commands={commands}
            command={bulk.command}
            comment={bulk.comment}
            onChoose={bulk.setKey}
          />
        </form>
      )}
    </ModalFrame>
  );
};
