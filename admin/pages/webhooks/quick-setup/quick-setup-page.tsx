/** The quick setup: one endpoint for each of the four categories, each an ordinary event webhook. */
import * as React from 'react';
import { Box, Flex } from '@strapi/design-system';
import type { Webhook } from '../../../../server/contract/webhook';
import { contentTypes } from '../../../services/catalogue';
import { together, useEveryPage, useLoad } from '../../../services/use-load';
import { webhooks } from '../../../services/webhooks';
import { BackLink } from '../../../components/back-link';
import { Loaded } from '../../../components/loaded';
import { PageFrame } from '../../../components/page-frame';
import { SecretOnce } from '../../../domain/secret-once';
import { UnsavedGuard } from '../../../components/unsaved-guard';
import { ConflictDialog } from '../../../forms/conflict-dialog';
import { pathTo } from '../../../paths';
import { useText } from '../../../translations/use-text';
import { FORM_ID, SaveButton } from '../save-button';
import { CategorySection } from './category-section';
import { useCategory } from './use-category';
import { useSaveAll } from './use-save-all';

const EVENT_WEBHOOKS = { kind: 'event' };

type FormsProps = { webhooks: Webhook[]; screens: string[] };

const Frame = ({ action, children }: { action?: React.ReactNode; children: React.ReactNode }) => {
  const text = useText();
  return (
    <PageFrame
      permission="webhook.read"
      title={text('quick.title')}
      subtitle={text('quick.subtitle')}
      navigationAction={<BackLink to={pathTo('webhooks')} />}
      primaryAction={action}
    >
      {children}
    </PageFrame>
  );
};

const Forms = ({ webhooks: found, screens }: FormsProps) => {
  const parts = [
    useCategory('content', found),
    useCategory('schedule', found),
    useCategory('screens', found),
    useCategory('replication', found),
  ];
  const { save, saveOne, isSaving, isDirty, hasUnsaved, secret, nextSecret } = useSaveAll(parts);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    void save();
  };
  const maySave = parts.some(({ form }) => !form.isReadOnly);
  return (
    <Frame action={maySave && <SaveButton isSaving={isSaving} isDisabled={!isDirty} />}>
      <Box tag="form" id={FORM_ID} noValidate onSubmit={submit}>
        <UnsavedGuard isDirty={hasUnsaved} />
        <Flex direction="column" alignItems="stretch" gap={6}>
          {parts.map((part) => (
            <CategorySection key={part.category} part={part} screens={screens} />
          ))}
        </Flex>
      </Box>
      {parts.map((part) => (
        <ConflictDialog
          key={part.category}
          conflict={part.conflict}
          onReload={part.reload}
          onOverwrite={() => void saveOne(part)}
        />
      ))}
      <SecretOnce secret={secret?.secret ?? null} of={secret?.name} onClose={nextSecret} />
    </Frame>
  );
};

export const QuickSetupPage = () => {
  const found = useEveryPage(webhooks.list, EVENT_WEBHOOKS);
  const types = useLoad(contentTypes, undefined);
  return found.data && types.data ? (
    <Forms webhooks={found.data} screens={types.data.screens} />
  ) : (
    <Frame>
      <Loaded load={{ ...together([found, types]), data: undefined }}>{() => null}</Loaded>
    </Frame>
  );
};
