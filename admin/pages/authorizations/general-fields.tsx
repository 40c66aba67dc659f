/** Name, description and kind of an authorization. */
import { Grid, SingleSelect, SingleSelectOption, Textarea, TextInput } from '@strapi/design-system';
import type { AuthorizationKind } from '../../../server/contract/authorization';
import { Labelled } from '../../components/labelled';
import { useText } from '../../translations/use-text';
import { AUTHORIZATION_KINDS } from './draft';
import type { AuthorizationForm } from './use-authorization-form';

type Props = { form: AuthorizationForm; isReadOnly: boolean };

export const GeneralFields = ({ form, isReadOnly }: Props) => {
  const { draft, change, problems } = form;
  const text = useText();
  return (
    <Grid.Root gap={4}>
      <Grid.Item col={6} s={12} direction="column" alignItems="stretch">
        <Labelled name="name" label={text('authorizations.name')} error={problems.name} isRequired>
          <TextInput
            value={draft.name}
            disabled={isReadOnly}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Labelled>
      </Grid.Item>
      <Grid.Item col={6} s={12} direction="column" alignItems="stretch">
        <Labelled
          name="kind"
          label={text('authorizations.kind')}
          error={problems.kind}
          hint={text(`authorizations.kindHint.${draft.kind}`)}
          isRequired
        >
          <SingleSelect
            value={draft.kind}
            disabled={isReadOnly}
            onChange={(kind) => change({ kind: kind as AuthorizationKind })}
          >
            {AUTHORIZATION_KINDS.map((kind) => (
              <SingleSelectOption key={kind} value={kind}>
                {text(`authorizations.kind.${kind}`)}
              </SingleSelectOption>
            ))}
          </SingleSelect>
        </Labelled>
      </Grid.Item>
      <Grid.Item col={12} direction="column" alignItems="stretch">
        <Labelled
          name="description"
          label={text('authorizations.description')}
          error={problems.description}
        >
          <Textarea
            value={draft.description}
            disabled={isReadOnly}
            onChange={(event) => change({ description: event.target.value })}
          />
        </Labelled>
      </Grid.Item>
    </Grid.Root>
  );
};
