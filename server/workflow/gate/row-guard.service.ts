/**
 * What goes past the document service: rows that `strapi.db.query` or a lifecycle would publish, which no workflow could
 * see, and rows that are gone with a locale. `strapi.db.queryBuilder` and SQL run no lifecycles, and are out of sight.
 */
import type { Core } from '@strapi/strapi';
import type { Saves } from '../../capture/saves.service';
import { PUBLICATION } from '../../contract/workflow';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import { errors } from '../../strapi/error-classes';
import type { Flows } from '../definition/flows.service';
import type { Edits } from '../state/edits.service';
import type { Validations } from '../validation/calls.service';
import type { Clearances, Row } from './clearances.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  flows: Flows;
  validations: Validations;
  clearances: Clearances;
  saves: Saves;
  edits: Edits;
};
type Write = {
  model: { uid: string };
  params: { where?: unknown; data?: unknown };
  result?: Row | null;
};
type Written = Row & { publishedAt?: unknown };

/** Strapi reads everything but `null` as a date: 0 is 1970. */
const isPublishing = ({ publishedAt }: Written) =>
  publishedAt !== undefined && publishedAt !== null;

/** A row that is created without `publishedAt` gets the present time: Strapi's default for it. */
const isCreatedPublished = ({ publishedAt }: Written) => publishedAt !== null;

const writtenBy = ({ params: { data } }: Write): Written[] =>
  [data].flat().filter((row): row is Written => row !== null && typeof row === 'object');

const whyNot = {
  workflow: 'have a workflow',
  validation: 'are validated before they are published',
};

const publishedByQuery = (uid: string, why: keyof typeof whyNot) =>
  new errors.ApplicationError(
    `Documents of "${uid}" ${whyNot[why]}, so their publishedAt may not be written with strapi.db.query or in a lifecycle. Publish with strapi.documents('${uid}').publish(). To create a draft with strapi.db.query, write publishedAt: null: Strapi publishes what is created without it.`,
  );

export const createRowGuard = (options: Options) => {
  const { strapi, schemas, flows, validations, clearances, saves, edits } = options;

  const reasonFor = async (uid: string): Promise<keyof typeof whyNot | null> => {
    const model = schemas.watched(uid)?.model;
    if (!model || !hasDraftAndPublish(model)) return null;
    if (await flows.own(uid)) return 'workflow';
    const wish = { workflow: PUBLICATION, command: 'publish', uid };
    return (await validations.mayRefuse(wish)) ? 'validation' : null;
  };

  /** The reason is known without a query, so it comes first: most types have none. */
  const check = async (uid: string, isCleared: () => Promise<boolean>): Promise<void> => {
    const why = await reasonFor(uid);
    if (why && !(await isCleared())) throw publishedByQuery(uid, why);
  };

  const areCovered = async (uid: string, rows: readonly Row[]): Promise<boolean> => {
    for (const row of rows) if (!(await clearances.covers(uid, row))) return false;
    return true;
  };

  const beforeCreate = async (write: Write): Promise<void> => {
    const { uid } = write.model;
    const publishing = writtenBy(write).filter(isCreatedPublished);
    if (publishing.length > 0) await check(uid, () => areCovered(uid, publishing));
  };

  /** Strapi publishes by creating rows. An update may only give a published version another date. */
  const isOfPublished = async ({ model: { uid }, params: { where } }: Write): Promise<boolean> => {
    if (!clearances.isOpenFor(uid)) return false;
    const select = ['documentId', 'locale', 'publishedAt'];
    const rows: Written[] = await strapi.db.query(uid).findMany({ select, where });
    return rows.every(isPublishing) && (await areCovered(uid, rows));
  };

  const beforeUpdate = async (write: Write): Promise<void> => {
    if (writtenBy(write).some(isPublishing))
      await check(write.model.uid, () => isOfPublished(write));
  };

  const afterCreate = ({ model, params, result }: Write): void => {
    const isNew = (params.data as Written | undefined)?.documentId === undefined;
    if (isNew) clearances.noteCreated(model.uid, result?.documentId);
  };

  /** A deletion of many does not say which documents they were of. */
  const afterDelete = async ({ model: { uid }, result }: Write): Promise<void> => {
    const documentId = typeof result?.documentId === 'string' ? result.documentId : null;
    if (documentId !== null && saves.actsOn(uid, documentId)) return;
    await edits.forgetGone(uid, documentId === null ? null : [documentId]);
  };

  const guard = (models: string[]) => ({
    models,
    beforeCreate,
    beforeCreateMany: beforeCreate,
    beforeUpdate,
    beforeUpdateMany: beforeUpdate,
    afterCreate,
    afterDelete,
    afterDeleteMany: afterDelete,
  });

  const subscribe = (subscriber: unknown) =>
    strapi.db.lifecycles.subscribe(
      subscriber as Parameters<typeof strapi.db.lifecycles.subscribe>[0],
    );

  /**
   * The guard subscribes at the first write, and so behind every lifecycle that the project subscribed while it started:
   * it sees the row as the last of them left it. Strapi calls it for that first write, too.
   */
  return () => {
    const models = Object.keys(strapi.contentTypes).filter((uid) => schemas.watched(uid));
    let isSubscribed = false;
    const first = () => {
      if (isSubscribed) return;
      isSubscribed = true;
      subscribe(guard(models));
    };
    const writes = ['beforeCreate', 'beforeCreateMany', 'beforeUpdate', 'beforeUpdateMany'];
    const all = [...writes, 'beforeDelete', 'beforeDeleteMany'];
    subscribe({ models, ...Object.fromEntries(all.map((write) => [write, first])) });
  };
};
