/** The rows that are ticked in a list. What is no longer shown is no longer ticked: nobody acts on what they do not see. */
import * as React from 'react';
import { Checkbox } from '@strapi/design-system';
import { useText } from '../translations/use-text';

type WithId = { id: string };

export type Selection<Row> = {
  ids: ReadonlySet<string>;
  set: (ids: readonly string[]) => void;
  isSelectable: (row: Row) => boolean;
  nameOf: (row: Row) => string;
};

type Options<Row> = Pick<Selection<Row>, 'isSelectable' | 'nameOf'>;

export const useSelection = <Row extends WithId>(
  rows: readonly Row[],
  options: Options<Row>,
): Selection<Row> => {
  const [chosen, setChosen] = React.useState<ReadonlySet<string>>(new Set());
  const ids = React.useMemo(
    () => new Set(rows.map(({ id }) => id).filter((id) => chosen.has(id))),
    [rows, chosen],
  );
  return { ids, set: (next) => setChosen(new Set(next)), ...options };
};

type RowProps<Row> = { row: Row; selection: Selection<Row> };

export const SelectRow = <Row extends WithId>({ row, selection }: RowProps<Row>) => {
  const text = useText();
  const { ids, set } = selection;
  const toggle = () =>
    set(ids.has(row.id) ? [...ids].filter((id) => id !== row.id) : [...ids, row.id]);
  return (
    <Checkbox
      aria-label={text('list.select', { name: selection.nameOf(row) })}
      checked={ids.has(row.id)}
      disabled={!selection.isSelectable(row)}
      onCheckedChange={toggle}
    />
  );
};

type AllProps<Row> = { rows: readonly Row[]; selection: Selection<Row> };

export const SelectAll = <Row extends WithId>({ rows, selection }: AllProps<Row>) => {
  const text = useText();
  const ids = rows.filter(selection.isSelectable).map(({ id }) => id);
  const count = ids.filter((id) => selection.ids.has(id)).length;
  const isAll = count > 0 && count === ids.length;
  return (
    <Checkbox
      aria-label={text('list.selectPage')}
      checked={isAll ? true : count > 0 ? 'indeterminate' : false}
      disabled={ids.length === 0}
      onCheckedChange={() => selection.set(isAll ? [] : ids)}
    />
  );
};
