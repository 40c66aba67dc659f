/** Shows one webhook and changes it. */
import * as React from 'react';
import { Box, Flex } from '@strapi/design-system';
import { useParams } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import { webhooks } from '../../services/webhooks';
import { useCall, useFetch, useLoad } from '../../services/use-load';
import { usePermissions } from '../../services/permissions';
import { BackLink } from '../../components/back-link';
import { ChangesSection } from '../../domain/changes/changes-section';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { SecretOnce } from '../../domain/secret-once';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { useConflict } from '../../forms/use-conflict';
import { pathTo } from '../../paths';
import { useKept } from '../../forms/use-kept';
import { useText } from '../../translations/use-text';
import { DeadLettersLink } from './dead-letters-link';
import { DisabledNotice } from './disabled-notice';
import { draftOf, inputOf, toKeep, type KeptDraft } from './draft';
import { EndUsersNotice } from './end-users-notice';
import { EditActions } from './edit-actions';
import { KindBadge } from './kind-badge';
import { PausedNotice, WebhookHealthBadge } from './pause';
import { useEnabling, useReviving } from './use-enabling';
import { useSave } from './use-save';
import { useWebhookForm } from './use-webhook-form';
import { WebhookFormSections } from './webhook-form';

const Editor = ({ webhook }: { webhook: Webhook }) => {
  const update = useCall(webhooks.update);
  const fetch = useFetch(webhooks.one);
  const { may } = usePermissions();
  /** Signing that was switched on just now. */
  const [secret, setSecret] = React.useState<string | null>(null);
  const initial = React.useMemo(() => draftOf(webhook), [webhook]);
  const { kept, keep } = useKept<KeptDraft>('webhook');
  const form = useWebhookForm(initial, !may('webhook.update'), { kept });
  const { revive, dialog } = useReviving();
  const enabling = useEnabling({ webhook, revive });
  const conflict = useConflict(webhook, kept);
  const { save, isSaving, hasUnsaved } = useSave(form, {
    send: () =>
      update({
        id: webhook.id,
        input: { ...inputOf(form.draft), updatedAt: conflict.version() },
      }),
    done: (saved) => {
      setSecret(saved.secret ?? null);
      conflict.shows(saved);
    },
    take: conflict.take,
  });
  keep(() => (hasUnsaved() ? { ...toKeep(form.draft), version: conflict.version() } : null));
  const reload = async () => {
    const stored = await fetch(webhook.id);
    form.reset(draftOf(stored));
    conflict.shows(stored);
  };
  return (
    <PageFrame
      permission="webhook.read"
      title={webhook.name}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      secondaryAction={
        <Flex gap={2}>
          <KindBadge kind={webhook.kind} />
          <WebhookHealthBadge webhook={webhook} />
          <DeadLettersLink webhook={webhook} />
        </Flex>
      }
      primaryAction={<EditActions webhook={webhook} isDirty={form.isDirty} isSaving={isSaving} />}
    >
      <DisabledNotice health={webhook.health} onEnable={() => enabling.choose(true)} />
      <PausedNotice webhook={webhook} />
      <EndUsersNotice webhook={webhook} />
      <WebhookFormSections
        form={form}
        webhook={webhook}
        enabling={enabling}
        onSubmit={save}
        hasUnsaved={hasUnsaved}
      />
      <Box paddingTop={6}>
        <ChangesSection list={webhooks.changes} of={{ id: webhook.id }} />
      </Box>
      {dialog}
      <ConflictDialog conflict={conflict} onReload={reload} onOverwrite={() => void save()} />
      <SecretOnce secret={secret} onClose={() => setSecret(null)} />
    </PageFrame>
  );
};

export const EditPage = () => {
  const text = useText();
  const { id = '' } = useParams();
  const load = useLoad(webhooks.one, id);
  // Also if it could not be loaded again: what is typed stays.
  if (load.data?.id === id) return <Editor key={load.data.id} webhook={load.data} />;
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
