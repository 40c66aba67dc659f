/**
 * What the plugin records about documents and settings. Content types and not plain tables, so that a data transfer takes
 * them along with the content.
 */
import { collectionType } from './collection-type';

/**
 * Where a document stands in its workflow: a row for each of its locales. A document without a row is in the initial
 * state.
 */
export const documentState = collectionType('document-state', {
  plural: 'document-states',
  title: 'Document state',
  indexes: [
    { name: 'place', columns: ['uid', 'document', 'language'], type: 'unique' },
    { name: 'state', columns: ['uid', 'language', 'state'] },
  ],
  attributes: {
    uid: { type: 'string' },
    document: { type: 'string' },
    /** Empty where the content type is not localized, because nulls are never equal in an index. */
    language: { type: 'string' },
    workflow: { type: 'string' },
    state: { type: 'string' },
    /** The last final state, and what the content was in it: that content may be published, and no other. */
    approvedState: { type: 'string' },
    fingerprint: { type: 'string' },
    /** Who runs a command right now. The lock expires by itself, in case the process dies. */
    token: { type: 'string' },
    lockedUntil: { type: 'biginteger' },
    lockedBy: { type: 'string' },
    lockedFor: { type: 'string' },
  },
});

/** Who moved which document when, and what the validations answered. */
export const history = collectionType('history', {
  plural: 'histories',
  title: 'Workflow history',
  indexes: [{ name: 'place', columns: ['uid', 'document', 'language'] }],
  attributes: {
    uid: { type: 'string' },
    document: { type: 'string' },
    language: { type: 'string' },
    workflow: { type: 'string' },
    at: { type: 'biginteger' },
    actor: { type: 'text' },
    command: { type: 'string' },
    commandName: { type: 'string' },
    fromState: { type: 'string' },
    fromName: { type: 'string' },
    toState: { type: 'string' },
    toName: { type: 'string' },
    comment: { type: 'text' },
    outcome: { type: 'string' },
    verdicts: { type: 'text' },
  },
});

/** Who changed which settings. Only names of fields: no value is ever written here. */
export const auditEntry = collectionType('audit-entry', {
  plural: 'audit-entries',
  title: 'Audit entry',
  indexes: [{ name: 'subject', columns: ['subject'] }],
  attributes: {
    subjectType: { type: 'string' },
    /** The document id, and the name that it had then: entries outlive their subject. */
    subject: { type: 'string' },
    subjectName: { type: 'string' },
    action: { type: 'string' },
    at: { type: 'biginteger' },
    actor: { type: 'text' },
    fields: { type: 'text' },
  },
});
