/** Says who saved another version while the form was open, and offers both ways: theirs, or one's own in its place. */
import * as React from 'react';
import { Button, Dialog, Typography } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';
import { useIntl } from 'react-intl';
import type { Conflict } from '../services/problem';
import { returnsFocus } from '../components/focus';
import { useNotice } from '../components/use-notice';
import { useText } from '../translations/use-text';
import type { FormConflict } from './use-conflict';

type Props = {
  conflict: FormConflict;
  /** Loads what is stored, and shows it in the form. */
  onReload: () => Promise<void>;
  /** Saves again what is in the form. */
  onOverwrite: () => void;
};

const useQuestion = () => {
  const text = useText();
  const { formatDate } = useIntl();
  return ({ actor, updatedAt }: Conflict) => {
    const nameless = actor ? text(`document.actor.${actor.type}`) : text('conflict.somebody');
    const time = formatDate(updatedAt, { dateStyle: 'medium', timeStyle: 'short' });
    return text('conflict.question', { name: actor?.name ?? nameless, time });
  };
};

export const ConflictDialog = ({ conflict, onReload, onOverwrite }: Props) => {
  const text = useText();
  const notice = useNotice();
  const questionOf = useQuestion();
  const [isLoading, setLoading] = React.useState(false);
  const { found, keepEditing } = conflict;
  const reload = async () => {
    setLoading(true);
    try {
      await onReload();
    } catch (error) {
      notice.failed(error);
    } finally {
      setLoading(false);
    }
  };
  const overwrite = () => {
    conflict.overwrite();
    onOverwrite();
  };
  return (
    <Dialog.Root
      open={found !== null}
      onOpenChange={(open) => !open && !isLoading && keepEditing()}
    >
      <Dialog.Content {...returnsFocus}>
        <Dialog.Header>{text('conflict.title')}</Dialog.Header>
        <Dialog.Body icon={<WarningCircle width="24px" height="24px" fill="warning600" />}>
          <Dialog.Description>
            <Typography textAlign="center">{found && questionOf(found)}</Typography>
          </Dialog.Description>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary" disabled={isLoading}>
              {text('conflict.keepEditing')}
            </Button>
          </Dialog.Cancel>
          <Button fullWidth variant="secondary" loading={isLoading} onClick={() => void reload()}>
            {text('conflict.reload')}
          </Button>
          <Button fullWidth variant="danger" disabled={isLoading} onClick={overwrite}>
            {text('conflict.overwrite')}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};
