/** The client certificate, its key, and whom to trust on the other side. */
import { Checkbox, Flex } from '@strapi/design-system';
import { useText } from '../../translations/use-text';
import { CertificateFacts } from './certificate-facts';
import { isStored } from './draft';
import { PemOf, TextOf, type FieldsProps } from './fields';

const DropPassphrase = ({ form, isReadOnly }: FieldsProps) => {
  const text = useText();
  return (
    <Checkbox
      checked={form.draft.dropsPassphrase}
      disabled={isReadOnly}
      onCheckedChange={(checked) => form.change({ dropsPassphrase: checked === true })}
    >
      {text('authorizations.dropPassphrase')}
    </Checkbox>
  );
};

/** A stored passphrase is kept, replaced or taken away; taken away, there is nothing to type, but maybe a message to see. */
const Passphrase = (props: FieldsProps) => {
  const { form, stored } = props;
  const mayDrop = isStored(stored, form.draft, 'passphrase') && form.draft.passphrase === '';
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      <TextOf
        {...props}
        field="passphrase"
        isReadOnly={props.isReadOnly || form.draft.dropsPassphrase}
      />
      {mayDrop && <DropPassphrase {...props} />}
    </Flex>
  );
};

export const CertificateFields = (props: FieldsProps) => {
  const facts = props.form.draft.kind === props.stored?.kind ? props.stored.certificateFacts : null;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      {facts && <CertificateFacts facts={facts} />}
      <PemOf {...props} field="certificate" />
      <PemOf {...props} field="privateKey" />
      <Passphrase {...props} />
      <PemOf {...props} field="ca" />
    </Flex>
  );
};
