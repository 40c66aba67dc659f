/** A column's head; with `sort`, a button that sorts by it and says the order to screen readers. */
import { IconButton, Th, Typography, VisuallyHidden, type RawTdProps } from '@strapi/design-system';
import { CaretDown, CaretUp } from '@strapi/icons';
import type { ListQuery } from './use-list-query';
import { pinned, type Pin } from './pinned';
import { useText } from '../translations/use-text';

type SortProps = { field: string; query: ListQuery; label: string };

const orderOf = (field: string, query: ListQuery) => {
  const [name, order = 'asc'] = (query.values.sort ?? '').split(':');
  return name === field ? order : null;
};

const SortButton = ({ field, query, label }: SortProps) => {
  const text = useText();
  const order = orderOf(field, query);
  return (
    <IconButton
      variant="ghost"
      size="XS"
      label={text(order === 'asc' ? 'list.sortDescending' : 'list.sortAscending', { name: label })}
      onClick={() => query.set({ sort: `${field}:${order === 'asc' ? 'desc' : 'asc'}` })}
    >
      {order === 'asc' ? (
        <CaretUp />
      ) : (
        <CaretDown fill={order === 'desc' ? 'neutral600' : 'neutral300'} />
      )}
    </IconButton>
  );
};

type Props = {
  label: string;
  isHidden?: boolean;
  sort?: { field: string; query: ListQuery };
  pin?: Pin;
};

/** What the row tells each of its cells; without it the cell cannot be reached by keyboard. */
type Place = Pick<RawTdProps, 'coords' | 'aria-colindex'>;

export const ColumnHeader = ({ label, isHidden, sort, pin, ...place }: Props & Place) => {
  const order = sort && orderOf(sort.field, sort.query);
  const ariaSort = order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : undefined;
  return (
    <Th
      {...place}
      // Strapi makes a cell of it, which has no order and heads nothing.
      role="columnheader"
      {...(pin && pinned(pin))}
      aria-sort={ariaSort}
      action={sort && <SortButton field={sort.field} query={sort.query} label={label} />}
    >
      {isHidden ? (
        <VisuallyHidden>{label}</VisuallyHidden>
      ) : (
        <Typography variant="sigma" textColor="neutral600">
          {label}
        </Typography>
      )}
    </Th>
  );
};
