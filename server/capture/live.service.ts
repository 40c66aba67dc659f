/** Whether visitors see a document: there is a published version of it, in the transaction that is open. */
import type { Core } from '@strapi/strapi';

type Place = { uid: string; documentId: string; locale: string | null };

export const createLive =
  (strapi: Core.Strapi) =>
  async ({ uid, documentId, locale }: Place): Promise<boolean> => {
    const where = { documentId, ...(locale === null ? {} : { locale }) };
    const published = { where: { ...where, publishedAt: { $notNull: true } }, select: ['id'] };
    return (await strapi.db.query(uid as never).findOne(published as never)) !== null;
  };

export type Live = ReturnType<typeof createLive>;
