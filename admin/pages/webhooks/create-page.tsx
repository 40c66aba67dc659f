/** Makes a new webhook: first its kind, which is kept in the address, then the form of that kind. */
import * as React from 'react';
import { Flex, Link } from '@strapi/design-system';
import { Link as RouterLink, useNavigate, useSearchParams } from 'react-router-dom';
import type { WebhookKind } from '../../../server/contract/webhook';
import { useApi } from '../../api/use-api';
import { BackLink } from '../../components/back-link';
import { PageFrame } from '../../components/page-frame';
import { SecretOnce } from '../../components/secret-once';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { pathTo } from '../../paths';
import { useKept } from '../../session/use-kept';
import { useText } from '../../translations/use-text';
import { asked } from './asked';
import { inputOf, newDraft, toKeep, type KeptDraft } from './draft';
import { KindBadge } from './kind-badge';
import { KindCards } from './kind-cards';
import { SaveButton } from './save-button';
import { useSave } from './use-save';
import { useWebhookForm } from './use-webhook-form';
import { WebhookFormSections } from './webhook-form';

const ChosenKind = ({ kind }: { kind: WebhookKind }) => {
  const text = useText();
  return (
    <Flex gap={3}>
      <KindBadge kind={kind} />
      <Link tag={RouterLink} to={pathTo('webhooks', 'create')}>
        {text('kind.change')}
      </Link>
    </Flex>
  );
};

/** The form of the kind that the address names; what was typed stays while another kind is chosen. */
const useNewWebhook = () => {
  const [params] = useSearchParams();
  const { kind, place } = asked(params);
  const [initial] = React.useState(() => newDraft(kind ?? 'event', place));
  const { kept, keep } = useKept<KeptDraft>('webhook');
  const form = useWebhookForm(initial, false, kept);
  const { setKind } = form;
  const isOther = kind !== null && kind !== form.draft.kind;
  React.useEffect(() => {
    if (isOther) setKind(kind);
  }, [isOther, kind, setKind]);
  return { form, keep, kind: isOther ? null : kind };
};

export const CreatePage = () => {
  const text = useText();
  const api = useApi();
  const navigate = useNavigate();
  const [made, setMade] = React.useState<{ id: string; secret: string } | null>(null);
  const { form, keep, kind } = useNewWebhook();
  const goOn = (id: string) => navigate(pathTo('webhooks', id), { replace: true });
  const { save, isSaving, hasUnsaved } = useSave(form, {
    send: () => api.webhooks.create(inputOf(form.draft)),
    done: ({ id, secret }) => (secret ? setMade({ id, secret }) : goOn(id)),
  });
  keep(() => (hasUnsaved() ? { ...toKeep(form.draft), version: null } : null));
  return (
    <PageFrame
      permission="webhook.create"
      title={text('webhooks.create')}
      subtitle={kind && <ChosenKind kind={kind} />}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      primaryAction={kind && <SaveButton isSaving={isSaving} isDisabled={!form.isDirty} />}
    >
      {kind ? (
        <WebhookFormSections form={form} onSubmit={save} hasUnsaved={hasUnsaved} />
      ) : (
        <>
          <UnsavedGuard isDirty={hasUnsaved} />
          <KindCards />
        </>
      )}
      <SecretOnce secret={made?.secret ?? null} onClose={() => made && goOn(made.id)} />
    </PageFrame>
  );
};
