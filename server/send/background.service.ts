/** Reads the facts that a body holds besides its event: the content type, the project's default locale, the actor's account. */
import type { Core } from '@strapi/strapi';
import type { Actor, WebhookEvent } from '../contract/event';
import { END_USER } from '../strapi/model/content-model';
import type { Schemas } from '../strapi/model/schema.service';
import type { Background } from './formats/formats';
import { accountName } from './formats/sitecore/values';
import { rowsOf } from '../strapi/database.service';

export type ReadBackground = ReturnType<typeof createBackground>;

export const createBackground =
  (strapi: Core.Strapi, schemas: Schemas) =>
  async ({ uid, actor, account }: WebhookEvent): Promise<Background> => ({
    model: uid === null ? null : await schemas.infoOf(uid),
    defaultLocale: (await schemas.defaultLocale()) ?? undefined,
    account: account ?? accountName(actor, await knownName(strapi, actor)),
  });

type Account = { email?: string | null; username?: string | null } | null;

/** Undefined where the account was deleted meanwhile. */
async function knownName(strapi: Core.Strapi, { type, id }: Actor): Promise<string | undefined> {
  const find = async (uid: string, select: string[]): Promise<Account> =>
    id !== null && uid in strapi.contentTypes
      ? rowsOf<NonNullable<Account>>(strapi, uid).findOne({ where: { id }, select })
      : null;
  if (type === 'admin') {
    const account = await find('admin::user', ['email', 'username']);
    return account?.email ?? account?.username ?? undefined;
  }
  // Not the e-mail address: an end user's account has a unique name.
  const account = type === 'user' ? await find(END_USER, ['username']) : null;
  return account?.username ?? undefined;
}
