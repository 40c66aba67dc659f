/**
 * Guards rows that are written without the document service: no workflow would see what `strapi.db.query` or a lifecycle
 * publishes, or which locale it deletes. `strapi.db.queryBuilder` and SQL run no lifecycles, so the guard misses them.
 */
import { createContext } from '../../strapi/requests.service';
import { PUBLICATION } from '../../contract/workflow';
import { rowsOf, subscribeToRows, type RowEvent } from '../../strapi/database.service';
import type { Locales } from '../../strapi/model/schema.service';
import { errors } from '../../strapi/errors';
import type { Edits } from './own-gate.service';
import type { Publications } from './publication.service';
import type { CommandParts } from '../workflow.service';

type Options = CommandParts & { clearances: Clearances; edits: Edits; publications: Publications };
type WrittenRow = { documentId?: unknown; locale?: unknown; publishedAt?: unknown };

const WHY_NOT = {
  workflow: 'have a workflow',
  validation: 'are validated before they are published',
};

const BEFORE_WRITES = ['beforeCreate', 'beforeCreateMany', 'beforeUpdate', 'beforeUpdateMany'];
const BEFORE_DELETES = ['beforeDelete', 'beforeDeleteMany'];

export function createRowGuard(options: Options) {
  const { strapi, schemas, validations, clearances, saves, edits, publications } = options;

  /** Asks for the guard first, which needs no query: most types have none. */
  async function check(uid: string, isCleared: () => Promise<boolean>): Promise<void> {
    const guard = await publications.guardOf(uid);
    if (guard === null) return;
    const wish = { workflow: PUBLICATION, command: 'publish', uid };
    if (guard === 'validation' && !(await validations.mayRefuse(wish))) return;
    if (!(await isCleared())) throw publishedByQuery(uid, WHY_NOT[guard]);
  }

  async function areCovered(uid: string, rows: readonly WrittenRow[]): Promise<boolean> {
    for (const row of rows) if (!(await clearances.covers(uid, row))) return false;
    return true;
  }

  async function beforeCreate(event: RowEvent): Promise<void> {
    const { uid } = event.model;
    // Strapi gives a row that is created without `publishedAt` the present time.
    const publishing = writtenRows(event).filter(({ publishedAt }) => publishedAt !== null);
    if (publishing.length > 0) await check(uid, () => areCovered(uid, publishing));
  }

  /** Strapi publishes by creating rows. An update may only give a published version another date. */
  async function isOfPublished({ model: { uid }, params: { where } }: RowEvent): Promise<boolean> {
    if (!clearances.isOpenFor(uid)) return false;
    const select = ['documentId', 'locale', 'publishedAt'];
    const rows = await rowsOf<WrittenRow>(strapi, uid).findMany({ select, where });
    return rows.every(isPublishing) && (await areCovered(uid, rows));
  }

  async function beforeUpdate(event: RowEvent): Promise<void> {
    if (writtenRows(event).some(isPublishing))
      await check(event.model.uid, () => isOfPublished(event));
  }

  function afterCreate({ model, params, result }: RowEvent): void {
    const isNew = (params.data as WrittenRow | undefined)?.documentId === undefined;
    if (isNew) clearances.noteCreated(model.uid, result?.documentId);
  }

  /** A deletion of many rows does not name their documents. */
  async function afterDelete({ model: { uid }, result }: RowEvent): Promise<void> {
    const documentId = typeof result?.documentId === 'string' ? result.documentId : null;
    if (documentId !== null && saves.actsOn(uid, documentId)) return;
    await edits.forgetGone(uid, documentId === null ? null : [documentId]);
  }

  const listeners = {
    beforeCreate,
    beforeCreateMany: beforeCreate,
    beforeUpdate,
    beforeUpdateMany: beforeUpdate,
    afterCreate,
    afterDelete,
    afterDeleteMany: afterDelete,
  };

  /**
   * The guard subscribes at the first write, and so behind every lifecycle that the project subscribed while it started:
   * it sees the row as the last of them left it. Strapi calls it for that first write, too.
   */
  return (): void => {
    const models = Object.keys(strapi.contentTypes).filter((uid) => schemas.watched(uid));
    let isSubscribed = false;
    const atFirstWrite = () => {
      if (isSubscribed) return;
      isSubscribed = true;
      subscribeToRows(strapi, { models, ...listeners });
    };
    const events = [...BEFORE_WRITES, ...BEFORE_DELETES].map((name) => [name, atFirstWrite]);
    subscribeToRows(strapi, { models, ...Object.fromEntries(events) });
  };
}

function writtenRows({ params: { data } }: RowEvent): WrittenRow[] {
  return [data].flat().filter((row): row is WrittenRow => row !== null && typeof row === 'object');
}

/** Strapi reads everything but `null` as a date: 0 is 1970. */
function isPublishing({ publishedAt }: WrittenRow): boolean {
  return publishedAt !== undefined && publishedAt !== null;
}

function publishedByQuery(uid: string, why: string): Error {
  return new errors.ApplicationError(
    `Documents of "${uid}" ${why}, so their publishedAt may not be written with strapi.db.query or in a lifecycle. Publish with strapi.documents('${uid}').publish(). To create a draft with strapi.db.query, write publishedAt: null: Strapi publishes what is created without it.`,
    { code: 'published-by-query', params: { uid } },
  );
}

type Clearance = {
  uid: string;
  /** Undefined for a document that the action itself creates. */
  documentId: string | undefined;
  locale: string | string[] | null | undefined;
};

/**
 * Holds the publication that the gate has let through. Only its rows may be written as published: the document, in the
 * locales that were checked, and nothing else that lifecycles write meanwhile.
 */
export function createClearances(locales: Locales) {
  const current = createContext<Clearance & { created: Set<unknown> }>();

  function run<T>(clearance: Clearance, work: () => Promise<T>): Promise<T> {
    return current.run({ ...clearance, created: new Set() }, work);
  }

  /** Notes a document that the publication creates: Strapi chooses its id. */
  function noteCreated(uid: string, documentId: unknown): void {
    const cleared = current.get();
    if (cleared?.uid === uid && cleared.documentId === undefined) cleared.created.add(documentId);
  }

  async function covers(uid: string, { documentId, locale }: WrittenRow): Promise<boolean> {
    const cleared = current.get();
    if (cleared?.uid !== uid || typeof documentId !== 'string') return false;
    if (cleared.documentId !== documentId && !cleared.created.has(documentId)) return false;
    const chosen = await locales.many(uid, cleared.locale);
    return chosen === undefined || chosen.includes(locale as string);
  }

  /** Whether rows of this type may be written as published at all. */
  function isOpenFor(uid: string): boolean {
    return current.get()?.uid === uid;
  }

  return { run, noteCreated, covers, isOpenFor };
}

export type Clearances = ReturnType<typeof createClearances>;
