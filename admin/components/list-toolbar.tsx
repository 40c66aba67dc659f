/** Search and filters above a list, kept in the address. */
import * as React from 'react';
import {
  Flex,
  Searchbar,
  SearchForm,
  SingleSelect,
  SingleSelectOption,
} from '@strapi/design-system';
import type { ListQuery } from '../api/use-list-query';
import { useText } from '../translations/use-text';

/** The search is sent with Enter, as in Strapi's own lists. Left out if `searchLabel` is. */
const Search = ({ query, label }: { query: ListQuery; label: string }) => {
  const text = useText();
  const current = query.values.search ?? '';
  const [value, setValue] = React.useState(current);
  React.useEffect(() => setValue(current), [current]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        query.set({ search: value.trim() });
      }}
    >
      <Searchbar
        name="search"
        size="S"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onClear={() => query.set({ search: null })}
        clearLabel={text('list.clearSearch')}
        placeholder={label}
      >
        {label}
      </Searchbar>
    </SearchForm>
  );
};

type ToolbarProps = { query: ListQuery; searchLabel?: string; children?: React.ReactNode };

export const ListToolbar = ({ query, searchLabel, children }: ToolbarProps) => (
  <Flex gap={2} wrap="wrap" paddingBottom={4}>
    {searchLabel && <Search query={query} label={searchLabel} />}
    {children}
  </Flex>
);

type FilterSelectProps = {
  query: ListQuery;
  /** The query parameter that it sets. */
  name: string;
  label: string;
  options: { value: string; label: string }[];
};

/** One filter of a list; cleared, the parameter is gone. */
export const FilterSelect = ({ query, name, label, options }: FilterSelectProps) => {
  const text = useText();
  return (
    <SingleSelect
      size="S"
      aria-label={label}
      placeholder={label}
      value={query.values[name] ?? null}
      onChange={(value) => query.set({ [name]: String(value) })}
      onClear={() => query.set({ [name]: null })}
      clearLabel={text('list.clearFilter', { name: label })}
    >
      {options.map((option) => (
        <SingleSelectOption key={option.value} value={option.value}>
          {option.label}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
};
