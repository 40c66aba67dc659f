/** The form of a workflow: its sections in order, with the diagram that follows every edit. */
import type * as React from 'react';
import { Box, Flex } from '@strapi/design-system';
import type { Workflow } from '../../../server/contract/workflow';
import { Loaded } from '../../components/loaded';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { DiagramSection } from './diagram/diagram-section';
import { ProblemSummary } from './problem-summary';
import { ReleaseDialog } from './release-dialog';
import { RemoveDialog } from './remove-dialog';
import { CommandsSection } from './sections/commands';
import { GeneralSection } from './sections/general';
import { StatesSection } from './sections/states';
import { typeChoices } from './type-choices';
import { useChoices, type Choices } from './use-choices';
import { useRemoval } from './use-removal';
import type { Saving } from './use-save';
import type { WorkflowForm } from './use-workflow-form';

/** Ties the save button to the form, which it stands outside of. */
export const FORM_ID = 'workflow-webhooks-workflow';

type Props = {
  form: WorkflowForm;
  /** Null: it is new. */
  stored: Workflow | null;
  saving: Saving;
};

const Sections = ({ form, stored, saving, choices }: Props & { choices: Choices }) => {
  const removing = useRemoval(form);
  const types = typeChoices(choices.types, choices.workflows, {
    id: stored?.id ?? null,
    chosen: form.draft.contentTypes,
  });
  return (
    <Flex direction="column" alignItems="stretch" gap={6}>
      <ProblemSummary form={form} failure={saving.failure} />
      <GeneralSection form={form} types={types} />
      <DiagramSection draft={form.draft} />
      <StatesSection form={form} removing={removing} />
      <CommandsSection form={form} removing={removing} roles={choices.roles} />
      <RemoveDialog form={form} removing={removing} />
      <ReleaseDialog saving={saving} types={types} />
    </Flex>
  );
};

export const WorkflowFormSections = (props: Props) => {
  const { saving } = props;
  const choices = useChoices();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    void saving.save();
  };
  return (
    <Loaded load={choices}>
      {(loaded) => (
        <Box tag="form" id={FORM_ID} noValidate autoComplete="off" onSubmit={submit}>
          <UnsavedGuard isDirty={saving.hasUnsaved} />
          <Sections {...props} choices={loaded} />
        </Box>
      )}
    </Loaded>
  );
};
