/** Who moved which document when, and what the validations said. */
import { hidden } from './hidden';

const TABLE = 'workflow_webhooks_histories';

export const history = {
  schema: {
    kind: 'collectionType',
    collectionName: TABLE,
    info: { singularName: 'history', pluralName: 'histories', displayName: 'Workflow history' },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
    indexes: [{ name: `${TABLE}_place`, columns: ['uid', 'document', 'language'] }],
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
  },
};
