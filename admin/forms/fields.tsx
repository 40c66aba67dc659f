/** Fields that are bound to the form around them by their name: the values and the errors come from it. */
import type * as React from 'react';
import { Grid } from '@strapi/design-system';
import { useController } from 'react-hook-form';
import { Choice, type Option } from '../components/choice';
import { Labelled } from '../components/labelled';
import { MultiChoice } from '../components/multi-choice';
import { PlainInput } from '../components/plain-input';
import { SecretInput } from '../components/secret-input';
import { useText } from '../translations/use-text';
import { useReadOnly } from './resource-form';

type FieldProps = {
  /** The dotted path of the value, which is also that of its errors. */
  name: string;
  label: string;
  hint?: React.ReactNode;
  isRequired?: boolean;
};

/** The value of a field, its error, and how to change it. The error goes with the first change. */
export const useField = <Value,>(name: string) => {
  const { field, fieldState } = useController({ name });
  return {
    value: field.value as Value,
    error: fieldState.error?.message,
    change: field.onChange as (value: Value) => void,
    isDisabled: useReadOnly(),
  };
};

export const TextField = ({ placeholder, ...props }: FieldProps & { placeholder?: string }) => {
  const { value, error, change, isDisabled } = useField<string>(props.name);
  return (
    <Labelled {...props} error={error}>
      <PlainInput value={value} placeholder={placeholder} disabled={isDisabled} onChange={change} />
    </Labelled>
  );
};

type SecretFieldProps = Pick<FieldProps, 'name' | 'label'> & {
  hint?: string;
  /** Whether the server holds one. */
  isStored: boolean;
  isOptional?: boolean;
};

export const SecretField = (props: SecretFieldProps) => {
  const { value, error, change, isDisabled } = useField<string>(props.name);
  return (
    <SecretInput {...props} value={value} error={error} isReadOnly={isDisabled} onChange={change} />
  );
};

type ChoiceFieldProps = FieldProps & { options: readonly Option<string>[] };

export const ChoiceField = ({ options, ...props }: ChoiceFieldProps) => {
  const { value, error, change, isDisabled } = useField<string>(props.name);
  return (
    <Labelled {...props} error={error}>
      <Choice value={value} options={options} isDisabled={isDisabled} onChange={change} />
    </Labelled>
  );
};

type MultiFieldProps = ChoiceFieldProps & {
  /** What an empty choice means. */
  placeholder: string;
};

export const MultiField = ({ options, placeholder, ...props }: MultiFieldProps) => {
  const text = useText();
  const { value, error, change, isDisabled } = useField<string[]>(props.name);
  return (
    <Labelled {...props} error={error}>
      <MultiChoice
        value={value}
        options={options}
        placeholder={placeholder}
        isDisabled={isDisabled}
        clearLabel={text('common.removeOf', { name: props.label })}
        onChange={change}
      />
    </Labelled>
  );
};

/** Two columns of fields; one on a narrow screen. */
export const FieldGrid = ({ children }: { children: React.ReactElement[] }) => (
  <Grid.Root gap={4}>
    {children.map((field) => (
      <Grid.Item key={field.key} col={6} s={12} xs={12} direction="column" alignItems="stretch">
        {field}
      </Grid.Item>
    ))}
  </Grid.Root>
);
