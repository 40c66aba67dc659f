/** The form: its sections in order, and the preview beside them. */
import * as React from 'react';
import { Box, Flex, Grid } from '@strapi/design-system';
import type { Webhook, WebhookKind } from '../../../server/contract/webhook';
import { contentTypes as typeChoices, events as eventChoices } from '../../services/catalogue';
import { together, useLoad } from '../../services/use-load';
import { workflows as workflowService } from '../../services/workflows';
import { Loaded } from '../../components/loaded';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { Preview } from './preview';
import { FORM_ID } from './save-button';
import { AnswerSection } from './sections/answer';
import { DeliverySection } from './sections/delivery';
import { EventsSection } from './sections/events';
import { FilterSection } from './sections/filter';
import { GeneralSection } from './sections/general';
import { HeadersSection } from './sections/headers';
import { ScopeSection } from './sections/scope';
import { SecuritySection } from './sections/security';
import { WorkflowSection } from './sections/workflow';
import type { Enabling } from './use-enabling';
import type { WebhookForm } from './use-webhook-form';
import { typesFor, workflowOf } from './workflow-place';

type Props = {
  form: WebhookForm;
  /** As it is stored; undefined while it is made. */
  webhook?: Webhook;
  /** Turns a stored webhook on and off without a save; undefined while it is made. */
  enabling?: Enabling;
  onSubmit: () => void;
  hasUnsaved: () => boolean;
};

/** An event webhook has nothing to choose among workflows, so it does not wait for them. */
const useChoices = (kind: WebhookKind) => {
  const events = useLoad(eventChoices, undefined);
  const types = useLoad(typeChoices, undefined);
  const isOfWorkflow = kind !== 'event';
  const workflows = useLoad(workflowService.choices, undefined, { skip: !isOfWorkflow });
  const all = together([events, types, ...(isOfWorkflow ? [workflows] : [])]);
  if (!events.data || !types.data || (isOfWorkflow && !workflows.data))
    return { ...all, data: undefined };
  // If they could not be loaded again, those of before stay: the form does not go while somebody types.
  return {
    ...all,
    problem: null,
    data: { ...types.data, events: events.data, workflows: workflows.data?.workflows ?? [] },
  };
};

type Choices = NonNullable<ReturnType<typeof useChoices>['data']>;
type SectionsProps = Choices & Pick<Props, 'form' | 'webhook' | 'enabling'>;

/** Content types are those of the workflow, where the webhook hangs on one. */
const Sections = ({ form, webhook, enabling, ...choices }: SectionsProps) => {
  const { events, workflows, contentTypes, locales } = choices;
  const { kind } = form.draft;
  return (
    <Flex direction="column" alignItems="stretch" gap={6}>
      <GeneralSection form={form} webhook={webhook} enabling={enabling} />
      {kind === 'event' ? (
        <EventsSection form={form} catalogue={events} />
      ) : (
        <WorkflowSection form={form} workflows={workflows} />
      )}
      {kind === 'validation' && <AnswerSection form={form} />}
      <ScopeSection form={form} contentTypes={contentTypes} locales={locales} />
      <FilterSection form={form} contentTypes={contentTypes} />
      <SecuritySection form={form} webhook={webhook} />
      <HeadersSection form={form} />
      <DeliverySection form={form} />
    </Flex>
  );
};

export const WebhookFormSections = ({ form, webhook, onSubmit, hasUnsaved, ...props }: Props) => {
  const choices = useChoices(form.draft.kind);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const typesOf = ({ contentTypes, workflows }: Choices) =>
    typesFor(contentTypes, workflowOf(workflows, form.draft.workflow));
  return (
    <Loaded load={choices}>
      {(loaded) => (
        <Box tag="form" id={FORM_ID} noValidate onSubmit={submit}>
          <UnsavedGuard isDirty={hasUnsaved} />
          <Grid.Root gap={6}>
            <Grid.Item col={7} s={12} direction="column" alignItems="stretch">
              <Sections
                {...loaded}
                form={form}
                webhook={webhook}
                enabling={props.enabling}
                contentTypes={typesOf(loaded)}
              />
            </Grid.Item>
            <Grid.Item col={5} s={12} direction="column" alignItems="stretch">
              <Preview draft={form.draft} webhook={webhook} contentTypes={typesOf(loaded)} />
            </Grid.Item>
          </Grid.Root>
        </Box>
      )}
    </Loaded>
  );
};
