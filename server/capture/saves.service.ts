/**
 * Before a save, only the links that it names are read: the others stay as they are, and are read after it with the whole
 * document. Links that lifecycles add to a save are read at the last moment before it is written.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { createContext } from '../strapi/requests.service';
import { subscribeToRows, type RowEvent } from '../strapi/database.service';
import { namedLinks } from '../strapi/model/row-plan';
import type { WatchedType } from '../strapi/model/schema.service';
import type { Row, Version } from './events';
import type { Reader } from './reader.service';

type Id = number | string;

/** A save under way. */
export type Save = {
  type: WatchedType;
  trx: Knex.Transaction;
  /** The links that were read before it; null is all. */
  links: ReadonlySet<string> | null;
  /** The links that were read late, by row. */
  late: Map<Id, Row>;
};

/** A document action under way. Its `save` is null if no webhook wants its events. */
type Action = { uid: string; documentId: string | undefined; save: Save | null };

export function createSaves(strapi: Core.Strapi, reader: Reader) {
  const current = createContext<Action>();
  let isListening = false;

  const beforeUpdate = async ({ model, params }: RowEvent): Promise<void> => {
    const save = current.get()?.save;
    const id = params.where?.id as Id | undefined;
    if (!save?.links || id === undefined || save.late.has(id)) return;
    if (save.type.model.uid !== model.uid) return;
    const links = linksAddedTo(save, params.data);
    if (links.size === 0) return;
    const rows = await reader.readLinks(save.type, [id], { trx: save.trx, links });
    for (const [owner, row] of rows) save.late.set(owner, row);
  };

  /** At the first save, and so after every lifecycle that the project subscribes while it starts. */
  const listen = () => {
    if (isListening) return;
    isListening = true;
    subscribeToRows(strapi, { beforeUpdate });
  };

  return {
    runAction: <T>(action: Action, work: () => Promise<T>): Promise<T> => {
      if (action.save?.links) listen();
      return current.run(action, work);
    },
    isUnderWay: (): boolean => current.get() !== undefined,
    /** Whether the document action under way is one on this document. Lifecycles may write others meanwhile. */
    actsOn: (uid: string, documentId: string): boolean => {
      const action = current.get();
      return action?.uid === uid && action.documentId === documentId;
    },
  };
}

export type Saves = ReturnType<typeof createSaves>;

function linksAddedTo({ type, links }: Save, data: Row | undefined): ReadonlySet<string> {
  const named = namedLinks(data, type.plan, type.model) ?? type.plan.links;
  return new Set([...named].filter((name) => links !== null && !links.has(name)));
}

/** The versions before a save, whole: the links that it did not name are those after it. */
export function completed(versions: Version[], now: Version[], save: Save): Version[] {
  const { links, late, type } = save;
  if (links === null) return versions;
  const unread = type.plan.links.filter((name) => !links.has(name));
  return versions.map((version) => {
    const { row } = now.find(({ id }) => id === version.id) ?? version;
    const untouched = Object.fromEntries(unread.map((name) => [name, row[name]]));
    return { ...version, row: { ...untouched, ...version.row, ...late.get(version.id) } };
  });
}
