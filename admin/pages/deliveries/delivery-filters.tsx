/** The filters of the delivery log, kept in the address; the webhooks pages link here with `?webhook=<id>`. */
import { Box, Button, MultiSelect, MultiSelectOption } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { EVENT_NAMES, VALIDATION } from '../../../server/contract/catalogue';
import { DELIVERY_STATES, type Delivery, type Health } from '../../../server/contract/delivery';
import type { ListQuery } from '../../lists/use-list-query';
import { DayFilter } from '../../lists/day-filter';
import { FilterSelect, ListToolbar } from '../../lists/list-toolbar';
import { useText } from '../../translations/use-text';
import { statesIn } from './delivery-states';

type WebhookName = Pick<Health['webhooks'][number], 'id' | 'name'>;

type Props = { query: ListQuery; webhooks: WebhookName[]; rows: readonly Delivery[] };

/** A webhook that was deleted, or is not loaded yet, still is what the list is filtered by. Its deliveries name it. */
const webhookOptions = ({ webhooks, rows, query }: Props) => {
  const chosen = query.values.webhook;
  const options = webhooks.map(({ id, name }) => ({ value: id, label: name }));
  if (!chosen || options.some(({ value }) => value === chosen)) return options;
  const named = rows.find(({ webhook }) => webhook.id === chosen)?.webhook.name;
  return [...options, { value: chosen, label: named ?? chosen }];
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

/** Only a link sets it; the search finds documents by their ids too. */
const OfDocument = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const id = query.values.documentId;
  return id ? (
    <Button
      size="S"
      variant="secondary"
      endIcon={<Cross />}
      onClick={() => query.set({ documentId: null })}
    >
      {text('deliveries.onlyDocument', { id })}
    </Button>
  ) : null;
};

export const DeliveryFilters = (props: Props) => {
  const { query } = props;
  const text = useText();
  return (
    <ListToolbar query={query} searchLabel={text('deliveries.search')}>
      <Box width="15rem">
        <FilterSelect
          query={query}
          name="webhook"
          label={text('deliveries.webhook')}
          options={webhookOptions(props)}
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
      <Box width="16rem">
        <DayFilter query={query} name="from" />
      </Box>
      <Box width="16rem">
        <DayFilter query={query} name="to" />
      </Box>
      <OfDocument query={query} />
    </ListToolbar>
  );
};
