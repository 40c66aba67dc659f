/** The filters of the delivery log, kept in the address; the webhooks pages link here with `?webhook=<id>`. */
import { Box, MultiSelect, MultiSelectOption } from '@strapi/design-system';
import { EVENT_NAMES, VALIDATION } from '../../../server/contract/catalogue';
import { DELIVERY_STATES, type Health } from '../../../server/contract/delivery';
import type { ListQuery } from '../../api/use-list-query';
import { DayFilter } from '../../components/day-filter';
import { FilterSelect, ListToolbar, Search } from '../../components/list-toolbar';
import { useText } from '../../translations/use-text';
import { statesIn } from './delivery-states';

type WebhookName = Pick<Health['webhooks'][number], 'id' | 'name'>;

/** The change that takes every filter away. */
export const NO_FILTERS = {
  webhook: null,
  state: null,
  event: null,
  documentId: null,
  from: null,
  to: null,
  resendable: null,
};

/** A webhook that was deleted, or is not loaded yet, still is what the list is filtered by. */
const webhookOptions = (webhooks: WebhookName[], chosen: string | undefined) => {
  const options = webhooks.map(({ id, name }) => ({ value: id, label: name }));
  const isMissing = chosen && !options.some(({ value }) => value === chosen);
  return isMissing ? [...options, { value: chosen, label: chosen }] : options;
};

const EVENT_OPTIONS = [...EVENT_NAMES, VALIDATION].map((name) => ({ value: name, label: name }));

const StateFilter = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const label = text('deliveries.state');
  return (
    <MultiSelect
      size="S"
      aria-label={label}
      placeholder={label}
      value={statesIn(query.values.state)}
      customizeContent={(values = []) => text('deliveries.statesChosen', { count: values.length })}
      onChange={(states) => query.set({ state: states.join(',') })}
      onClear={() => query.set({ state: null })}
      clearLabel={text('list.clearFilter', { name: label })}
    >
      {DELIVERY_STATES.map((state) => (
        <MultiSelectOption key={state} value={state}>
          {text(`state.${state}`)}
        </MultiSelectOption>
      ))}
    </MultiSelect>
  );
};

const DocumentFilter = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const label = text('deliveries.documentId');
  const clearLabel = text('list.clearFilter', { name: label });
  return <Search query={query} name="documentId" label={label} clearLabel={clearLabel} />;
};

type Props = { query: ListQuery; webhooks: WebhookName[] };

export const DeliveryFilters = ({ query, webhooks }: Props) => {
  const text = useText();
  return (
    <ListToolbar query={query}>
      <Box width="15rem">
        <FilterSelect
          query={query}
          name="webhook"
          label={text('deliveries.webhook')}
          options={webhookOptions(webhooks, query.values.webhook)}
        />
      </Box>
      <Box width="14rem">
        <StateFilter query={query} />
      </Box>
      <Box width="15rem">
        <FilterSelect
          query={query}
          name="event"
          label={text('deliveries.event')}
          options={EVENT_OPTIONS}
        />
      </Box>
      <DocumentFilter query={query} />
      <Box width="16rem">
        <DayFilter query={query} name="from" />
      </Box>
      <Box width="16rem">
        <DayFilter query={query} name="to" />
      </Box>
    </ListToolbar>
  );
};
