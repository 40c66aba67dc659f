/** How the webhook proves itself to the receiver: its authorization and its signature. */
import { Flex, Link, LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link as RouterLink, NavLink } from 'react-router-dom';
import { SIGNINGS, type Webhook } from '../../../../server/contract/webhook';
import { sentenceOf } from '../../../services/problem';
import { authorizations } from '../../../services/authorizations';
import { useLoad } from '../../../services/use-load';
import { usePermissions } from '../../../services/permissions';
import { Choice, type Option } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { SectionBox } from '../../../components/section-box';
import { pathTo } from '../../../paths';
import { useText } from '../../../translations/use-text';
import { PublicKey } from '../public-key';
import { RotateSecret } from '../rotate-secret';
import type { WebhookForm } from '../use-webhook-form';

/** By name, for whoever may read webhooks. One that is chosen but not among them is shown by its id. */
const useAuthorizationOptions = (current: string | null) => {
  const { data, problem, isLoading } = useLoad(authorizations.choices, undefined);
  const options: Option<string>[] = (data ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  const isMissing = current !== null && !options.some(({ value }) => value === current);
  return {
    options: isMissing && !isLoading ? [...options, { value: current, label: current }] : options,
    problem,
  };
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

/** To what is chosen, for those who may look at it. */
const ChosenAuthorization = ({ id }: { id: string }) => {
  const text = useText();
  const { may } = usePermissions();
  return may('authorization.read') ? (
    <Flex>
      <Link tag={NavLink} to={pathTo('authorizations', id)}>
        {text('security.openAuthorization')}
      </Link>
    </Flex>
  ) : null;
};

export const AuthorizationField = ({ form }: { form: WebhookForm }) => {
  const text = useText();
  const { authorization: chosen } = form.draft;
  const { options, problem } = useAuthorizationOptions(chosen);
  return (
    <>
      <Labelled
        name="authorization"
        label={text('security.authorization')}
        hint={text('security.authorizationHint')}
        error={form.problems.authorization ?? (problem ? sentenceOf(problem, text) : undefined)}
      >
        <Choice
          value={chosen}
          options={options}
          placeholder={text('security.noAuthorization')}
          isDisabled={form.isReadOnly}
          onChange={(authorization) => form.set({ authorization })}
          onClear={() => form.set({ authorization: null })}
          clearLabel={text('security.clearAuthorization')}
        />
      </Labelled>
      {chosen !== null && <ChosenAuthorization id={chosen} />}
    </>
  );
};

export const SigningField = ({ form }: { form: WebhookForm }) => {
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

type Props = {
  form: WebhookForm;
  /** As it is stored; undefined while it is made. */
  webhook?: Webhook;
};

/** What is stored, and can be renewed, is that of the signing that is stored. */
export const SecuritySection = ({ form, webhook }: Props) => {
  const text = useText();
  const { signing } = form.draft;
  const isOfStored = webhook?.signing === signing;
  return (
    <SectionBox
      title={text('security.title')}
      description={text('security.description')}
      action={<NewAuthorization />}
    >
      <AuthorizationField form={form} />
      <SigningField form={form} />
      {isOfStored && webhook.publicKey && (
        <PublicKey webhookId={webhook.id} publicKey={webhook.publicKey} />
      )}
      {webhook && signing !== 'none' && !form.isReadOnly && (
        <RotateSecret
          webhookId={webhook.id}
          signing={signing}
          isStored={isOfStored && !form.isDirty}
        />
      )}
    </SectionBox>
  );
};
