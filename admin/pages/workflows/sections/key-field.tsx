/** The key of a state or command: follows the name until it is typed, and stays for ever once it is saved. */
import { Labelled } from '../../../components/labelled';
import { PlainInput } from '../../../components/plain-input';
import { useText } from '../../../translations/use-text';

type Props = {
  path: string;
  row: { key: string; savedKey: string | null };
  error?: string;
  isReadOnly: boolean;
  onChange: (key: string) => void;
  onBlur: () => void;
};

export const KeyField = ({ path, row, error, isReadOnly, onChange, onBlur }: Props) => {
  const text = useText();
  const isSaved = row.savedKey !== null;
  return (
    <Labelled
      name={path}
      label={text('workflows.key')}
      hint={isSaved ? text('workflows.key.saved') : undefined}
      error={error}
      isRequired
    >
      <PlainInput
        value={row.key}
        disabled={isReadOnly || isSaved}
        onChange={onChange}
        onBlur={onBlur}
      />
    </Labelled>
  );
};
