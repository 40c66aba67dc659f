/** The frame of a state's or command's fields: what it is, what hangs on it, and the buttons that move or remove it. */
import type * as React from 'react';
import { Box, Flex, IconButton, Typography } from '@strapi/design-system';
import { ArrowDown, ArrowUp, Trash } from '@strapi/icons';
import { useText } from '../../../translations/use-text';
import type { Part } from '../draft';
import { withMoved } from '../edits';
import { boxId } from '../place';
import { rowProblem } from '../problems';
import { usageOf, type Place } from '../removal';
import type { Removing } from '../use-removal';
import type { WorkflowForm } from '../use-workflow-form';

type Row = { id: string; name: string; savedKey: string | null };

type Props = {
  form: WorkflowForm;
  removing: Removing;
  part: Part;
  row: Row;
  title: React.ReactNode;
  /** Of the fields inside, which show their problems themselves. */
  fields: readonly string[];
  children: React.ReactNode;
};

/** A row that moves in the page loses the focus, and with it the keyboard its place. */
const keepFocus = (button: HTMLElement) => requestAnimationFrame(() => button.focus());

const Moves = ({ form, part, row }: Pick<Props, 'form' | 'part' | 'row'>) => {
  const text = useText();
  const rows = form.draft[part];
  const at = [...rows].findIndex(({ id }) => id === row.id);
  const name = row.name || text('workflows.unnamed');
  const move = (by: -1 | 1) => (event: React.MouseEvent<HTMLElement>) => {
    keepFocus(event.currentTarget);
    form.edit(part, (draft) => withMoved(draft, { part, id: row.id, by }));
  };
  return (
    <>
      <IconButton
        variant="ghost"
        label={text('workflows.moveUp', { name })}
        disabled={at === 0}
        onClick={move(-1)}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        variant="ghost"
        label={text('workflows.moveDown', { name })}
        disabled={at === rows.length - 1}
        onClick={move(1)}
      >
        <ArrowDown />
      </IconButton>
    </>
  );
};

const Usage = ({ form, part, row }: Pick<Props, 'form' | 'part' | 'row'>) => {
  const text = useText();
  const { documents, webhooks } = usageOf(form.usage, part, row.savedKey);
  const parts = [
    documents > 0 && text('workflows.documents', { count: documents }),
    webhooks.length > 0 && text('workflows.webhooks', { count: webhooks.length }),
  ].filter((sentence) => typeof sentence === 'string');
  return parts.length === 0 ? null : (
    <Typography variant="pi" textColor="neutral600">
      {parts.join(' · ')}
    </Typography>
  );
};

export const RowCard = ({ form, removing, part, row, title, fields, children }: Props) => {
  const text = useText();
  const place: Place = { part, id: row.id };
  const path = `${part}.${row.id}`;
  const problem = rowProblem(form.problems, path, fields);
  return (
    <Box
      tag="li"
      id={boxId(path)}
      tabIndex={-1}
      padding={4}
      hasRadius
      background="neutral0"
      borderColor={problem ? 'danger600' : 'neutral200'}
    >
      <Flex direction="column" alignItems="stretch" gap={3}>
        <Flex justifyContent="space-between" gap={4}>
          <Flex gap={3} wrap="wrap" minWidth={0}>
            {title}
            <Usage form={form} part={part} row={row} />
          </Flex>
          {!form.isReadOnly && (
            <Flex gap={1} shrink={0}>
              <Moves form={form} part={part} row={row} />
              <IconButton
                variant="ghost"
                label={text('workflows.removeRow', { name: row.name || text('workflows.unnamed') })}
                onClick={() => removing.remove(place)}
              >
                <Trash />
              </IconButton>
            </Flex>
          )}
        </Flex>
        {problem && (
          <Typography variant="pi" textColor="danger600">
            {problem}
          </Typography>
        )}
        {children}
      </Flex>
    </Box>
  );
};
