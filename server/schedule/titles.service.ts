/** The titles of documents, as far as an administrator may read them; one query for each content type. */
import type { Core } from '@strapi/strapi';
import { hasDraftAndPublish } from '../schema/content-model';
import type { Schemas } from '../schema/schema.service';
import type { Requester } from '../workflow/editor/access.service';
import { keyOf, type Place } from '../workflow/state/place';

type Row = Record<string, unknown> & { documentId: string; locale?: string | null };
type Checker = {
  can: { read(entity?: object, field?: string): boolean };
  sanitizedQuery: { read(query: object): Promise<object> };
};
type PopulateBuilder = (uid: string) => {
  populateFromQuery(query: object): { build(): Promise<object> };
};

type Options = { strapi: Core.Strapi; schemas: Schemas };

const asText = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;

export const createTitles = ({ strapi, schemas }: Options) => {
  const contentManager = () => strapi.plugin('content-manager');

  const rowsOf = async (uid: string, documentIds: string[], checker: Checker): Promise<Row[]> => {
    const model = schemas.watched(uid)?.model;
    const builder = contentManager().service('populate-builder') as unknown as PopulateBuilder;
    // With what the conditions of their permissions look at.
    const populate = await builder(uid)
      .populateFromQuery(await checker.sanitizedQuery.read({}))
      .build();
    return strapi.db.query(uid as never).findMany({
      where: {
        documentId: { $in: documentIds },
        ...(model && hasDraftAndPublish(model) ? { publishedAt: null } : {}),
      },
      populate: populate as never,
    });
  };

  const ofType = async (
    uid: string,
    documentIds: string[],
    { userAbility }: Requester,
  ): Promise<[string, string | null][]> => {
    const field = (await schemas.infoOf(uid))?.mainField;
    if (!field) return [];
    const checker: Checker = contentManager()
      .service('permission-checker')
      .create({ userAbility, model: uid });
    if (!checker.can.read()) return [];
    return (await rowsOf(uid, documentIds, checker))
      .filter((row) => checker.can.read(row, field))
      .map((row) => {
        const place = { uid, documentId: row.documentId, locale: row.locale ?? null };
        return [keyOf(place), asText(row[field])];
      });
  };

  /** In the order of the places; null where there is none that they may read. */
  const readable = async (places: Place[], requester: Requester): Promise<(string | null)[]> => {
    const idsOf = (uid: string) =>
      places.filter((place) => place.uid === uid).map(({ documentId }) => documentId);
    const uids = [...new Set(places.map(({ uid }) => uid))];
    const found = await Promise.all(
      uids.map((uid) => ofType(uid, [...new Set(idsOf(uid))], requester)),
    );
    const titles = new Map(found.flat());
    return places.map((place) => titles.get(keyOf(place)) ?? null);
  };

  return { readable };
};
