/** Creates administrators and tokens with Strapi's own services. Each function is sent to the child process. */

/** The super administrator of the demo and the tests. For development only. */
export const SUPER_ADMIN = { email: 'admin@example.com', password: 'Playground1' };

export type PermissionInput = {
  action: string;
  subject?: string | null;
  properties?: Record<string, unknown>;
  conditions?: string[];
};

/**
 * Creates the administrator, unless an earlier start did. The stored password has 4 rounds of bcrypt instead of 10: almost
 * every test logs in, which took 0.15 s of CPU time each.
 */
export async function makeSuperAdmin(strapi: any, account: { email: string; password: string }) {
  const users = strapi.service('admin::user');
  if (await users.exists({ email: account.email })) return;
  const role = await strapi.service('admin::role').getSuperAdmin();
  await users.create({
    ...account,
    firstname: 'Ada',
    lastname: 'Admin',
    isActive: true,
    registrationToken: null,
    roles: [role.id],
  });
  const { email } = account;
  const password = require('bcryptjs').hashSync(account.password, 4);
  await strapi.db.query('admin::user').update({ where: { email }, data: { password } });
}

/** Creates an administrator with one of Strapi's roles (by code), or with a new role with these permissions. */
export async function makeAdmin(
  strapi: any,
  account: { email: string; password: string; role: string | PermissionInput[] },
): Promise<{ id: number }> {
  const roles = strapi.service('admin::role');
  const named = async (code: string) => {
    const found = await roles.findOne({ code });
    if (!found) throw new Error(`There is no role "${code}": try strapi-editor or strapi-author.`);
    return found;
  };
  const made = async (permissions: PermissionInput[]) => {
    const role = await roles.create({ name: `Role of ${account.email}`, description: 'Of a test' });
    await roles.assignPermissions(role.id, permissions);
    return role;
  };
  const role = await (typeof account.role === 'string' ? named(account.role) : made(account.role));
  const user = await strapi.service('admin::user').create({
    email: account.email,
    password: account.password,
    firstname: 'Test',
    lastname: 'Admin',
    isActive: true,
    registrationToken: null,
    roles: [role.id],
  });
  return { id: user.id };
}

/** Creates a token with full access to the content API. */
export async function makeApiToken(strapi: any): Promise<string> {
  const token = await strapi.service('admin::api-token').create({
    name: `full access ${process.hrtime.bigint()}`,
    description: 'Of a test',
    type: 'full-access',
    lifespan: null,
  });
  return token.accessKey;
}
