/** The plugin's id, the mask of secrets, and the permissions under Settings > Roles. */
export const PLUGIN_ID = 'workflow-webhooks';

/** Answers show it in place of a stored secret. Sent back, it means "keep what is stored". */
export const MASK = '********';

const SUBJECTS = {
  webhook: ['read', 'create', 'update', 'delete', 'test'],
  authorization: ['read', 'create', 'update', 'delete'],
  delivery: ['read', 'resend'],
  audit: ['read'],
  workflow: ['read', 'create', 'update', 'delete', 'bypass'],
  schedule: ['read', 'create', 'update', 'delete'],
  replication: ['read', 'create', 'update', 'delete', 'run'],
} as const;

type Subjects = typeof SUBJECTS;
export type PermissionName = {
  [Subject in keyof Subjects]: `${Subject}.${Subjects[Subject][number]}`;
}[keyof Subjects];

export const permissionUid = (name: PermissionName) => `plugin::${PLUGIN_ID}.${name}` as const;

/** Every permission, in the order in which Settings > Roles shows them. */
export const PERMISSIONS = Object.entries(SUBJECTS).flatMap(([subject, actions]) =>
  actions.map((action) => ({ subject, action, name: `${subject}.${action}` as PermissionName })),
);
