/**
 * Where a document stands in its workflow, one row for each of its locales. A content type and not a plain table, so that
 * a data transfer takes the states along with the content. Without a row, a document is in the initial state.
 */
import { hidden } from './hidden';

const TABLE = 'workflow_webhooks_document_states';

export const documentState = {
  schema: {
    kind: 'collectionType',
    collectionName: TABLE,
    info: {
      singularName: 'document-state',
      pluralName: 'document-states',
      displayName: 'Document state',
    },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
    indexes: [
      { name: `${TABLE}_place`, columns: ['uid', 'document', 'language'], type: 'unique' },
      { name: `${TABLE}_state`, columns: ['uid', 'language', 'state'] },
    ],
    attributes: {
      uid: { type: 'string' },
      document: { type: 'string' },
      /** Empty where the content type is not localized, since nulls are never equal in an index. */
      language: { type: 'string' },
      workflow: { type: 'string' },
      state: { type: 'string' },
      /** The last final state, and what the content was in it: that content may be published, and no other. */
      approvedState: { type: 'string' },
      fingerprint: { type: 'string' },
      /** Who runs a command right now. Runs out by itself, in case the process does. */
      token: { type: 'string' },
      lockedUntil: { type: 'biginteger' },
      lockedBy: { type: 'string' },
      lockedFor: { type: 'string' },
    },
  },
};
