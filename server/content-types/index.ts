import { auditEntry } from './audit-entry';
import { authorization } from './authorization';
import { documentState } from './document-state';
import { history } from './history';
import { webhook } from './webhook';
import { workflow } from './workflow';

export default {
  webhook,
  authorization,
  'audit-entry': auditEntry,
  workflow,
  'document-state': documentState,
  history,
};
