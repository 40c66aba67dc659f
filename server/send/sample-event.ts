/** Made-up events: sent by a test of a webhook, shown by a preview and by the event catalogue. Pure. */
import { traitsOf, type EventGroup, type EventName, type VALIDATION } from '../contract/catalogue';
import type { ContentTypeInfo } from '../contract/content-type';
import {
  SYSTEM_ACTOR,
  type ScheduleFacts,
  type WebhookEvent,
  type WorkflowFacts,
} from '../contract/event';
import { sentence } from '../contract/sentences';
import { PUBLICATION } from '../contract/workflow';
import type { Tree } from './formats/formats';
import { standardTree } from './formats/standard';
import {
  SAMPLE_COMPONENT,
  SAMPLE_DOCUMENT_ID,
  SAMPLE_MODEL,
  SAMPLE_SCHEMA,
  SAMPLE_TRANSITION,
  SAMPLE_VERDICTS,
  sampleEntry,
  sampleFile,
} from './sample-entry';

type Row = Record<string, unknown>;

/** Every event, and the call of a validation endpoint. */
export type SampleName = EventName | typeof VALIDATION;

export type SampleInput = {
  name: SampleName;
  /** Null for a made-up article. Media and webhook events have no use for it. */
  model: ContentTypeInfo | null;
  id: string;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  /** The transition of a workflow event; a made-up one if not given. */
  transition?: WorkflowFacts;
};

/** A plausible event of the name. Nothing of it is stored or read from the project's content. */
export const sampleEvent = (input: SampleInput): WebhookEvent =>
  MAKERS[traitsOf(input.name).group](input);

/** The standard body of a sample, as the event catalogue shows it. */
export function exampleOf(name: EventName): Tree {
  const id = 'evt_019a000000007000800000000000000a';
  const time = '2026-11-21T18:12:03.341Z';
  const event = sampleEvent({ name, model: null, id, time });
  const webhook = { id: '', name: '', kind: 'event', on: null } as const;
  return standardTree({ event, webhook, model: null });
}

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

/** An event about a document of a plugin, such as a file. */
const pluginBase = (input: SampleInput, uid: string) => ({
  ...base(input),
  uid,
  model: uid.slice(uid.indexOf('.') + 1),
  documentId: SAMPLE_DOCUMENT_ID,
});

/** The entry, the entry before, and the changed field, as the capture of a change has them. */
function changeOf({ name }: SampleInput, entry: Row, field: string | undefined) {
  const { verb } = traitsOf(name);
  if (verb === 'create') return { entry };
  if ((verb !== 'update' && verb !== 'draft-discard') || !field) return { entry, previous: entry };
  const to = entry[field];
  // Another text; a value of another type is taken to have been empty.
  const from = typeof to === 'string' ? `${to} (before)` : null;
  return { entry, previous: { ...entry, [field]: from }, changes: [{ field, from, to }] };
}

function contentEvent(input: SampleInput): WebhookEvent {
  const model = input.model ?? SAMPLE_MODEL;
  const { group, verb } = traitsOf(input.name);
  const isContent = group === 'entry' || group === 'screen';
  const isPublished = isContent && (verb === 'publish' || verb === 'unpublish');
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
    // An unpublished document is a draft again, sent as it last was.
    status: model.hasDraftAndPublish && verb !== 'publish' ? 'draft' : 'published',
    ...(model.hasDraftAndPublish
      ? { workflowState: { workflow: PUBLICATION, state: isPublished ? 'published' : 'draft' } }
      : {}),
    ...changeOf(input, entry, model.mainField ?? model.attributes[0]?.name),
  };
}

/** Only a refusal has the verdicts of the endpoints. */
function workflowEvent(input: SampleInput): WebhookEvent {
  const transition = input.transition ?? SAMPLE_TRANSITION;
  const isRefused = input.name === 'workflow.refused';
  const verdicts = isRefused ? { verdicts: transition.verdicts ?? SAMPLE_VERDICTS } : {};
  return { ...contentEvent(input), transition: { ...transition, ...verdicts } };
}

const SCHEDULE_STATES: Partial<Record<SampleName, ScheduleFacts['state']>> = {
  'schedule.publish': 'done',
  'schedule.archive': 'done',
  'schedule.fail': 'failed',
  'schedule.delete': 'cancelled',
};

function scheduleEvent(input: SampleInput): WebhookEvent {
  const { name, time } = input;
  const event = contentEvent(input);
  const isArchive = name === 'schedule.archive';
  return {
    ...event,
    previous: null,
    changes: name === 'schedule.update' ? [{ field: 'publishAt', from: null, to: time }] : [],
    schedule: {
      id: '0b9c7a52-6f0e-4d0f-9a53-0d2f6f1c8e11',
      uid: event.uid ?? SAMPLE_MODEL.uid,
      documentId: SAMPLE_DOCUMENT_ID,
      locale: event.locale,
      publishAt: isArchive ? null : time,
      archiveAt: isArchive ? time : null,
      timezone: 'UTC',
      state: SCHEDULE_STATES[name] ?? 'scheduled',
      error: name === 'schedule.fail' ? 'A sample reason.' : null,
    },
  };
}

function modelEvent(input: SampleInput): WebhookEvent {
  const { group, verb } = traitsOf(input.name);
  const entry = group === 'component' ? SAMPLE_COMPONENT : SAMPLE_SCHEMA;
  const to = entry.attributes.title;
  const from = { type: to.type };
  const older = { ...entry, attributes: { title: from } };
  return {
    ...pluginBase(input, entry.uid),
    documentId: null,
    entry,
    previous: verb === 'create' ? null : verb === 'update' ? older : entry,
    changes: verb === 'update' ? [{ field: 'attributes.title', from, to }] : [],
    actor: SYSTEM_ACTOR,
  };
}

function localeEvent(input: SampleInput): WebhookEvent {
  const entry = {
    id: 2,
    documentId: SAMPLE_DOCUMENT_ID,
    name: 'French (fr)',
    code: 'fr',
    createdAt: input.time,
    updatedAt: input.time,
  };
  return { ...pluginBase(input, 'plugin::i18n.locale'), ...changeOf(input, entry, 'name') };
}

function releaseEvent(input: SampleInput): WebhookEvent {
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
  const event = pluginBase(input, 'plugin::content-releases.release');
  if (!releasedAt) return { ...event, ...changeOf(input, entry, 'name') };
  return {
    ...event,
    entry,
    previous: { ...entry, releasedAt: null, status: 'ready' },
    changes: [
      { field: 'releasedAt', from: null, to: releasedAt },
      { field: 'status', from: 'ready', to: 'done' },
    ],
  };
}

function mediaEvent(input: SampleInput): WebhookEvent {
  const event = pluginBase(input, 'plugin::upload.file');
  return { ...event, ...changeOf(input, sampleFile(input.time), 'alternativeText') };
}

const REASONS: Partial<Record<SampleName, string>> = {
  'webhook.failing': '5 attempts in a row failed.',
  'webhook.disabled': sentence('receiver-gone'),
};

function webhookEvent(input: SampleInput): WebhookEvent {
  const state = traitsOf(input.name).verb;
  const reason = REASONS[input.name] ?? null;
  return {
    ...base(input),
    entry: { id: SAMPLE_DOCUMENT_ID, name: 'A sample webhook', state, reason },
  };
}

function replicationEvent(input: SampleInput): WebhookEvent {
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
}
