/**
 * A save reads of the row before it only what it names: the rest stays as it is, and is read after it with the whole
 * document. What lifecycles add to a save on its way is read at the last moment before it is written.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { namedLinks } from '../strapi/model/row-plan';
import type { WatchedType } from '../strapi/model/schema.service';
import type { Row, Version } from './change';
import type { Reader } from './reader.service';

type Id = number | string;

/** A save under way. */
export type Save = {
  type: WatchedType;
  trx: Knex.Transaction;
  /** The links that were read before it; null is all. */
  links: ReadonlySet<string> | null;
  /** By row, what was read late. */
  late: Map<Id, Row>;
};

/** A document action under way. Its `save` is null where nobody wants to know of it. */
type Action = { uid: string; documentId: string | undefined; save: Save | null };

type UpdateEvent = { model: { uid: string }; params: { where?: { id?: Id }; data?: Row } };

/** The versions before a save, whole: with what it did not name as it stands after it. */
export const completed = (
  versions: Version[],
  now: Version[],
  { links, late, type }: Save,
): Version[] => {
  if (links === null) return versions;
  const unread = type.plan.links.filter((name) => !links.has(name));
  return versions.map((version) => {
    const { row } = now.find(({ id }) => id === version.id) ?? version;
    const untouched = Object.fromEntries(unread.map((name) => [name, row[name]]));
    return { ...version, row: { ...untouched, ...version.row, ...late.get(version.id) } };
  });
};

export const createSaves = (strapi: Core.Strapi, reader: Reader) => {
  const current = new AsyncLocalStorage<Action>();
  let isListening = false;

  const addedTo = ({ type, links }: Save, data: Row | undefined): ReadonlySet<string> => {
    const named = namedLinks(data, type.plan, type.model) ?? type.plan.links;
    return new Set([...named].filter((name) => links !== null && !links.has(name)));
  };

  const beforeUpdate = async ({ model, params }: UpdateEvent) => {
    const save = current.getStore()?.save;
    const id = params.where?.id;
    if (!save?.links || id === undefined || save.late.has(id)) return;
    if (save.type.model.uid !== model.uid) return;
    const links = addedTo(save, params.data);
    if (links.size === 0) return;
    const rows = await reader.readLinks(save.type, [id], { trx: save.trx, links });
    for (const [owner, row] of rows) save.late.set(owner, row);
  };

  /** When the first save comes, and so behind every lifecycle that the project subscribed while it started. */
  const listen = () => {
    if (isListening) return;
    isListening = true;
    const subscriber = { beforeUpdate } as unknown;
    strapi.db.lifecycles.subscribe(
      subscriber as Parameters<typeof strapi.db.lifecycles.subscribe>[0],
    );
  };

  const run = <T>(action: Action, work: () => Promise<T>): Promise<T> => {
    if (action.save?.links) listen();
    return current.run(action, work);
  };

  /** Whether the document action under way is one on this document. Lifecycles may write others meanwhile. */
  const actsOn = (uid: string, documentId: string): boolean => {
    const action = current.getStore();
    return action?.uid === uid && action.documentId === documentId;
  };

  return { run, actsOn };
};

export type Saves = ReturnType<typeof createSaves>;
