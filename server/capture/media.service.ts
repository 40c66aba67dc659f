/**
 * Hears what happens to files. The upload plugin writes them past the document service and outside a transaction, so
 * their repository is given one, and a lifecycle subscriber records inside it.
 */
import type { Core } from '@strapi/strapi';
import type { EventName } from '../contract/catalogue';
import type { Actor } from '../contract/event';
import type { Schemas } from '../schema/schema.service';
import type { Row } from './change';
import { changesOf } from './changes';
import type { Happening } from './events-of';
import type { Recorder } from './recorder.service';

const UID = 'plugin::upload.file';
const WRITES = ['create', 'update', 'delete'] as const;

type Options = { strapi: Core.Strapi; schemas: Schemas; recorder: Recorder; actor(): Actor };
type Lifecycle = {
  params: { where?: unknown };
  result?: Row | null;
  state: Record<string, unknown>;
};

export const createMediaCapture = ({ strapi, schemas, recorder, actor }: Options) => {
  const type = schemas.watched(UID);
  const visible = (row: Row): Row => type?.visible(row) ?? {};
  const isWanted = (name: EventName) => recorder.isWanted({ names: [name], uid: UID });

  const happening = (name: EventName, entry: Row, previous: Row | null): Happening => ({
    name,
    uid: UID,
    model: 'file',
    documentId: (entry.documentId as string | undefined) ?? null,
    locale: null,
    status: null,
    entry,
    previous,
    changes:
      previous && type && name === 'media.update' ? changesOf(previous, entry, type.model) : [],
    actor: actor(),
  });

  const afterCreate = async ({ result }: Lifecycle) => {
    if (result && (await isWanted('media.create')))
      await recorder.record([happening('media.create', visible(result), null)]);
  };

  const beforeUpdate = async ({ params, state }: Lifecycle) => {
    if (await isWanted('media.update'))
      state.previous = await strapi.db.query(UID).findOne({ where: params.where });
  };

  const afterUpdate = async ({ result, state }: Lifecycle) => {
    if (!result || !state.previous) return;
    const event = happening('media.update', visible(result), visible(state.previous as Row));
    if (event.changes.length > 0) await recorder.record([event]);
  };

  const afterDelete = async ({ result }: Lifecycle) => {
    if (!result || !(await isWanted('media.delete'))) return;
    const entry = visible(result);
    await recorder.record([happening('media.delete', entry, entry)]);
  };

  /** Each write of a file and the storing of its event commit together. Undocumented ground: a test stands on it. */
  const giveTransactions = () => {
    const repository = strapi.db.query(UID) as unknown as Record<
      string,
      (params: unknown) => Promise<unknown>
    >;
    for (const write of WRITES) {
      const original = repository[write];
      if (original) repository[write] = (params) => strapi.db.transaction(() => original(params));
    }
  };

  return () => {
    giveTransactions();
    strapi.db.lifecycles.subscribe({
      models: [UID],
      afterCreate,
      beforeUpdate,
      afterUpdate,
      afterDelete,
    } as unknown as Parameters<typeof strapi.db.lifecycles.subscribe>[0]);
  };
};
