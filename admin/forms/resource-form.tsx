/** The frame of a form: its fields, why it was not saved, and the questions before anything is lost. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { FormProvider, type FieldValues } from 'react-hook-form';
import { FormFailure } from './form-failure';
import { UnsavedGuard } from '../components/unsaved-guard';
import { useText } from '../translations/use-text';
import { ConflictDialog } from './conflict-dialog';
import type { ResourceForm as Form } from './use-resource-form';

const ReadOnly = React.createContext(false);

/** Whether the fields of the form around may only be read. */
export const useReadOnly = () => React.useContext(ReadOnly);

type Props<Values extends FieldValues> = {
  id: string;
  form: Form<Values>;
  isReadOnly: boolean;
  children: React.ReactNode;
};

export const ResourceForm = <Values extends FieldValues>({
  id,
  form,
  isReadOnly,
  children,
}: Props<Values>) => (
  <ReadOnly.Provider value={isReadOnly}>
    <UnsavedGuard isDirty={form.hasUnsaved} />
    <ConflictDialog conflict={form.conflict} onReload={form.reload} onOverwrite={form.overwrite} />
    <FormProvider {...form.methods}>
      <form id={id} onSubmit={form.submit} noValidate autoComplete="off">
        <Flex direction="column" alignItems="stretch" gap={6}>
          <FormFailure message={form.failure} />
          {children}
        </Flex>
      </form>
    </FormProvider>
  </ReadOnly.Provider>
);

type SaveProps = {
  /** The `id` of the form, which the button stands outside of. */
  formId: string;
  form: Pick<Form<FieldValues>, 'isSaving' | 'isDirty'>;
};

export const SaveButton = ({ formId, form }: SaveProps) => {
  const text = useText();
  return (
    <Button
      type="submit"
      form={formId}
      startIcon={<Check />}
      loading={form.isSaving}
      disabled={!form.isDirty}
    >
      {text('common.save')}
    </Button>
  );
};
