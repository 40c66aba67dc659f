/** Takes a row out of a form; the keyboard goes on at the next row, the one before, or the button that adds one. */
import * as React from 'react';
import { IconButton } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import { useFocusAfter } from './focus';

type Props = { label: string; isDisabled: boolean; onRemove: () => void };

const MARK = 'data-removes-row';

const following = (row: Element): Element[] =>
  row.nextElementSibling ? [row.nextElementSibling, ...following(row.nextElementSibling)] : [];

const preceding = (row: Element): Element[] =>
  row.previousElementSibling
    ? [row.previousElementSibling, ...preceding(row.previousElementSibling)]
    : [];

const buttonIn = (selector: string) => (row: Element) =>
  row.querySelector<HTMLElement>(selector) ?? [];

const nearRows = (button: HTMLElement): HTMLElement[] => {
  const row = button.closest('[role="group"]');
  if (!row) return [];
  const rows = [...following(row), ...preceding(row)];
  return [...rows.flatMap(buttonIn(`[${MARK}]`)), ...following(row).flatMap(buttonIn('button'))];
};

export const RemoveButton = ({ label, isDisabled, onRemove }: Props) => {
  const button = React.useRef<HTMLButtonElement>(null);
  useFocusAfter(button, nearRows);
  return (
    <IconButton
      {...{ [MARK]: '' }}
      ref={button}
      label={label}
      variant="ghost"
      disabled={isDisabled}
      onClick={onRemove}
    >
      <Trash />
    </IconButton>
  );
};
