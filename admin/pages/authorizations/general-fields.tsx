/** What every authorization has: a name, a description, and the hosts that may be sent it. */
import { Textarea } from '@strapi/design-system';
import { Labelled } from '../../components/labelled';
import { LineList } from '../../components/line-list';
import { PlainInput } from '../../components/plain-input';
import { useText } from '../../translations/use-text';
import type { AuthorizationForm } from './use-authorization-form';

type Props = { form: AuthorizationForm; isReadOnly: boolean };

export const NameField = ({ form, isReadOnly }: Props) => {
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

export const DescriptionField = ({ form, isReadOnly }: Props) => {
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

export const HostsField = ({ form, isReadOnly }: Props) => {
  const text = useText();
  return (
    <LineList
      name="allowedHosts"
      label={text('authorizations.field.allowedHosts')}
      hint={text('authorizations.hint.allowedHosts')}
      placeholder={'api.example.com\n*.example.com'}
      value={form.draft.allowedHosts}
      problems={form.problems}
      isReadOnly={isReadOnly}
      onChange={(allowedHosts) => form.change({ allowedHosts })}
    />
  );
};
