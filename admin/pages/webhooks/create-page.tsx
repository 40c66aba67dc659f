/** Makes a new webhook: first its kind, which is kept in the address, then the form of that kind. */
import * as React from 'react';
import { Flex, Link } from '@strapi/design-system';
import { Link as RouterLink, useNavigate, useSearchParams } from 'react-router-dom';
import type { WebhookKind } from '../../../server/contract/webhook';
import { webhooks } from '../../services/webhooks';
import { useCall, useLoad } from '../../services/use-load';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { SecretOnce } from '../../domain/secret-once';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { pathTo } from '../../paths';
import { useKept } from '../../forms/use-kept';
import { useText } from '../../translations/use-text';
import { asked } from './asked';
import { copyOf, inputOf, newDraft, toKeep, type Draft, type KeptDraft } from './draft';
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
const useNewWebhook = (copy: Draft | undefined) => {
  const [params] = useSearchParams();
  const { kind: named, place } = asked(params);
  const kind = named ?? copy?.kind ?? null;
  const [initial] = React.useState(() => newDraft(kind ?? 'event', place));
  const { kept, keep } = useKept<KeptDraft>('webhook');
  const form = useWebhookForm(initial, false, { kept, copy });
  const { setKind } = form;
  const isOther = kind !== null && kind !== form.draft.kind;
  React.useEffect(() => {
    if (isOther) setKind(kind);
  }, [isOther, kind, setKind]);
  return { form, keep, kind: isOther ? null : kind };
};

const NewWebhook = ({ copy }: { copy?: Draft }) => {
  const text = useText();
  const create = useCall(webhooks.create);
  const navigate = useNavigate();
  const [made, setMade] = React.useState<{ id: string; secret: string } | null>(null);
  const { form, keep, kind } = useNewWebhook(copy);
  const goOn = (id: string) => navigate(pathTo('webhooks', id), { replace: true });
  const { save, isSaving, hasUnsaved } = useSave(form, {
    send: () => create(inputOf(form.draft)),
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

/** A new one that begins as another one is. */
const Copy = ({ id }: { id: string }) => {
  const text = useText();
  const load = useLoad(webhooks.one, id);
  const copy = React.useMemo(
    () => load.data && copyOf(load.data, text('webhooks.copyOf', { name: load.data.name })),
    [load.data, text],
  );
  // Also if it could not be loaded again: what is typed, and a secret that is shown this once, stay.
  if (copy) return <NewWebhook copy={copy} />;
  return (
    <PageFrame
      permission="webhook.create"
      title={text('webhooks.create')}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      isBusy={load.isLoading}
    >
      <Loaded load={load}>{() => null}</Loaded>
    </PageFrame>
  );
};

export const CreatePage = () => {
  const [params] = useSearchParams();
  const copied = params.get('copy');
  return copied ? <Copy key={copied} id={copied} /> : <NewWebhook />;
};
