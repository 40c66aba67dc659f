/** How the webhook proves itself to the receiver: its authorization and its signature. */
import * as React from 'react';
import { LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link as RouterLink } from 'react-router-dom';
import { SIGNINGS } from '../../../../server/contract/webhook';
import { useApi } from '../../../api/use-api';
import { useLoad } from '../../../api/use-load';
import { usePermissions } from '../../../api/use-permissions';
import { Choice, type Option } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { SectionBox } from '../../../components/section-box';
import { pathTo } from '../../../paths';
import { useText } from '../../../translations/use-text';
import { RotateSecret } from '../rotate-secret';
import type { WebhookForm } from '../use-webhook-form';

/** The greatest page that a list answers; more authorizations than that belong to no select. */
const ALL = { pageSize: 100, sort: 'name:asc' };

/** By name; who may not read authorizations sees that one is chosen, by its id. */
const useAuthorizationOptions = (current: string | null): Option<string>[] => {
  const api = useApi();
  const { may } = usePermissions();
  const mayRead = may('authorization.read');
  const { data } = useLoad(
    React.useCallback(
      async () => (mayRead ? (await api.authorizations.list(ALL)).data : []),
      [api, mayRead],
    ),
  );
  const options = (data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const isMissing = current !== null && !options.some(({ value }) => value === current);
  return isMissing ? [...options, { value: current, label: current }] : options;
};

const NewAuthorization = () => {
  const text = useText();
  const { may } = usePermissions();
  return may('authorization.create') ? (
    <LinkButton
      tag={RouterLink}
      variant="tertiary"
      startIcon={<Plus />}
      to={pathTo('authorizations', 'create')}
    >
      {text('security.newAuthorization')}
    </LinkButton>
  ) : null;
};

const AuthorizationField = ({ form }: { form: WebhookForm }) => {
  const text = useText();
  const options = useAuthorizationOptions(form.draft.authorization);
  return (
    <Labelled
      name="authorization"
      label={text('security.authorization')}
      hint={text('security.authorizationHint')}
      error={form.problems.authorization}
    >
      <Choice
        value={form.draft.authorization}
        options={options}
        placeholder={text('security.noAuthorization')}
        isDisabled={form.isReadOnly}
        onChange={(authorization) => form.set({ authorization })}
        onClear={() => form.set({ authorization: null })}
        clearLabel={text('security.clearAuthorization')}
      />
    </Labelled>
  );
};

const SigningField = ({ form }: { form: WebhookForm }) => {
  const text = useText();
  return (
    <Labelled
      name="signing"
      label={text('security.signing')}
      hint={text(`signing.${form.draft.signing}.hint`)}
      error={form.problems.signing}
    >
      <Choice
        value={form.draft.signing}
        options={SIGNINGS.map((value) => ({ value, label: text(`signing.${value}`) }))}
        isDisabled={form.isReadOnly}
        onChange={(signing) => form.set({ signing })}
      />
    </Labelled>
  );
};

type Props = { form: WebhookForm; webhookId?: string };

export const SecuritySection = ({ form, webhookId }: Props) => {
  const text = useText();
  const canRotate = webhookId && form.draft.signing !== 'none' && !form.isReadOnly;
  return (
    <SectionBox
      title={text('security.title')}
      description={text('security.description')}
      action={<NewAuthorization />}
    >
      <AuthorizationField form={form} />
      <SigningField form={form} />
      {canRotate && <RotateSecret webhookId={webhookId} isStored={!form.isDirty} />}
    </SectionBox>
  );
};
