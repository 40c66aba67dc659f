/** Name, description and kind of an authorization. */
import { Grid, Textarea } from '@strapi/design-system';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { PlainInput } from '../../components/plain-input';
import { useText } from '../../translations/use-text';
import { AUTHORIZATION_KINDS } from './draft';
import type { AuthorizationForm } from './use-authorization-form';

type Props = { form: AuthorizationForm; isReadOnly: boolean };

const KindField = ({ form, isReadOnly }: Props) => {
  const { draft, change, problems } = form;
  const text = useText();
  return (
    <Labelled
      name="kind"
      label={text('authorizations.kind')}
      error={problems.kind}
      hint={text(`authorizations.kindHint.${draft.kind}`)}
      isRequired
    >
      <Choice
        value={draft.kind}
        options={AUTHORIZATION_KINDS.map((value) => ({
          value,
          label: text(`authorizations.kind.${value}`),
        }))}
        isDisabled={isReadOnly}
        onChange={(kind) => change({ kind })}
      />
    </Labelled>
  );
};

const NameField = ({ form, isReadOnly }: Props) => {
  const text = useText();
  return (
    <Labelled name="name" label={text('authorizations.name')} error={form.problems.name} isRequired>
      <PlainInput
        value={form.draft.name}
        disabled={isReadOnly}
        onChange={(name) => form.change({ name })}
      />
    </Labelled>
  );
};

const DescriptionField = ({ form, isReadOnly }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="description"
      label={text('authorizations.description')}
      error={form.problems.description}
    >
      <Textarea
        value={form.draft.description}
        disabled={isReadOnly}
        onChange={(event) => form.change({ description: event.target.value })}
      />
    </Labelled>
  );
};

export const GeneralFields = (props: Props) => (
  <Grid.Root gap={4}>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <NameField {...props} />
    </Grid.Item>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <KindField {...props} />
    </Grid.Item>
    <Grid.Item col={12} direction="column" alignItems="stretch">
      <DescriptionField {...props} />
    </Grid.Item>
  </Grid.Root>
);
