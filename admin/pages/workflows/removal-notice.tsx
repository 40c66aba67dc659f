/** Which states or commands go when the form is saved, and where their documents and webhooks then are; each can be taken back. */
import { Button, Flex, Typography } from '@strapi/design-system';
import { ArrowsCounterClockwise } from '@strapi/icons';
import { useText, type Text } from '../../translations/use-text';
import type { Draft, Part, Removal } from './draft';
import { boxId } from './place';
import { problemAt } from './problems';
import { isInUse, usageOf, type Place } from './removal';
import type { Removing } from './use-removal';
import type { WorkflowForm } from './use-workflow-form';

type Props = { form: WorkflowForm; removing: Removing };
type RowProps = Props & { removal: Removal };

const nameOf = (draft: Draft, { part, target }: Removal, text: Text) => {
  const row = draft[part].find(({ id }) => id === target);
  return row?.name || row?.key || text('workflows.unnamed');
};

const sentencesOf = ({ draft, usage }: WorkflowForm, removal: Removal, text: Text): string[] => {
  const { part, row, target } = removal;
  const from = row.name || row.key;
  const { documents, webhooks } = usageOf(usage, part, row.savedKey);
  if (target === null) return [text(`workflows.removal.${part}`, { from })];
  const to = nameOf(draft, removal, text);
  return [
    documents > 0 && text('workflows.removal.documents', { count: documents, from, to }),
    webhooks.length > 0 && text('workflows.removal.webhooks', { count: webhooks.length, from, to }),
    // Documents that came here since were told where to go, although none was known of.
    documents === 0 && webhooks.length === 0 && text(`workflows.removal.${part}.to`, { from, to }),
  ].filter((sentence) => typeof sentence === 'string');
};

const Row = ({ form, removing, removal }: RowProps) => {
  const text = useText();
  const { part, row } = removal;
  const place: Place = { part, id: row.id };
  const path = `moveTo.${row.savedKey}`;
  const problem = problemAt(form.problems, path);
  const isAsked = problem !== undefined || isInUse(usageOf(form.usage, part, row.savedKey));
  return (
    <Flex
      tag="li"
      id={boxId(path)}
      tabIndex={-1}
      justifyContent="space-between"
      gap={4}
      wrap="wrap"
    >
      <Flex direction="column" alignItems="flex-start" flex="1" minWidth={0}>
        {sentencesOf(form, removal, text).map((sentence) => (
          <Typography key={sentence} textColor="neutral800">
            {sentence}
          </Typography>
        ))}
        {problem && (
          <Typography variant="pi" textColor="danger600">
            {problem}
          </Typography>
        )}
      </Flex>
      <Flex gap={2}>
        {isAsked && (
          <Button size="S" variant="tertiary" onClick={() => removing.choose(place)}>
            {text(
              removal.target === null ? 'workflows.removal.choose' : 'workflows.removal.change',
            )}
          </Button>
        )}
        <Button
          size="S"
          variant="tertiary"
          startIcon={<ArrowsCounterClockwise />}
          onClick={() => removing.undo(place)}
        >
          {text('workflows.removal.undo')}
        </Button>
      </Flex>
    </Flex>
  );
};

export const RemovalNotice = ({ form, removing, part }: Props & { part: Part }) => {
  const text = useText();
  const removals = form.draft.removals.filter((removal) => removal.part === part);
  if (removals.length === 0) return null;
  return (
    <Flex
      tag="section"
      aria-label={text('workflows.removal.title')}
      direction="column"
      alignItems="stretch"
      gap={3}
      padding={4}
      hasRadius
      background="warning100"
      borderColor="warning200"
    >
      <Typography fontWeight="bold" textColor="neutral800">
        {text('workflows.removal.title')}
      </Typography>
      <Flex tag="ul" direction="column" alignItems="stretch" gap={2} padding={0}>
        {removals.map((removal) => (
          <Row key={removal.row.id} form={form} removing={removing} removal={removal} />
        ))}
      </Flex>
    </Flex>
  );
};
