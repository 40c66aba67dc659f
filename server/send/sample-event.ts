/** Made-up events, for tests of webhooks, previews and the event catalogue. Pure. */
import { traitsOf, type EventGroup, type EventName, type VALIDATION } from '../contract/catalogue';
import type { AttributeInfo, ContentTypeInfo } from '../contract/content-type';
import type { Verdict } from '../contract/document';
import type { ScheduleFacts, WebhookEvent, WorkflowFacts } from '../contract/event';
import { SYSTEM_ACTOR } from '../contract/event';
import { sentence } from '../contract/sentences';
import { PUBLICATION } from '../contract/workflow';
import type { Tree } from './formats/formats';
import { standardTree } from './formats/standard';

type Row = Record<string, unknown>;

/** Every event, and the call of a validation endpoint. */
export type SampleName = EventName | typeof VALIDATION;

type SampleInput = {
  name: SampleName;
  /** Null for a made-up article. Media and webhook events have no use for it. */
  model: ContentTypeInfo | null;
  id: string;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  /** The transition of a workflow event; a made-up one if not given. */
  transition?: WorkflowFacts;
};

/** Nothing of it is stored or read from the project's content. */
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

const documentBase = (input: SampleInput, uid: string) => ({
  ...base(input),
  uid,
  model: uid.slice(uid.indexOf('.') + 1),
  documentId: DOCUMENT_ID,
});

const datesOf = (time: string) => ({ createdAt: time, updatedAt: time });

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
  const model = input.model ?? MODEL;
  const { group, verb } = traitsOf(input.name);
  const isContent = group === 'entry' || group === 'screen';
  const isPublished = isContent && (verb === 'publish' || verb === 'unpublish');
  const published = isPublished ? { publishedAt: input.time } : {};
  const entry = { ...sampleEntry(model, input.time), ...published };
  const workflowState = { workflow: PUBLICATION, state: isPublished ? 'published' : 'draft' };
  return {
    ...documentBase(input, model.uid),
    model: model.modelName,
    locale: model.isLocalized ? 'en' : null,
    // An unpublished document is a draft again, sent as it last was.
    status: model.hasDraftAndPublish && verb !== 'publish' ? 'draft' : 'published',
    ...(model.hasDraftAndPublish ? { workflowState } : {}),
    ...changeOf(input, entry, model.mainField ?? model.attributes[0]?.name),
  };
}

/** Only a refusal has the verdicts of the endpoints. */
function workflowEvent(input: SampleInput): WebhookEvent {
  const transition = input.transition ?? TRANSITION;
  const isRefused = input.name === 'workflow.refused';
  const verdicts = isRefused ? { verdicts: transition.verdicts ?? [VERDICT] } : {};
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
      uid: event.uid ?? MODEL.uid,
      documentId: DOCUMENT_ID,
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
  const entry = group === 'component' ? COMPONENT : SCHEMA;
  const to = entry.attributes.title;
  const from = { type: to.type };
  const older = { ...entry, attributes: { title: from } };
  return {
    ...documentBase(input, entry.uid),
    documentId: null,
    entry,
    previous: verb === 'create' ? null : verb === 'update' ? older : entry,
    changes: verb === 'update' ? [{ field: 'attributes.title', from, to }] : [],
    actor: SYSTEM_ACTOR,
  };
}

function localeEvent(input: SampleInput): WebhookEvent {
  const names = { name: 'French (fr)', code: 'fr' };
  const entry = { id: 2, documentId: DOCUMENT_ID, ...names, ...datesOf(input.time) };
  return { ...documentBase(input, 'plugin::i18n.locale'), ...changeOf(input, entry, 'name') };
}

function releaseEvent(input: SampleInput): WebhookEvent {
  const event = documentBase(input, 'plugin::content-releases.release');
  const ready = {
    id: 3,
    documentId: DOCUMENT_ID,
    name: 'A sample release',
    releasedAt: null,
    scheduledAt: null,
    timezone: null,
    status: 'ready',
    ...datesOf(input.time),
  };
  if (input.name !== 'release.publish') return { ...event, ...changeOf(input, ready, 'name') };
  const entry = { ...ready, releasedAt: input.time, status: 'done' };
  const changes = [
    { field: 'releasedAt', from: null, to: input.time },
    { field: 'status', from: 'ready', to: 'done' },
  ];
  return { ...event, entry, previous: ready, changes };
}

function mediaEvent(input: SampleInput): WebhookEvent {
  const event = documentBase(input, 'plugin::upload.file');
  return { ...event, ...changeOf(input, sampleFile(input.time), 'alternativeText') };
}

const REASONS: Partial<Record<SampleName, string>> = {
  'webhook.failing': '5 attempts in a row failed.',
  'webhook.disabled': sentence('receiver-gone'),
};

function webhookEvent(input: SampleInput): WebhookEvent {
  const { verb: state } = traitsOf(input.name);
  const reason = REASONS[input.name] ?? null;
  return { ...base(input), entry: { id: DOCUMENT_ID, name: 'A sample webhook', state, reason } };
}

function replicationEvent(input: SampleInput): WebhookEvent {
  const { verb } = traitsOf(input.name);
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
      counts: isDone ? { [MODEL.uid]: 1 } : {},
      replicatedCount: isDone ? 1 : 0,
      replicatedIds: isDone ? { [MODEL.uid]: [DOCUMENT_ID] } : {},
      error: verb === 'failed' ? 'The destination did not accept the transfer token.' : null,
    },
  };
}

const DOCUMENT_ID = 'q1w2e3r4t5y6u7i8o9p0a1s2';

/** Shown where no content type is chosen. */
const MODEL: ContentTypeInfo = {
  uid: 'api::article.article',
  modelName: 'article',
  displayName: 'Article',
  kind: 'collectionType',
  hasDraftAndPublish: true,
  isLocalized: true,
  isHidden: false,
  mainField: 'title',
  attributes: [
    { name: 'title', type: 'string', isLocalized: true, isRepeatable: false },
    { name: 'slug', type: 'uid', isLocalized: true, isRepeatable: false },
    { name: 'body', type: 'richtext', isLocalized: true, isRepeatable: false },
  ],
};

/** The made-up article as its schema file would have it. */
const SCHEMA = {
  uid: MODEL.uid,
  kind: 'collectionType',
  collectionName: 'articles',
  info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
  options: { draftAndPublish: true },
  attributes: { title: { type: 'string', required: true } },
};

const COMPONENT = {
  uid: 'shared.seo',
  category: 'shared',
  collectionName: 'components_shared_seos',
  info: { displayName: 'SEO' },
  attributes: { title: { type: 'string', required: true } },
};

const TRANSITION: WorkflowFacts = {
  workflow: { id: DOCUMENT_ID, name: 'Editorial workflow' },
  command: { key: 'submit', name: 'Submit for review' },
  from: { key: 'draft', name: 'Draft', final: false },
  to: { key: 'in-review', name: 'In review', final: false },
  comment: 'Ready for a second pair of eyes.',
  dryRun: false,
};

const VERDICT: Verdict = {
  webhook: { id: DOCUMENT_ID, name: 'A sample validation' },
  kind: 'refused',
  mode: 'enforce',
  onError: 'refuse',
  message: 'A sample reason.',
  errors: [{ path: 'title', message: 'A sample message about the title.' }],
  warnings: [],
  durationMs: 120,
};

const sampleFile = (time: string): Row => ({
  id: 1,
  documentId: DOCUMENT_ID,
  name: 'sample.png',
  alternativeText: 'A sample image',
  caption: null,
  width: 640,
  height: 480,
  hash: 'sample_1f0a2b3c4d',
  ext: '.png',
  mime: 'image/png',
  size: 12.5,
  url: '/uploads/sample_1f0a2b3c4d.png',
  provider: 'local',
  ...datesOf(time),
});

/** A plausible value for every attribute. Strapi sets a `publishedAt` also without draft and publish. */
const sampleEntry = (model: ContentTypeInfo, time: string): Row => ({
  id: 1,
  documentId: DOCUMENT_ID,
  ...Object.fromEntries(
    model.attributes.map((attribute) => [attribute.name, sampleValue(attribute, time)]),
  ),
  ...titleOf(model),
  ...datesOf(time),
  publishedAt: model.hasDraftAndPublish ? null : time,
  locale: model.isLocalized ? 'en' : null,
});

const VALUES = new Map<string, (time: string) => unknown>([
  ['string', () => 'A sample text'],
  ['text', () => 'A sample text of some length.'],
  ['richtext', () => 'A **sample** text.'],
  ['blocks', () => [{ type: 'paragraph', children: [{ type: 'text', text: 'A sample text.' }] }]],
  ['email', () => 'someone@example.com'],
  ['uid', () => 'a-sample-title'],
  ['enumeration', () => 'sample'],
  ['integer', () => 1],
  ['biginteger', () => '1'],
  ['float', () => 1.5],
  ['decimal', () => 1.5],
  ['boolean', () => true],
  ['date', (time) => time.slice(0, 10)],
  ['time', (time) => time.slice(11, 23)],
  ['datetime', (time) => time],
  ['timestamp', (time) => time],
  ['json', () => ({ sample: true })],
  ['media', sampleFile],
  ['relation', () => ({ id: 1, documentId: DOCUMENT_ID })],
  ['component', () => ({ id: 1 })],
  ['dynamiczone', () => [{ __component: 'sample.component', id: 1 }]],
]);

function sampleValue(attribute: AttributeInfo, time: string): unknown {
  const value = VALUES.get(attribute.type)?.(time) ?? null;
  return attribute.isRepeatable ? [value] : value;
}

/** The main field is set only where it is text: a title in place of a number would be no sample. */
function titleOf({ attributes, mainField }: ContentTypeInfo): Row {
  const main = attributes.find(({ name }) => name === mainField);
  return main && ['string', 'text'].includes(main.type) ? { [main.name]: 'A sample title' } : {};
}
