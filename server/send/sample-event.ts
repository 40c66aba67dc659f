/** Made-up events: what a test sends, what a preview and the event catalogue show. */
import { sentence } from '../contract/sentences';
import { traitsOf, type EventGroup, type EventName, type VALIDATION } from '../contract/catalogue';
import type { ContentTypeInfo } from '../contract/content-type';
import type { FieldChange, ScheduleFacts, WebhookEvent, WorkflowFacts } from '../contract/event';
import { PUBLICATION } from '../contract/workflow';
import type { Tree } from './formats/formats';
import { standardTree } from './formats/standard';
import {
  SAMPLE_DOCUMENT_ID,
  SAMPLE_MODEL,
  SAMPLE_TRANSITION,
  SAMPLE_VERDICTS,
  sampleEntry,
  sampleFile,
} from './sample-entry';

type Row = Record<string, unknown>;

/** What can be sampled: every event, and what a validation endpoint is asked. */
export type SampleName = EventName | typeof VALIDATION;

export type SampleInput = {
  name: SampleName;
  /** Null for a made-up article. Media and webhook events have no use for it. */
  model: ContentTypeInfo | null;
  id: string;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  /** Of the workflow events, the move they tell of; a made-up one if not given. */
  transition?: WorkflowFacts;
};

const base = ({ name, id, time }: SampleInput) => ({
  id,
  name,
  time,
  uid: null,
  model: null,
  documentId: null,
  locale: null,
  status: null,
  entry: null,
  previous: null,
  changes: [],
  actor: { type: 'admin', id: 1, name: 'Sample Administrator' } as const,
  account: 'sample.administrator@example.com',
});

/** Another text; anything else is taken to have been empty. */
const olderValue = (value: unknown) => (typeof value === 'string' ? `${value} (before)` : null);

const beforeEdit = (entry: Row, field: string) => {
  const from = olderValue(entry[field]);
  const changes: FieldChange[] = [{ field, from, to: entry[field] }];
  return { entry, previous: { ...entry, [field]: from }, changes };
};

/** The entry, what it was before, and what changed: as the capture tells them. */
const storyOf = (name: SampleName, entry: Row, field: string | undefined) => {
  const { verb } = traitsOf(name);
  if (verb === 'create') return { entry };
  if ((verb === 'update' || verb === 'draft-discard') && field) return beforeEdit(entry, field);
  return { entry, previous: entry };
};

const contentEvent = (input: SampleInput): WebhookEvent => {
  const model = input.model ?? SAMPLE_MODEL;
  const { group, verb } = traitsOf(input.name);
  const isOfContent = group === 'entry' || group === 'screen';
  const isPublished = isOfContent && (verb === 'publish' || verb === 'unpublish');
  const entry = {
    ...sampleEntry(model, input.time),
    ...(isPublished ? { publishedAt: input.time } : {}),
  };
  return {
    ...base(input),
    uid: model.uid,
    model: model.modelName,
    documentId: SAMPLE_DOCUMENT_ID,
    locale: model.isLocalized ? 'en' : null,
    // An unpublished document is a draft again, told as it last was.
    status: model.hasDraftAndPublish && verb !== 'publish' ? 'draft' : 'published',
    ...(model.hasDraftAndPublish
      ? { workflowState: { workflow: PUBLICATION, state: isPublished ? 'published' : 'draft' } }
      : {}),
    ...storyOf(input.name, entry, model.mainField ?? model.attributes[0]?.name),
  };
};

/** Only a refusal tells what the endpoints answered. */
const workflowEvent = (input: SampleInput): WebhookEvent => {
  const transition = input.transition ?? SAMPLE_TRANSITION;
  return {
    ...contentEvent(input),
    transition:
      input.name === 'workflow.refused'
        ? { ...transition, verdicts: transition.verdicts ?? SAMPLE_VERDICTS }
        : transition,
  };
};

const SCHEDULE_STATES: Partial<Record<SampleName, ScheduleFacts['state']>> = {
  'schedule.publish': 'done',
  'schedule.archive': 'done',
  'schedule.fail': 'failed',
  'schedule.delete': 'cancelled',
};

const scheduleEvent = (input: SampleInput): WebhookEvent => {
  const event = contentEvent(input);
  const isArchive = input.name === 'schedule.archive';
  const moved = { field: 'publishAt', from: null, to: input.time };
  return {
    ...event,
    previous: null,
    changes: input.name === 'schedule.update' ? [moved] : [],
    schedule: {
      id: '0b9c7a52-6f0e-4d0f-9a53-0d2f6f1c8e11',
      uid: event.uid ?? SAMPLE_MODEL.uid,
      documentId: SAMPLE_DOCUMENT_ID,
      locale: event.locale,
      publishAt: isArchive ? null : input.time,
      archiveAt: isArchive ? input.time : null,
      timezone: 'UTC',
      state: SCHEDULE_STATES[input.name] ?? 'scheduled',
      error: input.name === 'schedule.fail' ? 'A sample reason.' : null,
    },
  };
};

/** The made-up article as its schema file would have it. */
const sampleSchema = () => ({
  uid: SAMPLE_MODEL.uid,
  kind: 'collectionType',
  collectionName: 'articles',
  info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
  options: { draftAndPublish: true },
  attributes: { title: { type: 'string', required: true } },
});

const sampleComponent = () => ({
  uid: 'shared.seo',
  category: 'shared',
  collectionName: 'components_shared_seos',
  info: { displayName: 'SEO' },
  attributes: { title: { type: 'string', required: true } },
});

const modelEvent = (input: SampleInput): WebhookEvent => {
  const { group, verb } = traitsOf(input.name);
  const entry = group === 'component' ? sampleComponent() : sampleSchema();
  const to = entry.attributes.title;
  const from = { type: to.type };
  const older = { ...entry, attributes: { title: from } };
  return {
    ...base(input),
    uid: entry.uid,
    model: entry.uid.slice(entry.uid.indexOf('.') + 1),
    entry,
    previous: verb === 'create' ? null : verb === 'update' ? older : entry,
    changes: verb === 'update' ? [{ field: 'attributes.title', from, to }] : [],
    actor: { type: 'system', id: null, name: null },
  };
};

const localeEvent = (input: SampleInput): WebhookEvent => ({
  ...base(input),
  uid: 'plugin::i18n.locale',
  model: 'locale',
  documentId: SAMPLE_DOCUMENT_ID,
  ...storyOf(
    input.name,
    {
      id: 2,
      documentId: SAMPLE_DOCUMENT_ID,
      name: 'French (fr)',
      code: 'fr',
      createdAt: input.time,
      updatedAt: input.time,
    },
    'name',
  ),
});

const releaseEvent = (input: SampleInput): WebhookEvent => {
  const releasedAt = input.name === 'release.publish' ? input.time : null;
  const entry = {
    id: 3,
    documentId: SAMPLE_DOCUMENT_ID,
    name: 'A sample release',
    releasedAt,
    scheduledAt: null,
    timezone: null,
    status: releasedAt ? 'done' : 'ready',
    createdAt: input.time,
    updatedAt: input.time,
  };
  const event = {
    ...base(input),
    uid: 'plugin::content-releases.release',
    model: 'release',
    documentId: SAMPLE_DOCUMENT_ID,
  };
  if (!releasedAt) return { ...event, ...storyOf(input.name, entry, 'name') };
  const previous = { ...entry, releasedAt: null, status: 'ready' };
  const changes = (['releasedAt', 'status'] as const).map((field) => ({
    field,
    from: previous[field],
    to: entry[field],
  }));
  return { ...event, entry, previous, changes };
};

const mediaEvent = (input: SampleInput): WebhookEvent => ({
  ...base(input),
  uid: 'plugin::upload.file',
  model: 'file',
  documentId: SAMPLE_DOCUMENT_ID,
  ...storyOf(input.name, sampleFile(input.time), 'alternativeText'),
});

const REASONS: Partial<Record<SampleName, string>> = {
  'webhook.failing': '5 attempts in a row failed.',
  'webhook.disabled': sentence('receiver-gone'),
};

const webhookEvent = (input: SampleInput): WebhookEvent => ({
  ...base(input),
  entry: {
    id: SAMPLE_DOCUMENT_ID,
    name: 'A sample webhook',
    state: traitsOf(input.name).verb,
    reason: REASONS[input.name] ?? null,
  },
});

const replicationEvent = (input: SampleInput): WebhookEvent => {
  const { verb } = traitsOf(input.name);
  const uid = SAMPLE_MODEL.uid;
  const isDone = verb === 'completed';
  return {
    ...base(input),
    replication: {
      id: '5d2f8c1a-7b64-4e9d-8a30-c4b1e6f20d97',
      name: 'Staging to production',
      trigger: 'manual',
      kind: 'transfer',
      source: 'http://staging.example.com',
      destination: 'https://www.example.com/admin',
      status: isDone ? 'Successful' : verb === 'failed' ? 'Failed' : 'In Progress',
      startedAt: input.time,
      completedAt: verb === 'started' ? null : input.time,
      counts: isDone ? { [uid]: 1 } : {},
      replicatedCount: isDone ? 1 : 0,
      replicatedIds: isDone ? { [uid]: [SAMPLE_DOCUMENT_ID] } : {},
      error: verb === 'failed' ? 'The destination did not accept the transfer token.' : null,
    },
  };
};

const MAKERS: Record<EventGroup, (input: SampleInput) => WebhookEvent> = {
  entry: contentEvent,
  screen: contentEvent,
  media: mediaEvent,
  workflow: workflowEvent,
  schedule: scheduleEvent,
  replication: replicationEvent,
  release: releaseEvent,
  'content-type': modelEvent,
  component: modelEvent,
  locale: localeEvent,
  webhook: webhookEvent,
};

/** A plausible event of the name. Nothing of it is stored or read from the project's content. */
export const sampleEvent = (input: SampleInput): WebhookEvent =>
  MAKERS[traitsOf(input.name).group](input);

/** The standard body of a sample, as the event catalogue shows it. */
export const exampleOf = (name: EventName): Tree => {
  const id = 'evt_019a000000007000800000000000000a';
  const time = '2026-11-21T18:12:03.341Z';
  const event = sampleEvent({ name, model: null, id, time });
  const webhook = { id: '', name: '', kind: 'event', on: null } as const;
  return standardTree({ event, webhook, model: null });
};
