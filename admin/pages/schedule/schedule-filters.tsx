/** The filters of the schedule, kept in the address. */
import { Box } from '@strapi/design-system';
import type { ListQuery } from '../../lists/use-list-query';
import { contentTypes } from '../../services/catalogue';
import { useLoad } from '../../services/use-load';
import { Choice } from '../../components/choice';
import { DayFilter } from '../../lists/day-filter';
import { FilterSelect, ListToolbar } from '../../lists/list-toolbar';
import { useText } from '../../translations/use-text';
import { viewOf, VIEWS } from './views';

const ViewFilter = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return (
    <Choice
      size="S"
      label={text('schedule.show')}
      value={viewOf(query.values.state)}
      options={VIEWS.map((value) => ({ value, label: text(`schedule.view.${value}`) }))}
      onChange={(state) => query.set({ state })}
    />
  );
};

const TypeFilter = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const { data } = useLoad(contentTypes, undefined);
  const options = (data?.contentTypes ?? [])
    .filter(({ hasDraftAndPublish }) => hasDraftAndPublish)
    .map(({ uid, displayName }) => ({ value: uid, label: displayName }));
  return (
    <FilterSelect query={query} name="uid" label={text('schedule.contentType')} options={options} />
  );
};

export const ScheduleFilters = ({ query }: { query: ListQuery }) => (
  <ListToolbar query={query}>
    <Box width="15rem">
      <ViewFilter query={query} />
    </Box>
    <Box width="18rem">
      <TypeFilter query={query} />
    </Box>
    <Box width="16rem">
      <DayFilter query={query} name="from" />
    </Box>
    <Box width="16rem">
      <DayFilter query={query} name="to" />
    </Box>
  </ListToolbar>
);
