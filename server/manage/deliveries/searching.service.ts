/** Finds what people type into the search of the log: titles, as far as they may read them, and ids. */
import type { Core } from '@strapi/strapi';
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { Schemas } from '../../strapi/model/schema.service';

type Options = { strapi: Core.Strapi; schemas: Schemas; reading: Reading };

/** Of each content type: more than a page of results, fewer than a statement takes. */
const MOST_DOCUMENTS = 500;
/** Of all: a statement takes a limited number of values. */
const MOST_IN_ALL = 5000;

/** Filters whose search was looked up. */
export type Found<Filters extends { search?: string }> = Omit<Filters, 'search'> & {
  search?: { text: string; documentIds: readonly string[] };
};

export const createSearching = ({ strapi, schemas, reading }: Options) => {
  /** Titles are read where documents are: the log keeps none, so that it never shows one that may not be read. */
  const documentsTitled = async (text: string, requester: Requester): Promise<string[]> => {
    const by = reading.by(requester);
    const found: string[] = [];
    for (const uid of Object.keys(strapi.contentTypes)) {
      const info = by.mayReadSome(uid) ? await schemas.infoOf(uid) : null;
      if (!info?.mainField) continue;
      const wish = { field: info.mainField, text, limit: MOST_DOCUMENTS };
      found.push(...(await by.containing(uid, wish)));
    }
    return found.slice(0, MOST_IN_ALL);
  };

  return async <Filters extends { search?: string }>(
    { search: text, ...filters }: Filters,
    requester: Requester,
  ): Promise<Found<Filters>> =>
    text === undefined
      ? filters
      : {
          ...filters,
          search: { text, documentIds: await documentsTitled(text, requester) },
        };
};

export type Searched = ReturnType<typeof createSearching>;
