/**
 * The plugin's content types: what administrators configure on its own pages, and what it records about documents and
 * settings. They are no plain tables, so that a data transfer takes them along with the content.
 */

/** The administrator who saved these settings last: see store/settings. */
const lastChange = { type: 'text', private: true };

const webhook = collectionType('webhook', {
  plural: 'webhooks',
  title: 'Webhook',
  attributes: {
    kind: { type: 'string', required: true },
    name: { type: 'string', required: true },
    description: { type: 'text' },
    enabled: { type: 'boolean', default: true },
    /** With the mask in place of each value of its query. */
    url: { type: 'text', required: true },
    /** The whole URL, encrypted; null if its query has no values. */
    urlSecret: { type: 'text', private: true },
    headers: { type: 'json' },
    serialization: { type: 'string' },
    format: { type: 'string' },
    /** The document id of the authorization: a data transfer keeps it, and changes the ids of rows. */
    authorization: { type: 'string' },
    signing: { type: 'string' },
    /** `[{ value: <encrypted>, until: <ms> | null, publicKey?: 'whpk_...' }]`, the newest first. */
    secrets: { type: 'json', private: true },
    events: { type: 'json' },
    contentTypes: { type: 'json' },
    /**
     * Keeps sending end users without naming their content type, because the webhook is older than that rule. Null in
     * rows that are older than this column, until the next start.
     */
    includesEndUsers: { type: 'boolean', default: false },
    locales: { type: 'json' },
    filter: { type: 'json' },
    maxAttempts: { type: 'integer' },
    rateLimit: { type: 'float' },
    ordered: { type: 'boolean', default: false },
    /** The document id of a workflow, "publication", or a review workflow's id with its prefix. */
    workflow: { type: 'string' },
    state: { type: 'string' },
    command: { type: 'string' },
    onError: { type: 'string' },
    mode: { type: 'string' },
    timeout: { type: 'integer' },
    lastChange,
  },
});

/** Credentials of endpoints. `fields` holds what is no secret, `secrets` the encrypted rest. */
const authorization = collectionType('authorization', {
  plural: 'authorizations',
  title: 'Authorization',
  attributes: {
    kind: { type: 'string', required: true },
    name: { type: 'string', required: true },
    description: { type: 'text' },
    fields: { type: 'json' },
    secrets: { type: 'json', private: true },
    lastChange,
  },
});

const workflow = collectionType('workflow', {
  plural: 'workflows',
  title: 'Workflow',
  attributes: {
    name: { type: 'string', required: true },
    contentTypes: { type: 'json' },
    initialState: { type: 'string' },
    states: { type: 'json' },
    commands: { type: 'json' },
    lastChange,
  },
});

/** The state of a document in its workflow, a row for each locale. A document without a row is in the initial state. */
const documentState = collectionType('document-state', {
  plural: 'document-states',
  title: 'Document state',
  indexes: [
    { name: 'place', columns: ['uid', 'document', 'language'], type: 'unique' },
    { name: 'state', columns: ['uid', 'language', 'state'] },
  ],
  attributes: {
    uid: { type: 'string' },
    document: { type: 'string' },
    /** Empty if the content type is not localized, because nulls are never equal in an index. */
    language: { type: 'string' },
    workflow: { type: 'string' },
    state: { type: 'string' },
    /** The last final state, and the fingerprint of the content in it: no other content may be published. */
    approvedState: { type: 'string' },
    fingerprint: { type: 'string' },
    /** The user who runs a command right now. The lock expires by itself, in case the process dies. */
    token: { type: 'string' },
    lockedUntil: { type: 'biginteger' },
    lockedBy: { type: 'string' },
    lockedFor: { type: 'string' },
  },
});

/** Who moved which document when, and what the validations answered. */
const history = collectionType('history', {
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
const auditEntry = collectionType('audit-entry', {
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

export default {
  webhook,
  authorization,
  'audit-entry': auditEntry,
  workflow,
  'document-state': documentState,
  history,
};

type Index = { name: string; columns: string[]; type?: 'unique' };
type Parts = { plural: string; title: string; attributes: object; indexes?: Index[] };

/** A content type that the Content Manager and the Content-Type Builder hide. */
function collectionType(singularName: string, parts: Parts) {
  const { plural: pluralName, title: displayName, attributes, indexes } = parts;
  const table = `workflow_webhooks_${pluralName.replaceAll('-', '_')}`;
  return {
    schema: {
      kind: 'collectionType',
      collectionName: table,
      info: { singularName, pluralName, displayName },
      options: { draftAndPublish: false },
      pluginOptions: {
        'content-manager': { visible: false },
        'content-type-builder': { visible: false },
      },
      ...(indexes && { indexes: indexes.map((one) => ({ ...one, name: `${table}_${one.name}` })) }),
      // A copy, because Strapi writes the name of the column into the attribute objects that it is given.
      attributes: structuredClone(attributes),
    },
  };
}
