/** Names what was done to rows that are written past the document service: files, locales, releases. Pure. */
import type { EventName } from '../contract/catalogue';
import type { Actor } from '../contract/event';
import type { RowGroup, TypeContext } from '../strapi/model/content-model';
import { visible } from '../strapi/model/visible';
import { changesOf } from './changes';
import type { Row, Version } from './change';
import type { Happening } from './events-of';

export type RowWrite = 'create' | 'update' | 'delete';

type Input = TypeContext & {
  group: RowGroup;
  write: RowWrite;
  actor: Actor;
  before: Version[];
  after: Version[];
};

/** Every name that a write could be told by: to ask first whether anybody wants it. */
export const rowEventNames = (group: RowGroup, write: RowWrite): EventName[] => [
  `${group}.${write}`,
  ...(group === 'release' && write === 'update' ? (['release.publish'] as const) : []),
];

/** A release is published when it gets the moment of it. */
const nameOf = ({ group, write }: Input, previous: Row | null, entry: Row): EventName =>
  group === 'release' && write === 'update' && previous && !previous.releasedAt && entry.releasedAt
    ? 'release.publish'
    : `${group}.${write}`;

/** What is gone is told as it last was; an update that changed nothing is no event. */
export const rowEventsOf = (input: Input): Happening[] => {
  const { write, model, actor, before, after } = input;
  return (write === 'delete' ? before : after).flatMap((version) => {
    const previous = before.find(({ id }) => id === version.id)?.row ?? null;
    const changes = write === 'update' && previous ? changesOf(previous, version.row, input) : [];
    if (write === 'update' && changes.length === 0) return [];
    return [
      {
        name: nameOf(input, previous, version.row),
        uid: model.uid,
        model: model.modelName,
        documentId: version.documentId,
        locale: null,
        status: null,
        entry: visible(version.row, model, input),
        previous: previous && visible(previous, model, input),
        changes,
        actor,
      },
    ];
  });
};
