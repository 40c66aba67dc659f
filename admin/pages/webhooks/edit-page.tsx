/** Shows one webhook and changes it. */
import * as React from 'react';
import { useParams } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { BackLink } from '../../components/back-link';
import { HealthBadge } from '../../components/badges';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { SecretOnce } from '../../components/secret-once';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { DisabledNotice } from './disabled-notice';
import { draftOf, inputOf } from './draft';
import { EditActions } from './edit-actions';
import { useSave } from './use-save';
import { useWebhookForm } from './use-webhook-form';
import { WebhookFormSections } from './webhook-form';

type EditorProps = { webhook: Webhook; onSaved: (webhook: Webhook) => void };

const Editor = ({ webhook, onSaved }: EditorProps) => {
  const api = useApi();
  const { may } = usePermissions();
  /** Signing that was switched on just now. */
  const [secret, setSecret] = React.useState<string | null>(null);
  const initial = React.useMemo(() => draftOf(webhook), [webhook]);
  const form = useWebhookForm(initial, !may('webhook.update'));
  const { save, isSaving, hasUnsaved } = useSave(form, {
    send: () => api.webhooks.update(webhook.id, inputOf(form.draft)),
    done: (saved) => {
      setSecret(saved.secret ?? null);
      onSaved(saved);
    },
  });
  return (
    <PageFrame
      permission="webhook.read"
      title={webhook.name}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      secondaryAction={<HealthBadge health={webhook.health} />}
      primaryAction={<EditActions webhook={webhook} isDirty={form.isDirty} isSaving={isSaving} />}
    >
      <DisabledNotice health={webhook.health} />
      <WebhookFormSections
        form={form}
        webhookId={webhook.id}
        onSubmit={save}
        hasUnsaved={hasUnsaved}
      />
      <SecretOnce secret={secret} onClose={() => setSecret(null)} />
    </PageFrame>
  );
};

export const EditPage = () => {
  const text = useText();
  const api = useApi();
  const { id = '' } = useParams();
  const load = useLoad(React.useCallback(() => api.webhooks.get(id), [api, id]));
  if (load.data && !load.problem) {
    return <Editor key={load.data.id} webhook={load.data} onSaved={load.replace} />;
  }
  return (
    <PageFrame
      permission="webhook.read"
      title={text('webhooks.one')}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      isBusy={load.isLoading}
    >
      <Loaded load={load}>{() => null}</Loaded>
    </PageFrame>
  );
};
