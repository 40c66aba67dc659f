/** What administrators configure on the plugin's own pages. */
import { collectionType } from './collection-type';

/** Who saved these settings last: see store/settings. */
const lastChange = { type: 'text', private: true };

export const webhook = collectionType('webhook', {
  plural: 'webhooks',
  title: 'Webhook',
  attributes: {
    kind: { type: 'string', required: true },
    name: { type: 'string', required: true },
    description: { type: 'text' },
    enabled: { type: 'boolean', default: true },
    /** With the mask in place of each value of its query. */
    url: { type: 'text', required: true },
    /** The whole URL, encrypted; null where its query has no values. */
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
export const authorization = collectionType('authorization', {
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

export const workflow = collectionType('workflow', {
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
