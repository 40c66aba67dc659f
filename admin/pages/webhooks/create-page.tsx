/** Makes a new webhook. */
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import { useApi } from '../../api/use-api';
import { BackLink } from '../../components/back-link';
import { PageFrame } from '../../components/page-frame';
import { SecretOnce } from '../../components/secret-once';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { inputOf, newDraft } from './draft';
import { SaveButton } from './save-button';
import { useSave } from './use-save';
import { useWebhookForm } from './use-webhook-form';
import { WebhookFormSections } from './webhook-form';

export const CreatePage = () => {
  const text = useText();
  const api = useApi();
  const navigate = useNavigate();
  const [made, setMade] = React.useState<{ id: string; secret: string } | null>(null);
  const initial = React.useMemo(newDraft, []);
  const form = useWebhookForm(initial, false);
  const goOn = (id: string) => navigate(pathTo('webhooks', id), { replace: true });
  const { save, isSaving, hasUnsaved } = useSave(form, {
    send: () => api.webhooks.create(inputOf(form.draft)),
    done: ({ id, secret }) => (secret ? setMade({ id, secret }) : goOn(id)),
  });
  return (
    <PageFrame
      permission="webhook.create"
      title={text('webhooks.create')}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      primaryAction={<SaveButton isSaving={isSaving} isDisabled={!form.isDirty} />}
    >
      <WebhookFormSections form={form} onSubmit={save} hasUnsaved={hasUnsaved} />
      <SecretOnce secret={made?.secret ?? null} onClose={() => made && goOn(made.id)} />
    </PageFrame>
  );
};
