/** The validation event of the docs' samples, with its content type and webhook. */
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WebhookEvent } from '../../../server/contract/event';
import type { BodyWebhook } from '../../../server/send/formats/formats';

const DOCUMENT_ID = 'z7v8zma0k4i2w2h6yr7bnbrk';

export const pageModel: ContentTypeInfo = {
  uid: 'api::page.page',
  modelName: 'page',
  displayName: 'Page',
  kind: 'collectionType',
  hasDraftAndPublish: true,
  isLocalized: true,
  isHidden: false,
  mainField: 'title',
  attributes: [
    { name: 'title', type: 'string', isLocalized: true, isRepeatable: false },
    { name: 'path', type: 'string', isLocalized: false, isRepeatable: false },
  ],
};

/** A page that is about to be approved. */
export const validationEvent: WebhookEvent = {
  id: 'evt_019aa8c7d1e27b3f8a04c5e6f7081920',
  name: 'workflow.validation',
  time: '2026-11-21T18:12:03.341Z',
  uid: pageModel.uid,
  model: 'page',
  documentId: DOCUMENT_ID,
  locale: 'en',
  status: 'draft',
  entry: { id: 7, documentId: DOCUMENT_ID, title: 'Home', path: '/', locale: 'en' },
  previous: { id: 8, documentId: DOCUMENT_ID, title: 'Welcome', path: '/', locale: 'en' },
  changes: [{ field: 'title', from: 'Welcome', to: 'Home' }],
  actor: { type: 'admin', id: 1, name: 'Ada' },
  transition: {
    workflow: { id: 'lbium3r74r7qgkgmu2px94kz', name: 'Simple Page Workflow' },
    command: { key: 'approve', name: 'Approve' },
    from: { key: 'awaiting-approval', name: 'Awaiting approval', final: false },
    to: { key: 'approved', name: 'Approved', final: true },
    comment: 'Approved!',
    dryRun: false,
  },
};

/** The webhook of the validation. */
export const validationWebhook: BodyWebhook = {
  id: 'xa3pbcqnjgglb38a1io2oev2',
  name: 'House style',
  kind: 'validation',
  on: 'command',
};
