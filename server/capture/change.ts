/** What a document action did: the rows before and after it, as they may leave. */
import type { Actor } from '../contract/event';
import type { ContentModel } from '../schema/content-model';

export type Row = Record<string, unknown>;

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

export type Change = {
  action: Action;
  model: ContentModel;
  actor: Actor;
  /** Of a type without draft & publish, the one version of each locale counts as `drafts`. */
  before: { drafts: Row[]; published: Row[] };
  after: { drafts: Row[]; published: Row[] };
};

export type Versions = { drafts: boolean; published: boolean };
export type Plan = { names: readonly string[]; before: Versions; after: Versions };

const NONE: Versions = { drafts: false, published: false };
const DRAFTS: Versions = { drafts: true, published: false };
const PUBLISHED: Versions = { drafts: false, published: true };
const BOTH: Versions = { drafts: true, published: true };

/** Which events an action can raise, and which versions must be read to tell. `publishes`: asked to, in the same call. */
export const planOf = (action: Action, publishes: boolean): Plan => {
  switch (action) {
    case 'create':
      return publishes
        ? { names: ['entry.create', 'entry.publish'], before: NONE, after: BOTH }
        : { names: ['entry.create'], before: NONE, after: DRAFTS };
    case 'update':
      return publishes
        ? { names: ['entry.update', 'entry.create', 'entry.publish'], before: BOTH, after: BOTH }
        : { names: ['entry.update', 'entry.create'], before: DRAFTS, after: DRAFTS };
    case 'clone':
      return { names: ['entry.create'], before: NONE, after: DRAFTS };
    case 'delete':
      return { names: ['entry.delete'], before: BOTH, after: NONE };
    case 'publish':
      return { names: ['entry.publish'], before: PUBLISHED, after: PUBLISHED };
    case 'unpublish':
      return { names: ['entry.unpublish'], before: PUBLISHED, after: NONE };
    case 'discardDraft':
      return { names: ['entry.draft-discard'], before: DRAFTS, after: DRAFTS };
  }
};
