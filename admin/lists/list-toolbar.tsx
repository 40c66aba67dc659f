/** Search and filters above a list, kept in the address. */
import * as React from 'react';
import {
  Flex,
  Searchbar,
  SearchForm,
  SingleSelect,
  SingleSelectOption,
} from '@strapi/design-system';
import type { ListQuery } from './use-list-query';
import { useText } from '../translations/use-text';

type SearchProps = {
  query: ListQuery;
  /** The query parameter that it sets. */
  name: string;
  label: string;
  clearLabel: string;
};

/** What is typed is sent with Enter, as in Strapi's own lists. */
export const Search = ({ query, name, label, clearLabel }: SearchProps) => {
  const current = query.values[name] ?? '';
  const [value, setValue] = React.useState(current);
  React.useEffect(() => setValue(current), [current]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        query.set({ [name]: value.trim() });
      }}
    >
      <Searchbar
        name={name}
        size="S"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onClear={() => query.set({ [name]: null })}
        clearLabel={clearLabel}
        placeholder={label}
      >
        {label}
      </Searchbar>
    </SearchForm>
  );
};

type ToolbarProps = { query: ListQuery; searchLabel?: string; children?: React.ReactNode };

/** Without `searchLabel`, there is no search. */
export const ListToolbar = ({ query, searchLabel, children }: ToolbarProps) => {
  const text = useText();
  const clearLabel = text('list.clearSearch');
  return (
    <Flex gap={2} wrap="wrap" paddingBottom={4}>
      {searchLabel && (
        <Search query={query} name="search" label={searchLabel} clearLabel={clearLabel} />
      )}
      {children}
    </Flex>
  );
};

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
