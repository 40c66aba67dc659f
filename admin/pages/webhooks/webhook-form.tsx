/** The form: its sections in order, and the preview beside them. */
import * as React from 'react';
import { Box, Flex, Grid } from '@strapi/design-system';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { Loaded } from '../../components/loaded';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { Preview } from './preview';
import { FORM_ID } from './save-button';
import { DeliverySection } from './sections/delivery';
import { EventsSection } from './sections/events';
import { FilterSection } from './sections/filter';
import { GeneralSection } from './sections/general';
import { HeadersSection } from './sections/headers';
import { ScopeSection } from './sections/scope';
import { SecuritySection } from './sections/security';
import type { WebhookForm } from './use-webhook-form';

type Props = {
  form: WebhookForm;
  /** Of a stored webhook. */
  webhookId?: string;
  onSubmit: () => void;
  hasUnsaved: () => boolean;
};

const useChoices = () => {
  const api = useApi();
  return useLoad(
    React.useCallback(async () => {
      const [events, types] = await Promise.all([api.events(), api.contentTypes()]);
      return { events, ...types };
    }, [api]),
  );
};

export const WebhookFormSections = ({ form, webhookId, onSubmit, hasUnsaved }: Props) => {
  const choices = useChoices();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Loaded load={choices}>
      {({ events, contentTypes, locales }) => (
        <Box tag="form" id={FORM_ID} noValidate onSubmit={submit}>
          <UnsavedGuard isDirty={hasUnsaved} />
          <Grid.Root gap={6}>
            <Grid.Item col={7} s={12} direction="column" alignItems="stretch">
              <Flex direction="column" alignItems="stretch" gap={6}>
                <GeneralSection form={form} />
                <EventsSection form={form} catalogue={events} />
                <ScopeSection form={form} contentTypes={contentTypes} locales={locales} />
                <FilterSection form={form} contentTypes={contentTypes} />
                <SecuritySection form={form} webhookId={webhookId} />
                <HeadersSection form={form} />
                <DeliverySection form={form} />
              </Flex>
            </Grid.Item>
            <Grid.Item col={5} s={12} direction="column" alignItems="stretch">
              <Preview draft={form.draft} webhookId={webhookId} contentTypes={contentTypes} />
            </Grid.Item>
          </Grid.Root>
        </Box>
      )}
    </Loaded>
  );
};
