/** Edits the headers that a webhook adds to its requests; a secret one is masked and never shown again. */
import { Box, Button, Checkbox, Flex, Typography } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { MASK } from '../../server/contract/names';
import type { FieldProblems } from '../services/problem';
import { useText } from '../translations/use-text';
import { Labelled } from './labelled';
import { PlainInput } from './plain-input';
import { RemoveButton } from './remove-button';

export type HeaderRow = {
  key: string;
  name: string;
  value: string;
  secret: boolean;
  /** The server holds a secret value, which stays unless another is typed. */
  isStored: boolean;
};

type RowProps = {
  row: HeaderRow;
  error?: string;
  isReadOnly: boolean;
  onChange: (row: HeaderRow) => void;
  onRemove: () => void;
};

const Row = ({ row, error, isReadOnly, onChange, onRemove }: RowProps) => {
  const text = useText();
  return (
    <Flex gap={3} alignItems="flex-start" role="group" aria-label={text('headers.row')}>
      <Box flex="1" minWidth={0}>
        <Labelled name={`${row.key}.name`} label={text('headers.name')} error={error}>
          <PlainInput
            value={row.name}
            placeholder="x-team"
            disabled={isReadOnly}
            onChange={(name) => onChange({ ...row, name })}
          />
        </Labelled>
      </Box>
      <Box flex="1" minWidth={0}>
        <Labelled name={`${row.key}.value`} label={text('headers.value')}>
          <PlainInput
            value={row.value}
            type={row.secret ? 'password' : 'text'}
            placeholder={row.isStored ? MASK : undefined}
            disabled={isReadOnly}
            onChange={(value) => onChange({ ...row, value })}
          />
        </Labelled>
      </Box>
      <Flex gap={2} paddingTop={6}>
        <Checkbox
          checked={row.secret}
          disabled={isReadOnly}
          onCheckedChange={(checked) =>
            onChange({ ...row, secret: checked === true, isStored: false })
          }
        >
          {text('headers.secret')}
        </Checkbox>
        <RemoveButton
          label={
            row.name === ''
              ? text('common.removeOf', { name: text('headers.row') })
              : text('headers.remove', { name: row.name })
          }
          isDisabled={isReadOnly}
          onRemove={onRemove}
        />
      </Flex>
    </Flex>
  );
};

type Props = {
  rows: HeaderRow[];
  /** Messages at `headers.<name>`. */
  problems: FieldProblems;
  isReadOnly: boolean;
  blank: () => HeaderRow;
  onChange: (rows: HeaderRow[]) => void;
};

export const HeadersEditor = ({ rows, problems, isReadOnly, blank, onChange }: Props) => {
  const text = useText();
  const errorOf = ({ name }: HeaderRow) =>
    problems[`headers.${name}`] ?? problems[`headers.${name}.value`];
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {rows.map((row) => (
        <Row
          key={row.key}
          row={row}
          error={errorOf(row)}
          isReadOnly={isReadOnly}
          onChange={(next) => onChange(rows.map((other) => (other.key === row.key ? next : other)))}
          onRemove={() => onChange(rows.filter((other) => other.key !== row.key))}
        />
      ))}
      {problems.headers && (
        <Typography variant="pi" textColor="danger600" role="alert">
          {problems.headers}
        </Typography>
      )}
      <Flex>
        <Button
          variant="tertiary"
          startIcon={<Plus />}
          disabled={isReadOnly}
          onClick={() => onChange([...rows, blank()])}
        >
          {text('headers.add')}
        </Button>
      </Flex>
    </Flex>
  );
};
