/** Services of @strapi/admin that the plugin uses: encryption, the permissions of roles, and the roles themselves. */
import type { Core } from '@strapi/strapi';

type Encryption = {
  /** Null without a key. */
  encrypt(text: string): string | null;
  /** Null without a key, or with another one. Throws for a format that it does not know. */
  decrypt(encrypted: string): string | null;
};

/**
 * AES-256-GCM, keyed by `admin.secrets.encryptionKey`. Breaks if Strapi renames the service, or encrypts in a format that
 * `store/secrets/cipher` cannot read.
 */
export const encryptionOf = (strapi: Core.Strapi): Encryption =>
  strapi.service('admin::encryption') as Encryption;

/** A permission as Settings > Roles shows it. */
type PermissionAction = {
  section: 'plugins';
  displayName: string;
  subCategory: string;
  uid: string;
  pluginName: string;
};

/** Documented by Strapi. */
export const registerPermissions = (
  strapi: Core.Strapi,
  actions: PermissionAction[],
): Promise<unknown> => strapi.service('admin::permission').actionProvider.registerMany(actions);

type Hook = { register(act: (permissions: unknown) => Promise<unknown>): unknown };
export type RoleService = {
  addPermissions(roleId: number, permissions: { action: string }[]): Promise<unknown>;
  /** Runs after Strapi has created its roles, on the first start of a database. Breaks if Strapi drops the hook. */
  hooks?: { willResetSuperAdminPermissions?: Hook };
};

export const roleServiceOf = (strapi: Core.Strapi): RoleService =>
  strapi.service('admin::role') as RoleService;
