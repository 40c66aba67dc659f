/** What is sent, in which format, how often it is tried, how fast and in which order. */
import { Grid, NumberInput, Toggle } from '@strapi/design-system';
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

const RateField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="rateLimit"
      label={text('rateLimit.label')}
      hint={text('rateLimit.hint')}
      error={form.problems.rateLimit}
    >
      <NumberInput
        value={form.draft.rateLimit ?? undefined}
        step={0.1}
        disabled={form.isReadOnly}
        onValueChange={(rateLimit) => form.set({ rateLimit: rateLimit ?? null })}
      />
    </Labelled>
  );
};

const OrderField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="ordered"
      label={text('ordered.label')}
      hint={text('ordered.hint')}
      error={form.problems.ordered}
    >
      <Toggle
        checked={form.draft.ordered}
        disabled={form.isReadOnly}
        onLabel={text('common.yes')}
        offLabel={text('common.no')}
        onChange={(event) => form.set({ ordered: event.target.checked })}
      />
    </Labelled>
  );
};

const QUEUE_FIELDS = { maxAttempts: AttemptsField, rateLimit: RateField, ordered: OrderField };

/** A validation is asked once: while somebody waits, there is no time to try again. */
export const DeliverySection = ({ form }: Props) => {
  const text = useText();
  const isAskedOnce = form.draft.kind === 'validation';
  return (
    <SectionBox title={text(isAskedOnce ? 'format.label' : 'delivery.title')}>
      <Grid.Root gap={4}>
        <Grid.Item col={6} xs={12} alignItems="flex-start">
          <FormatField form={form} />
        </Grid.Item>
        <Grid.Item col={6} xs={12} alignItems="flex-start">
          <SerializationField form={form} />
        </Grid.Item>
        {!isAskedOnce &&
          Object.entries(QUEUE_FIELDS).map(([name, QueueField]) => (
            <Grid.Item key={name} col={6} xs={12} alignItems="flex-start">
              <QueueField form={form} />
            </Grid.Item>
          ))}
      </Grid.Root>
    </SectionBox>
  );
};
