/** Which command is to run on the chosen documents, and the comment on all of them. */
import { Flex, Typography } from '@strapi/design-system';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { useText } from '../../translations/use-text';
import { CommentField, type CommentState } from '../comment-field';
import type { ChosenDocument } from './chosen';
import type { BulkCommand, States } from './use-bulk-run';

type Props = {
  documents: ChosenDocument[];
  states: States;
  isLoading: boolean;
  commands: BulkCommand[];
  command: BulkCommand | null;
  comment: CommentState;
  onChoose: (key: string) => void;
};

/** How many of them the command leads on from; null while that is not known. */
const usePossible = ({ documents, states, isLoading, command }: Props): string | null => {
  const text = useText();
  if (!command || isLoading) return null;
  const possible = documents.filter(({ documentId }) => {
    const state = states[documentId];
    return !state || command.from.includes(state.key);
  });
  return possible.length === documents.length
    ? text('document.bulkAllPossible')
    : text('document.bulkPossible', { possible: possible.length, count: documents.length });
};

export const BulkForm = (props: Props) => {
  const { commands, command, comment, onChoose } = props;
  const text = useText();
  const possible = usePossible(props);
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Typography textColor="neutral600">
        {text('document.bulkChosen', { count: props.documents.length })}
      </Typography>
      <Labelled name="command" label={text('document.command')} isRequired>
        <Choice
          value={command?.key ?? null}
          placeholder={text('document.chooseCommand')}
          options={commands.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={onChoose}
        />
      </Labelled>
      {command && command.comment !== 'none' && (
        <CommentField
          field={comment}
          label={text('document.comment')}
          hint={text('document.bulkComment')}
        />
      )}
      <Typography aria-live="polite" textColor="neutral600">
        {possible}
      </Typography>
    </Flex>
  );
};
