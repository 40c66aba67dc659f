/** The single fields of an authorization, tied to its form: plain texts, secrets and PEM. */
import { SECRET_FIELDS, type Authorization } from '../../../server/contract/authorization';
import { Labelled } from '../../components/labelled';
import { PlainInput } from '../../components/plain-input';
import { isTextKey, useText } from '../../translations/use-text';
import { isStored, type TextField } from './draft';
import { PemInput } from './pem-input';
import { SecretInput } from '../../components/secret-input';
import type { AuthorizationForm } from './use-authorization-form';

export type FieldsProps = {
  form: AuthorizationForm;
  stored: Authorization | null;
  isReadOnly: boolean;
};
type Props = FieldsProps & { field: TextField };

const OPTIONAL: readonly TextField[] = ['scope', 'passphrase', 'ca'];
/** Either may be empty (RFC 7617). */
const OPTIONAL_IN_BASIC: readonly TextField[] = ['username', 'password'];
const PLACEHOLDER: Partial<Record<TextField, string>> = {
  key: 'x-api-key',
  tokenUrl: 'https://login.example.com/oauth2/token',
  authorityUrl: 'https://login.example.com',
  scope: 'content.write content.read',
  headerPrefix: 'Bearer',
  certificate: '-----BEGIN CERTIFICATE-----',
  ca: '-----BEGIN CERTIFICATE-----',
  privateKey: '-----BEGIN PRIVATE KEY-----',
};

/** Not every field needs a hint beside its label. */
const useHint = (field: TextField) => {
  const text = useText();
  const key = `authorizations.hint.${field}`;
  return isTextKey(key) ? text(key) : undefined;
};

const useField = ({ field, form, stored, isReadOnly }: Props) => {
  const text = useText();
  const isDropped = field === 'passphrase' && form.draft.dropsPassphrase;
  return {
    name: field,
    label: text(`authorizations.field.${field}`),
    hint: useHint(field),
    value: form.draft[field],
    error: form.problems[field],
    isStored: isStored(stored, form.draft, field) && !isDropped,
    isOptional:
      OPTIONAL.includes(field) ||
      (form.draft.kind === 'basic' && OPTIONAL_IN_BASIC.includes(field)),
    isReadOnly,
    onChange: (value: string) => form.change({ [field]: value }),
  };
};

const Plain = (props: Props) => {
  const { name, label, hint, error, isOptional, value, isReadOnly, onChange } = useField(props);
  return (
    <Labelled name={name} label={label} hint={hint} error={error} isRequired={!isOptional}>
      <PlainInput
        value={value}
        placeholder={PLACEHOLDER[props.field]}
        disabled={isReadOnly}
        onChange={onChange}
      />
    </Labelled>
  );
};

const Secret = (props: Props) => <SecretInput {...useField(props)} />;

export const TextOf = (props: Props) =>
  SECRET_FIELDS[props.form.draft.kind].includes(props.field) ? (
    <Secret {...props} />
  ) : (
    <Plain {...props} />
  );

export const PemOf = (props: Props) => (
  <PemInput {...useField(props)} placeholder={PLACEHOLDER[props.field] ?? ''} />
);
