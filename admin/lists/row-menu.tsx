/** The menu at the end of a list's row. */
import * as React from 'react';
import { Menu } from '@strapi/design-system';
import { More } from '@strapi/icons';
import { useFocusAfter } from '../components/focus';

export type RowAction = {
  label: string;
  icon?: React.ReactNode;
  isDanger?: boolean;
  onSelect: () => void;
};

type Props = {
  /** Names the row, for example "Actions of Newsletter". */
  label: string;
  items: RowAction[];
};

/**
 * Keys pressed in the menu bubble, through React's tree, to the table that it belongs to: arrows would move
 * the table's focus too, and Enter on an item that leads away would throw in a cell that is gone. Escape is
 * let through, because the menu itself hears of it further out.
 */
const keepFromTable = (event: React.KeyboardEvent) => {
  if (event.key !== 'Escape') event.stopPropagation();
};

const FilledMenu = ({ label, items }: Props) => {
  const button = React.useRef<HTMLButtonElement>(null);
  useFocusAfter(button);
  return (
    <Menu.Root>
      <Menu.Trigger
        ref={button}
        aria-label={label}
        size="S"
        endIcon={null}
        paddingLeft={2}
        paddingRight={2}
      >
        <More aria-hidden focusable={false} />
      </Menu.Trigger>
      <Menu.Content popoverPlacement="bottom-end" maxHeight="30rem" onKeyDown={keepFromTable}>
        {items.map(({ label: itemLabel, icon, isDanger, onSelect }) => (
          <Menu.Item
            key={itemLabel}
            startIcon={icon}
            variant={isDanger ? 'danger' : 'default'}
            onSelect={onSelect}
          >
            {itemLabel}
          </Menu.Item>
        ))}
      </Menu.Content>
    </Menu.Root>
  );
};

export const RowMenu = (props: Props) =>
  props.items.length === 0 ? null : <FilledMenu {...props} />;
