/** Edits names with a value each, one a row. */
import type * as React from 'react';
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import type { FieldProblems } from '../services/problem';
import { useText } from '../translations/use-text';
import { Labelled } from './labelled';
import { PlainInput } from './plain-input';
import { RemoveButton } from './remove-button';

/** `key` tells the rows apart while their names are typed. */
export type NamedValue = { key: string; name: string; value: string };

let made = 0;
const blank = (): NamedValue => ({ key: `new-${(made += 1)}`, name: '', value: '' });

type Texts = { title: string; hint: string; row: string; name: string; value: string; add: string };

type RowProps = {
  row: NamedValue;
  texts: Texts;
  placeholder: string;
  error?: string;
  isReadOnly: boolean;
  onChange: (row: NamedValue) => void;
  onRemove: () => void;
};

const Row = ({ row, texts, placeholder, error, isReadOnly, onChange, onRemove }: RowProps) => {
  const text = useText();
  return (
    <Flex gap={3} alignItems="flex-start" role="group" aria-label={texts.row}>
      <Box flex="1" minWidth={0}>
        <Labelled name={`${row.key}.name`} label={texts.name} error={error}>
          <PlainInput
            value={row.name}
            placeholder={placeholder}
            disabled={isReadOnly}
            onChange={(name) => onChange({ ...row, name })}
          />
        </Labelled>
      </Box>
      <Box flex="1" minWidth={0}>
        <Labelled name={`${row.key}.value`} label={texts.value}>
          <PlainInput
            value={row.value}
            disabled={isReadOnly}
            onChange={(value) => onChange({ ...row, value })}
          />
        </Labelled>
      </Box>
      <Box paddingTop={6}>
        <RemoveButton
          label={text('common.removeOf', { name: row.name || texts.row })}
          isDisabled={isReadOnly}
          onRemove={onRemove}
        />
      </Box>
    </Flex>
  );
};

type Props = {
  /** Where the messages lie: at `<name>`, and at `<name>.<name of the row>`. */
  name: string;
  rows: NamedValue[];
  texts: Texts;
  /** Of a name. */
  placeholder: string;
  problems: FieldProblems;
  isReadOnly: boolean;
  onChange: (rows: NamedValue[]) => void;
};

const Small = ({ children }: { children: React.ReactNode }) => (
  <Typography variant="pi" textColor="neutral600">
    {children}
  </Typography>
);

export const NamedValues = ({ name, rows, texts, problems, isReadOnly, ...props }: Props) => (
  <Flex
    direction="column"
    alignItems="stretch"
    gap={3}
    width="100%"
    role="group"
    aria-label={texts.title}
  >
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <Typography variant="pi" fontWeight="bold" textColor="neutral800">
        {texts.title}
      </Typography>
      <Small>{texts.hint}</Small>
    </Flex>
    {rows.map((row) => (
      <Row
        key={row.key}
        row={row}
        texts={texts}
        placeholder={props.placeholder}
        error={problems[`${name}.${row.name}`]}
        isReadOnly={isReadOnly}
        onChange={(next) =>
          props.onChange(rows.map((other) => (other.key === row.key ? next : other)))
        }
        onRemove={() => props.onChange(rows.filter((other) => other.key !== row.key))}
      />
    ))}
    {problems[name] && (
      <Typography variant="pi" textColor="danger600" role="alert">
        {problems[name]}
      </Typography>
    )}
    <Flex>
      <Button
        variant="tertiary"
        startIcon={<Plus />}
        disabled={isReadOnly}
        onClick={() => props.onChange([...rows, blank()])}
      >
        {texts.add}
      </Button>
    </Flex>
  </Flex>
);
