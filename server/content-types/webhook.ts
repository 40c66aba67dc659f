/** The webhooks that administrators configure. Hidden from the content panels: they are managed in Settings. */
import { hidden } from './hidden';

export const webhook = {
  schema: {
    kind: 'collectionType',
    collectionName: 'workflow_webhooks_webhooks',
    info: { singularName: 'webhook', pluralName: 'webhooks', displayName: 'Webhook' },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
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
      /** The document id of the authorization: it outlives a data transfer, a row's id does not. */
      authorization: { type: 'string' },
      signing: { type: 'string' },
      /** `[{ value: <encrypted>, until: <ms> | null, publicKey?: 'whpk_...' }]`, the newest first. */
      secrets: { type: 'json', private: true },
      events: { type: 'json' },
      contentTypes: { type: 'json' },
      /**
       * Keeps sending end users without naming their content type, because the webhook is older than that rule. Null in
       * rows that are older than this column, until the next start: see webhooks/end-users.service.
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
      /** Who saved these settings last: see storage/last-change. */
      lastChange: { type: 'text', private: true },
    },
  },
};
