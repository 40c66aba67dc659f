/** Narrows a list to one workflow state, kept in the address: Strapi hands it on to the request, and the server obeys. */
import { SingleSelect, SingleSelectOption } from '@strapi/design-system';
import { useQueryParams, withEncodedUserParams } from '@strapi/strapi/admin';
import type { StateAnswer } from '../../../server/contract/document';
import { useText } from '../../translations/use-text';
import { stateFilterOf, withStateFilter, type ContentQuery } from '../content-query';
import { StateDot } from '../../domain/state-badge';

export const StateFilter = ({ states }: { states: StateAnswer[] }) => {
  const text = useText();
  const [{ query }, setQuery] = useQueryParams<ContentQuery & { page?: number }>();
  const narrow = (state: string | null) =>
    setQuery(withEncodedUserParams(query, { page: 1, plugins: withStateFilter(query, state) }));
  return (
    <SingleSelect
      size="S"
      aria-label={text('document.filter')}
      placeholder={text('document.allStates')}
      value={stateFilterOf(query)}
      onChange={(state) => narrow(String(state))}
      onClear={() => narrow(null)}
      clearLabel={text('list.clearFilter', { name: text('document.filter') })}
    >
      {states.map(({ key, name, color }) => (
        <SingleSelectOption key={key} value={key} startIcon={<StateDot color={color} />}>
          {name}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
};
