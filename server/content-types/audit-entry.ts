/** Who changed which webhook, authorization, workflow, schedule or replication. Names of fields alone: no value is ever written here. */
import { hidden } from './hidden';

const TABLE = 'workflow_webhooks_audit_entries';

export const auditEntry = {
  schema: {
    kind: 'collectionType',
    collectionName: TABLE,
    info: {
      singularName: 'audit-entry',
      pluralName: 'audit-entries',
      displayName: 'Audit entry',
    },
    options: { draftAndPublish: false },
    pluginOptions: hidden(),
    indexes: [{ name: `${TABLE}_subject`, columns: ['subject'] }],
    attributes: {
      subjectType: { type: 'string' },
      /** The document id, and the name it had then: entries outlive what they tell of. */
      subject: { type: 'string' },
      subjectName: { type: 'string' },
      action: { type: 'string' },
      at: { type: 'biginteger' },
      actor: { type: 'text' },
      fields: { type: 'text' },
    },
  },
};
