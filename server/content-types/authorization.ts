/** Credentials of endpoints. `fields` holds what is no secret, `secrets` the encrypted rest. */
import { hidden } from './hidden';

export const authorization = {
  schema: {
    kind: 'collectionType',
    collectionName: 'workflow_webhooks_authorizations',
    info: {
      singularName: 'authorization',
      pluralName: 'authorizations',
      displayName: 'Authorization',
    },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
    attributes: {
      kind: { type: 'string', required: true },
      name: { type: 'string', required: true },
      description: { type: 'text' },
      fields: { type: 'json' },
      secrets: { type: 'json', private: true },
      /** Who saved these settings last: see storage/last-change. */
      lastChange: { type: 'text', private: true },
    },
  },
};
