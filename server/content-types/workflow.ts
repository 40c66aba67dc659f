/** The workflows that administrators draw. */
import { hidden } from './hidden';

export const workflow = {
  schema: {
    kind: 'collectionType',
    collectionName: 'workflow_webhooks_workflows',
    info: { singularName: 'workflow', pluralName: 'workflows', displayName: 'Workflow' },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
    attributes: {
      name: { type: 'string', required: true },
      contentTypes: { type: 'json' },
      initialState: { type: 'string' },
      states: { type: 'json' },
      commands: { type: 'json' },
      /** Who saved these settings last: see storage/last-change. */
      lastChange: { type: 'text', private: true },
    },
  },
};
