/** The webhooks that administrators configure. Hidden from the content panels: they are managed in Settings. */
const hidden = {
  'content-manager': { visible: false },
  'content-type-builder': { visible: false },
};

export const webhook = {
  schema: {
    kind: 'collectionType',
    collectionName: 'workflow_webhooks_webhooks',
    info: { singularName: 'webhook', pluralName: 'webhooks', displayName: 'Webhook' },
    options: { draftAndPublish: false },
    pluginOptions: hidden,
    attributes: {
      kind: { type: 'string', required: true },
      name: { type: 'string', required: true },
      description: { type: 'text' },
      enabled: { type: 'boolean', default: true },
      url: { type: 'text', required: true },
      headers: { type: 'json' },
      serialization: { type: 'string' },
      format: { type: 'string' },
      /** The document id of the authorization: it outlives a data transfer, a row's id does not. */
      authorization: { type: 'string' },
      signing: { type: 'string' },
      /** `[{ value: <encrypted>, until: <ms> | null }]`, the newest first. */
      secrets: { type: 'json', private: true },
      events: { type: 'json' },
      contentTypes: { type: 'json' },
      locales: { type: 'json' },
      filter: { type: 'json' },
      maxAttempts: { type: 'integer' },
    },
  },
};
