/** Picks a field among those that are offered, or takes a path that is typed, as "entry.seo.metaTitle". */
import { Combobox, ComboboxOption } from '@strapi/design-system';
import type { ContentTypeInfo } from '../../../../server/contract/content-type';
import { useText } from '../../../translations/use-text';
import { fieldOptions } from './fields';

type Props = {
  value: string;
  types: ContentTypeInfo[];
  isDisabled: boolean;
  hasError: boolean;
  onChange: (field: string) => void;
};

export const FieldPicker = ({ value, types, isDisabled, hasError, onChange }: Props) => {
  const text = useText();
  const offered = fieldOptions(types);
  const options = value === '' || offered.includes(value) ? offered : [value, ...offered];
  return (
    <Combobox
      value={value}
      disabled={isDisabled}
      hasError={hasError}
      placeholder={text('filter.fieldPlaceholder')}
      creatable
      createMessage={(typed) => text('filter.useField', { field: typed })}
      noOptionsMessage={() => text('filter.noField')}
      onCreateOption={(typed) => typed && onChange(typed.trim())}
      onChange={(field) => onChange(field ?? '')}
    >
      {options.map((field) => (
        <ComboboxOption key={field} value={field}>
          {field}
        </ComboboxOption>
      ))}
    </Combobox>
  );
};
