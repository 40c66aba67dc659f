/** What the webhook is called, where it sends to, and whether it does. */
import { Grid, Textarea, Toggle } from '@strapi/design-system';
import { MASK } from '../../../../server/contract/names';
import type { Webhook } from '../../../../server/contract/webhook';
import { Labelled } from '../../../components/labelled';
import { PlainInput } from '../../../components/plain-input';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import type { Enabling } from '../use-enabling';
import type { WebhookForm } from '../use-webhook-form';

type Props = { form: WebhookForm };

const NameField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled name="name" label={text('webhooks.name')} error={form.problems.name} isRequired>
      <PlainInput
        value={form.draft.name}
        disabled={form.isReadOnly}
        onChange={(name) => form.set({ name })}
      />
    </Labelled>
  );
};

type EnabledProps = Props & {
  /** Undefined while it is made. */
  webhook?: Webhook;
  enabling?: Enabling;
};

/** A save leaves it out for a stored webhook: a form that was opened earlier must not undo what happened since. */
const EnabledField = ({ form, webhook, enabling }: EnabledProps) => {
  const text = useText();
  const choose = (enabled: boolean) =>
    enabling ? enabling.choose(enabled) : form.set({ enabled });
  return (
    <Labelled
      name="enabled"
      label={text('webhooks.enabled')}
      hint={enabling && text('webhooks.enabledHint')}
    >
      <Toggle
        checked={webhook?.enabled ?? form.draft.enabled}
        onLabel={text('common.on')}
        offLabel={text('common.off')}
        disabled={form.isReadOnly || enabling?.isBusy}
        onChange={(event) => choose(event.target.checked)}
      />
    </Labelled>
  );
};

/** The values of a stored query are masked, for they often are keys. */
const useUrlHint = ({ draft }: WebhookForm) => {
  const text = useText();
  if (draft.url.includes(MASK)) return text('webhooks.urlHint.masked', { mask: MASK });
  return text(draft.kind === 'validation' ? 'webhooks.urlHint.asked' : 'webhooks.urlHint');
};

const UrlField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="url"
      label={text('webhooks.url')}
      hint={useUrlHint(form)}
      error={form.problems.url}
      isRequired
    >
      <PlainInput
        value={form.draft.url}
        placeholder="https://example.com/hook"
        inputMode="url"
        disabled={form.isReadOnly}
        onChange={(url) => form.set({ url })}
      />
    </Labelled>
  );
};

const DescriptionField = ({ form }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="description"
      label={text('webhooks.description')}
      error={form.problems.description}
    >
      <Textarea
        value={form.draft.description}
        disabled={form.isReadOnly}
        onChange={(event) => form.set({ description: event.target.value })}
      />
    </Labelled>
  );
};

export const GeneralSection = ({ form, webhook, enabling }: EnabledProps) => {
  const text = useText();
  return (
    <SectionBox title={text('general.title')}>
      <Grid.Root gap={4}>
        <Grid.Item col={8} xs={12} alignItems="stretch">
          <NameField form={form} />
        </Grid.Item>
        <Grid.Item col={4} xs={12} alignItems="stretch">
          <EnabledField form={form} webhook={webhook} enabling={enabling} />
        </Grid.Item>
        <Grid.Item col={12} alignItems="stretch">
          <UrlField form={form} />
        </Grid.Item>
        <Grid.Item col={12} alignItems="stretch">
          <DescriptionField form={form} />
        </Grid.Item>
      </Grid.Root>
    </SectionBox>
  );
};
