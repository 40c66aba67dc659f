/** The form of a workflow: its sections in order, with the diagram that follows every edit. */
import type * as React from 'react';
import { Box, Flex } from '@strapi/design-system';
import type { Workflow } from '../../../server/contract/workflow';
import { Loaded } from '../../components/loaded';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { DiagramSection } from './diagram/diagram-section';
import { ProblemSummary } from './problem-summary';
import { RemoveDialog } from './remove-dialog';
import { CommandsSection } from './sections/commands';
import { GeneralSection } from './sections/general';
import { StatesSection } from './sections/states';
import { typeChoices } from './type-choices';
import { useChoices, type Choices } from './use-choices';
import { useRemoval } from './use-removal';
import type { WorkflowForm } from './use-workflow-form';

/** Ties the save button to the form, which it stands outside of. */
export const FORM_ID = 'workflow-webhooks-workflow';

type Props = {
  form: WorkflowForm;
  /** Null: it is new. */
  stored: Workflow | null;
  failure: string | null;
  onSubmit: () => void;
  hasUnsaved: () => boolean;
};

const Sections = ({
  form,
  stored,
  failure,
  choices,
}: Omit<Props, 'onSubmit' | 'hasUnsaved'> & { choices: Choices }) => {
  const removing = useRemoval(form);
  const types = typeChoices(choices.types, choices.workflows, {
    id: stored?.id ?? null,
    chosen: form.draft.contentTypes,
  });
  return (
    <Flex direction="column" alignItems="stretch" gap={6}>
      <ProblemSummary form={form} failure={failure} />
      <GeneralSection form={form} types={types} />
      <DiagramSection draft={form.draft} />
      <StatesSection form={form} removing={removing} />
      <CommandsSection form={form} removing={removing} roles={choices.roles} />
      <RemoveDialog form={form} removing={removing} />
    </Flex>
  );
};

export const WorkflowFormSections = ({ onSubmit, hasUnsaved, ...props }: Props) => {
  const choices = useChoices();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Loaded load={choices}>
      {(loaded) => (
        <Box tag="form" id={FORM_ID} noValidate autoComplete="off" onSubmit={submit}>
          <UnsavedGuard isDirty={hasUnsaved} />
          <Sections {...props} choices={loaded} />
        </Box>
      )}
    </Loaded>
  );
};
