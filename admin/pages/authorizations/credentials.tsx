/** The fields of an authorization's kind: plain ones, and secrets that can be set but never read. */
import { Grid } from '@strapi/design-system';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { useText } from '../../translations/use-text';
import { CertificateFields } from './certificate-fields';
import { KIND_FIELDS } from './draft';
import { TextOf, type FieldsProps } from './fields';
import { OauthFields } from './oauth-fields';

type FewKind = 'basic' | 'digest' | 'bearer' | 'apiKey';
type FewField = (typeof KIND_FIELDS)[FewKind][number];

const PlaceField = ({ form, isReadOnly }: FieldsProps) => {
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

const FewFields = ({ fields, ...props }: FieldsProps & { fields: readonly FewField[] }) => (
  <Grid.Root gap={4}>
    {fields.map((field) => (
      <Grid.Item key={field} col={6} m={6} s={12} xs={12} direction="column" alignItems="stretch">
        {field === 'in' ? <PlaceField {...props} /> : <TextOf {...props} field={field} />}
      </Grid.Item>
    ))}
  </Grid.Root>
);

export const Credentials = (props: FieldsProps) => {
  const { kind } = props.form.draft;
  switch (kind) {
    case 'oauth2ClientCredentials':
    case 'oauth2Password':
      return <OauthFields {...props} />;
    case 'clientCertificate':
      return <CertificateFields {...props} />;
    default:
      return <FewFields {...props} fields={KIND_FIELDS[kind]} />;
  }
};
