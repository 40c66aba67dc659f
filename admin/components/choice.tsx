/** A select of one among few, with the label of each. */
import { SingleSelect, SingleSelectOption } from '@strapi/design-system';

export type Option<Value extends string> = { value: Value; label: string };

type Props<Value extends string> = {
  value: Value | null;
  options: readonly Option<Value>[];
  /** Only where no Labelled stands around it. */
  label?: string;
  placeholder?: string;
  size?: 'S' | 'M';
  isDisabled?: boolean;
  hasError?: boolean;
  onChange: (value: Value) => void;
  /** With it, the choice can be taken back. */
  onClear?: () => void;
  clearLabel?: string;
};

export const Choice = <Value extends string>({
  options,
  label,
  isDisabled,
  onChange,
  ...props
}: Props<Value>) => (
  <SingleSelect
    aria-label={label}
    disabled={isDisabled}
    onChange={(value) => onChange(value as Value)}
    {...props}
  >
    {options.map((option) => (
      <SingleSelectOption key={option.value} value={option.value}>
        {option.label}
      </SingleSelectOption>
    ))}
  </SingleSelect>
);
