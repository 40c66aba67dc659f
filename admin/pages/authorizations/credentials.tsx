/** The fields of an authorization's kind: plain ones, and secrets that can be set but never read. */
import { Grid } from '@strapi/design-system';
import { SECRET_FIELDS, type Authorization } from '../../../server/contract/authorization';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { PlainInput } from '../../components/plain-input';
import { useText } from '../../translations/use-text';
import { isStored, KIND_FIELDS } from './draft';
import { SecretInput } from './secret-input';
import type { AuthorizationForm } from './use-authorization-form';

type FieldName = (typeof KIND_FIELDS)[keyof typeof KIND_FIELDS][number];
type TextField = Exclude<FieldName, 'in'>;
type Props = { form: AuthorizationForm; stored: Authorization | null; isReadOnly: boolean };

const PlaceField = ({ form, isReadOnly }: Props) => {
  const { draft, change, problems } = form;
  const text = useText();
  return (
    <Labelled
      name="in"
      label={text('authorizations.field.in')}
      error={problems.in}
      hint={draft.in === 'query' ? text('authorizations.queryHint') : undefined}
      isRequired
    >
      <Choice
        value={draft.in}
        options={[
          { value: 'header', label: text('authorizations.in.header') },
          { value: 'query', label: text('authorizations.in.query') },
        ]}
        isDisabled={isReadOnly}
        onChange={(place) => change({ in: place })}
      />
    </Labelled>
  );
};

const PlainField = ({ field, form, isReadOnly }: Props & { field: TextField }) => {
  const text = useText();
  return (
    <Labelled
      name={field}
      label={text(`authorizations.field.${field}`)}
      error={form.problems[field]}
      isRequired
    >
      <PlainInput
        value={form.draft[field]}
        disabled={isReadOnly}
        onChange={(value) => form.change({ [field]: value })}
      />
    </Labelled>
  );
};

const SecretField = ({ field, form, stored, isReadOnly }: Props & { field: TextField }) => {
  const text = useText();
  return (
    <SecretInput
      name={field}
      label={text(`authorizations.field.${field}`)}
      value={form.draft[field]}
      error={form.problems[field]}
      isStored={isStored(stored, form.draft, field)}
      isReadOnly={isReadOnly}
      onChange={(value) => form.change({ [field]: value })}
    />
  );
};

const FieldOf = ({ field, ...props }: Props & { field: FieldName }) => {
  if (field === 'in') return <PlaceField {...props} />;
  const isSecret = SECRET_FIELDS[props.form.draft.kind].includes(field);
  return isSecret ? (
    <SecretField field={field} {...props} />
  ) : (
    <PlainField field={field} {...props} />
  );
};

export const Credentials = (props: Props) => (
  <Grid.Root gap={4}>
    {KIND_FIELDS[props.form.draft.kind].map((field) => (
      <Grid.Item key={field} col={6} m={6} s={12} direction="column" alignItems="stretch">
        <FieldOf field={field} {...props} />
      </Grid.Item>
    ))}
  </Grid.Root>
);
