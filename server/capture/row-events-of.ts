/** Names what was done to files. Pure. */
import type { Actor } from '../contract/event';
import type { ContentModel } from '../schema/content-model';
import { changesOf } from './changes';
import type { Version } from './change';
import type { Happening } from './events-of';

export type FileWrite = 'create' | 'update' | 'delete';

type Input = {
  write: FileWrite;
  model: ContentModel;
  actor: Actor;
  before: Version[];
  after: Version[];
};

/** What is gone is told as it last was; an update that changed nothing is no event. */
export const mediaEventsOf = ({ write, model, actor, before, after }: Input): Happening[] =>
  (write === 'delete' ? before : after).flatMap((version) => {
    const previous = before.find(({ id }) => id === version.id)?.row ?? null;
    const changes = write === 'update' && previous ? changesOf(previous, version.row, model) : [];
    if (write === 'update' && changes.length === 0) return [];
    return [
      {
        name: `media.${write}`,
        uid: model.uid,
        model: model.modelName,
        documentId: version.documentId,
        locale: null,
        status: null,
        entry: version.row,
        previous,
        changes,
        actor,
      },
    ];
  });
