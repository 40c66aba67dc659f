/** What is sent, in which format, and how often it is tried. */
import { Grid, NumberInput } from '@strapi/design-system';
import { FORMATS, SERIALIZATIONS } from '../../../../server/contract/webhook';
import { Choice } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import type { WebhookForm } from '../use-webhook-form';

type Props = { form: WebhookForm };

const FormatField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="format"
      label={text('format.label')}
      hint={text(`format.${form.draft.format}.hint`)}
      error={form.problems.format}
    >
      <Choice
        value={form.draft.format}
        options={FORMATS.map((value) => ({ value, label: text(`format.${value}`) }))}
        isDisabled={form.isReadOnly}
        onChange={(format) => form.set({ format })}
      />
    </Labelled>
  );
};

const SerializationField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="serialization"
      label={text('serialization.label')}
      error={form.problems.serialization}
    >
      <Choice
        value={form.draft.serialization}
        options={SERIALIZATIONS.map((value) => ({ value, label: text(`serialization.${value}`) }))}
        isDisabled={form.isReadOnly}
        onChange={(serialization) => form.set({ serialization })}
      />
    </Labelled>
  );
};

const AttemptsField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="maxAttempts"
      label={text('attempts.label')}
      hint={text('attempts.hint')}
      error={form.problems.maxAttempts}
    >
      <NumberInput
        value={form.draft.maxAttempts}
        disabled={form.isReadOnly}
        onValueChange={(value) => form.set({ maxAttempts: value ?? 0 })}
      />
    </Labelled>
  );
};

export const DeliverySection = ({ form }: Props) => {
  const text = useText();
  return (
    <SectionBox title={text('delivery.title')}>
      <Grid.Root gap={4}>
        <Grid.Item col={6} xs={12} alignItems="flex-start">
          <FormatField form={form} />
        </Grid.Item>
        <Grid.Item col={6} xs={12} alignItems="flex-start">
          <SerializationField form={form} />
        </Grid.Item>
        <Grid.Item col={6} xs={12} alignItems="flex-start">
          <AttemptsField form={form} />
        </Grid.Item>
      </Grid.Root>
    </SectionBox>
  );
};
