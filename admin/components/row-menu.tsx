/** The menu at the end of a list's row. */
import type * as React from 'react';
import { Menu } from '@strapi/design-system';
import { More } from '@strapi/icons';

type Item = {
  label: string;
  icon?: React.ReactNode;
  isDanger?: boolean;
  onSelect: () => void;
};

type Props = {
  /** Names the row, for example "Actions of Newsletter". */
  label: string;
  items: Item[];
};

export const RowMenu = ({ label, items }: Props) =>
  items.length === 0 ? null : (
    <Menu.Root>
      <Menu.Trigger aria-label={label} size="S" endIcon={null} paddingLeft={2} paddingRight={2}>
        <More aria-hidden focusable={false} />
      </Menu.Trigger>
      <Menu.Content popoverPlacement="bottom-end">
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
