/** Reads what a body tells beside its event: the content type, the project's default locale, the account of who did it. */
import type { Core } from '@strapi/strapi';
import type { Actor, WebhookEvent } from '../contract/event';
import { END_USER } from '../strapi/model/content-model';
import type { Schemas } from '../strapi/model/schema.service';
import type { Background } from './formats/formats';
import { accountName } from './formats/sitecore/values';

type Account = { email?: string | null; username?: string | null } | null;

export const createBackground = (strapi: Core.Strapi, schemas: Schemas) => {
  const find = async (uid: string, id: Actor['id'], select: string[]): Promise<Account> =>
    id !== null && uid in strapi.contentTypes
      ? strapi.db.query(uid).findOne({ where: { id }, select })
      : null;

  /** Undefined where the account was deleted meanwhile. */
  const knownName = async ({ type, id }: Actor): Promise<string | undefined> => {
    if (type === 'admin') {
      const account = await find('admin::user', id, ['email', 'username']);
      return account?.email ?? account?.username ?? undefined;
    }
    if (type !== 'user') return undefined;
    // Not the e-mail address: an end user's account has a unique name.
    return (await find(END_USER, id, ['username']))?.username ?? undefined;
  };

  return async ({ uid, actor, account }: WebhookEvent): Promise<Background> => ({
    model: uid === null ? null : await schemas.infoOf(uid),
    defaultLocale: (await schemas.defaultLocale()) ?? undefined,
    account: account ?? accountName(actor, await knownName(actor)),
  });
};

export type ReadBackground = ReturnType<typeof createBackground>;
