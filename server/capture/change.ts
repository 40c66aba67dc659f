/** What a document action did: the versions before and after it. */
import type { EventName } from '../contract/catalogue';
import type { Actor } from '../contract/event';
import type { TypeContext } from '../strapi/model/content-model';

export type Row = Record<string, unknown>;

/** One row of a document. Its identity stands beside it, because a project may keep even that private. */
export type Version = {
  id: number | string;
  documentId: string;
  locale: string | null;
  isPublished: boolean;
  /** With what is private, so that a change of it shows. An event holds only what `visible` leaves of it. */
  row: Row;
};

export const ACTIONS = [
  'create',
  'update',
  'clone',
  'delete',
  'publish',
  'unpublish',
  'discardDraft',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Of a type without draft & publish, the one version of each locale counts as `drafts`. */
export type Versions = { drafts: Version[]; published: Version[] };

export type Change = TypeContext & {
  action: Action;
  actor: Actor;
  before: Versions;
  after: Versions;
};

/** The events that one half of a document's versions can raise, and when it must be read to tell. */
export type Side = { names: readonly EventName[]; before: boolean; after: boolean };
export type Plan = { drafts: Side | null; published: Side | null };

const side = (names: readonly EventName[], when: 'before' | 'after' | 'both'): Side => ({
  names,
  before: when !== 'after',
  after: when !== 'before',
});

/** Which events an action can raise. `publishes`: it was asked to publish in the same call. */
export const planOf = (action: Action, publishes: boolean): Plan => {
  switch (action) {
    case 'create':
      return {
        drafts: side(['entry.create'], 'after'),
        published: publishes ? side(['entry.publish'], 'after') : null,
      };
    case 'update':
      return {
        drafts: side(['entry.update', 'entry.create'], 'both'),
        published: publishes ? side(['entry.publish'], 'both') : null,
      };
    case 'clone':
      return { drafts: side(['entry.create'], 'after'), published: null };
    case 'delete':
      return {
        drafts: side(['entry.delete'], 'before'),
        published: side(['entry.delete'], 'before'),
      };
    case 'publish':
      return { drafts: null, published: side(['entry.publish'], 'both') };
    case 'unpublish':
      return { drafts: null, published: side(['entry.unpublish'], 'before') };
    case 'discardDraft':
      return { drafts: side(['entry.draft-discard'], 'both'), published: null };
  }
};
