/** Asks when a document shall be published, archived or both, and in whose time. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { FormFailure } from '../../forms/form-failure';
import { Labelled } from '../../components/labelled';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import { isPublishedBy } from './draft';
import { MomentField } from './moment-field';
import { useScheduleForm, type Save, type ScheduleForm } from './use-schedule-form';
import { ZonePicker } from './zone-picker';

type Props = {
  /** The one to change; null: a new one. */
  schedule: ListedSchedule | null;
  /** What people know the document by, where the page does not show it already. */
  title?: string;
  /** Throws what the server refused; closes the dialog itself. */
  onSave: Save;
  onClose: () => void;
};

type FieldsProps = { form: ScheduleForm; isPublished: boolean };

const Fields = ({ form, isPublished }: FieldsProps) => {
  const text = useText();
  const { draft, change, fields, isBusy } = form;
  return (
    <>
      <MomentField
        label={text('schedule.publish')}
        hint={text(isPublished ? 'schedule.publishedHint' : 'schedule.publishHint')}
        error={fields.publishAt}
        value={draft.publish}
        isDisabled={isBusy || isPublished}
        onChange={(publish) => change({ publish })}
      />
      <MomentField
        label={text('schedule.archive')}
        hint={text('schedule.archiveHint')}
        error={fields.archiveAt}
        value={draft.archive}
        isDisabled={isBusy}
        onChange={(archive) => change({ archive })}
      />
      <Labelled
        name="timezone"
        label={text('schedule.timezone')}
        hint={text('schedule.timezoneHint')}
        error={fields.timezone}
      >
        <ZonePicker
          value={draft.timezone}
          isDisabled={isBusy}
          hasError={Boolean(fields.timezone)}
          onChange={(timezone) => change({ timezone })}
        />
      </Labelled>
    </>
  );
};

export const ScheduleDialog = ({ schedule, title, onSave, onClose }: Props) => {
  const text = useText();
  const form = useScheduleForm(schedule, onSave);
  const formId = React.useId();
  // Its time may come while the dialog is open: the page then loads it again.
  const isPublished = [schedule, form.changed].some((known) => known && isPublishedBy(known));
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    // In React's tree the dialog may be within Strapi's form, which is not what is sent.
    event.stopPropagation();
    void form.submit();
  };
  return (
    <ModalFrame
      title={text(schedule ? 'schedule.changeTitle' : 'schedule.newTitle')}
      isBusy={form.isBusy}
      isDirty={form.isDirty}
      onClose={onClose}
      footer={
        <>
          <Button variant="tertiary" disabled={form.isBusy} onClick={onClose}>
            {text('common.close')}
          </Button>
          <Button type="submit" form={formId} loading={form.isBusy}>
            {text(schedule ? 'common.save' : 'schedule.make')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <Flex direction="column" alignItems="stretch" gap={5}>
          {title && <Typography fontWeight="bold">{title}</Typography>}
          <FormFailure message={form.failure} />
          {/* Strapi's pickers keep the text that they began with, so another version begins anew. */}
          <Fields key={form.changed?.updatedAt} form={form} isPublished={isPublished} />
        </Flex>
      </form>
      <ConflictDialog
        conflict={form.conflict}
        onReload={form.reload}
        onOverwrite={() => void form.submit()}
      />
    </ModalFrame>
  );
};
