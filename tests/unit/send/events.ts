/** The events, webhooks and models that the tests of the request room share. */
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WebhookEvent, WorkflowFacts } from '../../../server/contract/event';
import type { Verdict } from '../../../server/contract/document';
import type { BodyWebhook } from '../../../server/send/formats/formats';

export const TIME = '2026-11-21T18:12:03.341Z';
export const DOCUMENT_ID = 'k7f2m9x4q1w8e5r3t6y0u2i4';

export const articleModel: ContentTypeInfo = {
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
    { name: 'rank', type: 'integer', isLocalized: false, isRepeatable: false },
    { name: 'tags', type: 'relation', isLocalized: false, isRepeatable: true },
  ],
};

export const articleEntry = {
  id: 7,
  documentId: DOCUMENT_ID,
  title: 'New',
  rank: 3,
  tags: [{ id: 1, documentId: 'tag1' }],
  createdAt: '2026-01-02T03:04:05.678Z',
  locale: 'en',
};

export const articleEvent = (changed: Partial<WebhookEvent> = {}): WebhookEvent => ({
  id: 'evt_1',
  name: 'entry.update',
  time: TIME,
  uid: articleModel.uid,
  model: 'article',
  documentId: DOCUMENT_ID,
  locale: 'en',
  status: 'draft',
  entry: articleEntry,
  previous: { ...articleEntry, title: 'Old' },
  changes: [{ field: 'title', from: 'Old', to: 'New' }],
  actor: { type: 'admin', id: 1, name: 'Ada' },
  ...changed,
});

export const mediaEvent = (changed: Partial<WebhookEvent> = {}): WebhookEvent =>
  articleEvent({
    name: 'media.create',
    uid: 'plugin::upload.file',
    model: 'file',
    documentId: 'file1',
    locale: null,
    status: null,
    entry: { id: 3, documentId: 'file1', name: 'cat.png', url: '/uploads/cat.png' },
    previous: null,
    changes: [],
    ...changed,
  });

export const webhookEvent = (changed: Partial<WebhookEvent> = {}): WebhookEvent =>
  articleEvent({
    name: 'webhook.failing',
    uid: null,
    model: null,
    documentId: null,
    locale: null,
    status: null,
    entry: { id: '9', name: 'Search index' },
    previous: null,
    changes: [],
    actor: { type: 'system', id: null, name: null },
    ...changed,
  });

export const webhook: BodyWebhook = { id: '1', name: 'Shop', kind: 'event', on: null };

export const transition: WorkflowFacts = {
  workflow: { id: 'wf1', name: 'Simple Page Workflow' },
  command: { key: 'submit', name: 'Submit' },
  from: { key: 'draft', name: 'Draft', final: false },
  to: { key: 'approved', name: 'Approved', final: true },
  comment: 'Approved!',
  dryRun: false,
};

export const verdict: Verdict = {
  webhook: { id: '2', name: 'Spelling' },
  kind: 'refused',
  mode: 'enforce',
  onError: 'refuse',
  message: 'Two words are wrong.',
  errors: [{ path: 'title', message: 'Teh' }],
  warnings: ['A long title.'],
  durationMs: 12,
};

export const transitionEvent = (
  changed: Partial<WorkflowFacts> = {},
  name = 'workflow.transition',
): WebhookEvent => articleEvent({ name, transition: { ...transition, ...changed } });
