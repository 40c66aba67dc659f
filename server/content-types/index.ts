import { auditEntry, documentState, history } from './records';
import { authorization, webhook, workflow } from './settings';

export default {
  webhook,
  authorization,
  'audit-entry': auditEntry,
  workflow,
  'document-state': documentState,
  history,
};
