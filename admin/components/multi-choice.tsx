/** A select of several, shown as tags that can be taken away one by one. */
import { MultiSelectOption } from '@strapi/design-system';
import type { Option } from './choice';
import { TaggedSelect } from './tagged-select';

type Props = {
  value: string[];
  options: readonly Option<string>[];
  /** What an empty choice means. */
  placeholder: string;
  isDisabled?: boolean;
  hasError?: boolean;
  clearLabel: string;
  onChange: (value: string[]) => void;
};

/** What is chosen but no longer there stays visible, or it could never be taken away. */
const withMissing = (options: readonly Option<string>[], value: string[]): Option<string>[] => {
  const missing = value.filter((one) => !options.some((option) => option.value === one));
  return [...options, ...missing.map((one) => ({ value: one, label: one }))];
};

export const MultiChoice = ({ options, isDisabled, onChange, ...props }: Props) => (
  <TaggedSelect disabled={isDisabled} onChange={onChange} onClear={() => onChange([])} {...props}>
    {withMissing(options, props.value).map((option) => (
      <MultiSelectOption key={option.value} value={option.value}>
        {option.label}
      </MultiSelectOption>
    ))}
  </TaggedSelect>
);
