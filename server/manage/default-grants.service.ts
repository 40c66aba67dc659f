/**
 * Gives Strapi's default roles that may publish the permissions of schedules: once in an installation, new or upgraded.
 * A permission that an administrator takes away later stays away.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PERMISSIONS, permissionUid } from '../contract/names';
import { GRANT_NAME } from '../store/models';
import { createTables } from '../store/tables.service';
import { roleServiceOf, type RoleService } from '../strapi/admin.service';
import { rowsOf } from '../strapi/database.service';

type Role = { id: number; permissions: { action: string }[] };

/** The super administrator has all permissions; a project's own roles are its administrators' business. */
const DEFAULT_ROLES = ['strapi-editor', 'strapi-author'];

const PUBLISH = 'plugin::content-manager.explorer.publish';
const SCHEDULE_ACTIONS: readonly string[] = PERMISSIONS.filter(
  ({ subject }) => subject === 'schedule',
).map(({ name }) => permissionUid(name));

const GRANT = { name: 'schedule' };

/**
 * To be called when plugins bootstrap. On an empty database the roles do not exist yet: Strapi creates them afterwards, and
 * then resets the permissions of the super administrator. That is the first moment at which roles can get permissions.
 */
export function giveDefaultGrants(strapi: Core.Strapi): void {
  const roleService = roleServiceOf(strapi);
  const hook = roleService.hooks?.willResetSuperAdminPermissions;
  if (!hook) {
    strapi.log.warn(
      'workflow-webhooks: this version of Strapi does not say when it has created its roles. Give roles that may publish the permissions of schedules under Settings > Roles.',
    );
    return;
  }
  hook.register(async (permissions) => {
    await give(strapi, roleService).catch((error: Error) =>
      strapi.log.error(
        `workflow-webhooks: the default roles were not given the permissions of schedules; the next start tries again: ${error.stack}`,
      ),
    );
    return permissions;
  });
}

/** A project without content types has no role that may publish yet; a later start gives the permissions then. */
async function give(strapi: Core.Strapi, roleService: RoleService): Promise<void> {
  const tables = createTables(strapi);
  const grants = (trx: Knex.Transaction) => tables.on<{ name: string }>(GRANT_NAME)(trx);
  const isGiven = async (trx: Knex.Transaction) =>
    (await grants(trx).where(GRANT).first()) !== undefined;
  try {
    await tables.transaction(async (trx) => {
      if (await isGiven(trx)) return;
      const roles = await publishingRoles(strapi);
      if (roles.length === 0) return;
      await grants(trx).insert(GRANT);
      for (const role of roles) await giveTo(role, roleService);
    });
  } catch (error) {
    // Another instance was first: the name is unique.
    if (!(await tables.transaction(isGiven))) throw error;
  }
}

async function publishingRoles(strapi: Core.Strapi): Promise<Role[]> {
  const roles = await rowsOf<Role>(strapi, 'admin::role').findMany({
    where: { code: { $in: DEFAULT_ROLES } },
    populate: ['permissions'],
  });
  return roles.filter(({ permissions }) => permissions.some(({ action }) => action === PUBLISH));
}

async function giveTo({ id, permissions }: Role, roleService: RoleService): Promise<void> {
  const held = new Set(permissions.map(({ action }) => action));
  const missing = SCHEDULE_ACTIONS.filter((action) => !held.has(action));
  await roleService.addPermissions(
    id,
    missing.map((action) => ({ action })),
  );
}
