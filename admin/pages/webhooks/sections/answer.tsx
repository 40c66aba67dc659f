/** What the answer of a validation means for a command, how long it is waited for, and what it has to look like. */
import { NumberInput } from '@strapi/design-system';
import { MODES, ON_ERROR } from '../../../../server/contract/document';
import { Labelled } from '../../../components/labelled';
import { RadioChoice } from '../../../components/radio-choice';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import { AnswerHelp } from '../answer-help';
import type { WebhookForm } from '../use-webhook-form';

type Props = { form: WebhookForm };

const ModeField = ({ form }: Props) => {
  const text = useText();
  return (
    <RadioChoice
      label={text('answer.mode')}
      value={form.draft.mode}
      options={MODES.map((value) => ({
        value,
        label: text(`answer.mode.${value}`),
        hint: text(`answer.mode.${value}.hint`),
      }))}
      error={form.problems.mode}
      isDisabled={form.isReadOnly}
      onChange={(mode) => form.set({ mode })}
    />
  );
};

const OnErrorField = ({ form }: Props) => {
  const text = useText();
  return (
    <RadioChoice
      label={text('answer.onError')}
      value={form.draft.onError}
      options={ON_ERROR.map((value) => ({
        value,
        label: text(`answer.onError.${value}`),
        hint: text(`answer.onError.${value}.hint`),
      }))}
      error={form.problems.onError}
      isDisabled={form.isReadOnly}
      onChange={(onError) => form.set({ onError })}
    />
  );
};

const TimeoutField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="timeout"
      label={text('answer.timeout')}
      hint={text('answer.timeout.hint')}
      error={form.problems.timeout}
    >
      <NumberInput
        value={form.draft.timeout ?? undefined}
        placeholder={text('answer.timeout.default')}
        disabled={form.isReadOnly}
        onValueChange={(timeout) => form.set({ timeout: timeout ?? null })}
      />
    </Labelled>
  );
};

export const AnswerSection = ({ form }: Props) => {
  const text = useText();
  return (
    <SectionBox title={text('answer.title')} description={text('answer.description')}>
      <ModeField form={form} />
      <OnErrorField form={form} />
      <TimeoutField form={form} />
      <AnswerHelp />
    </SectionBox>
  );
};
