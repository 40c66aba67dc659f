/** Which events a change raises: one per document, locale and operation, named by what happened. */
import type { EventName } from '../contract/catalogue';
import type { Actor, WebhookEvent } from '../contract/event';
import type { RowGroup, TypeContext } from '../strapi/model/content-model';
import { visible } from '../strapi/model/visible';
import { changesOf } from './changes';

export type Row = Record<string, unknown>;

/** One row of a document. Its identity stands beside it, because a project may keep even that private. */
export type Version = {
  id: number | string;
  documentId: string;
  locale: string | null;
  isPublished: boolean;
  /** With everything private, so that its changes are found. An event holds only what `visible` leaves of it. */
  row: Row;
};

/** The versions of a type without draft & publish count as `drafts`. */
export type Versions = { drafts: Version[]; published: Version[] };

const ACTIONS = [
  'create',
  'update',
  'clone',
  'delete',
  'publish',
  'unpublish',
  'discardDraft',
] as const;
export type Action = (typeof ACTIONS)[number];

export const isAction = (action: string): action is Action =>
  (ACTIONS as readonly string[]).includes(action);

/** What a document action did: the versions before and after it. */
export type Change = TypeContext & {
  action: Action;
  actor: Actor;
  before: Versions;
  after: Versions;
};

/** An event without its identity, which the recorder adds. */
export type Happening = Omit<WebhookEvent, 'id' | 'time'>;

/** The events that the drafts or the published versions can raise, and when they must be read for that. */
export type Side = { names: readonly EventName[]; before: boolean; after: boolean };
export type Plan = { drafts: Side | null; published: Side | null };

const side = (names: readonly EventName[], when: 'before' | 'after' | 'both'): Side => ({
  names,
  before: when !== 'after',
  after: when !== 'before',
});

/** Which events an action can raise. `publishes`: the same call also publishes. */
export function planOf(action: Action, publishes: boolean): Plan {
  const published = (when: 'after' | 'both') => (publishes ? side(['entry.publish'], when) : null);
  switch (action) {
    case 'create':
      return { drafts: side(['entry.create'], 'after'), published: published('after') };
    case 'update':
      return {
        drafts: side(['entry.update', 'entry.create'], 'both'),
        published: published('both'),
      };
    case 'clone':
      return { drafts: side(['entry.create'], 'after'), published: null };
    case 'delete': {
      const both = side(['entry.delete'], 'before');
      return { drafts: both, published: both };
    }
    case 'publish':
      return { drafts: null, published: side(['entry.publish'], 'both') };
    case 'unpublish':
      return { drafts: null, published: side(['entry.unpublish'], 'before') };
    case 'discardDraft':
      return { drafts: side(['entry.draft-discard'], 'both'), published: null };
  }
}

export function eventsOf(change: Change): Happening[] {
  const { drafts } = change.after;
  switch (change.action) {
    case 'create':
      return [...created(change, drafts), ...replaced(change, 'entry.publish', 'published')];
    case 'clone':
      return created(change, drafts);
    case 'update':
      return [...saved(change), ...replaced(change, 'entry.publish', 'published')];
    case 'publish':
      return replaced(change, 'entry.publish', 'published');
    case 'unpublish':
      return gone(change, 'entry.unpublish', change.before.published).map((event) => ({
        ...event,
        status: 'draft',
      }));
    case 'delete':
      return gone(change, 'entry.delete', deleted(change));
    case 'discardDraft':
      return replaced(change, 'entry.draft-discard', 'drafts');
  }
}

type Pair = { entry: Version; previous: Version | null };

const isSameDocument = (one: Version, other: Version) =>
  one.documentId === other.documentId && one.locale === other.locale;

/** Each version after the change, with the one of the same locale before. */
const paired = ({ before, after }: Change, half: keyof Versions): Pair[] =>
  after[half].map((entry) => ({
    entry,
    previous: before[half].find((version) => isSameDocument(version, entry)) ?? null,
  }));

const happening = (change: Change, name: EventName, { entry, previous }: Pair): Happening => ({
  name,
  uid: change.model.uid,
  model: change.model.modelName,
  documentId: entry.documentId,
  locale: entry.locale,
  status: entry.isPublished ? 'published' : 'draft',
  entry: visible(entry.row, change.model, change),
  previous: previous && visible(previous.row, change.model, change),
  changes: previous === null ? [] : changesOf(previous.row, entry.row, change),
  actor: change.actor,
});

const created = (change: Change, entries: Version[]): Happening[] =>
  entries.map((entry) => happening(change, 'entry.create', { entry, previous: null }));

const replaced = (change: Change, name: EventName, half: keyof Versions): Happening[] =>
  paired(change, half).map((pair) => happening(change, name, pair));

/**
 * A save without changes raises no event: the Publish button saves before it publishes. A new locale is created by an
 * update.
 */
function saved(change: Change): Happening[] {
  return paired(change, 'drafts').flatMap((pair) => {
    if (pair.previous === null)
      return created(change, [pair.entry]).map((event) => ({ ...event, isNewLocale: true }));
    const update = happening(change, 'entry.update', pair);
    return update.changes.length > 0 ? [update] : [];
  });
}

/** An event of a deleted or unpublished version holds the version as it last was. */
const gone = (change: Change, name: EventName, versions: Version[]): Happening[] =>
  versions.map((entry) => ({
    ...happening(change, name, { entry, previous: entry }),
    changes: [],
  }));

/**
 * A locale's draft and its published version are one document. The event holds the published one: receivers that mirror
 * the public content must learn that it is gone, and what it was.
 */
function deleted({ before: { drafts, published } }: Change): Version[] {
  const unpublished = drafts.filter(
    (draft) => !published.some((version) => isSameDocument(version, draft)),
  );
  return [...published, ...unpublished];
}

export type RowWrite = 'create' | 'update' | 'delete';

/** A write past the document service: of files, locales or releases. */
type RowChange = TypeContext & {
  group: RowGroup;
  write: RowWrite;
  actor: Actor;
  before: Version[];
  after: Version[];
};

/** Every event that a write can raise. */
export const rowEventNames = (group: RowGroup, write: RowWrite): EventName[] => [
  `${group}.${write}`,
  ...(group === 'release' && write === 'update' ? (['release.publish'] as const) : []),
];

/** A release is published when it gets its `releasedAt`. */
const rowEventName = ({ group, write }: RowChange, previous: Row | null, entry: Row): EventName =>
  group === 'release' && write === 'update' && previous && !previous.releasedAt && entry.releasedAt
    ? 'release.publish'
    : `${group}.${write}`;

/** The event of a deleted row holds the row as it last was; an update without changes raises no event. */
export function rowEventsOf(change: RowChange): Happening[] {
  const { write, model, actor, before, after } = change;
  return (write === 'delete' ? before : after).flatMap((version) => {
    const previous = before.find(({ id }) => id === version.id)?.row ?? null;
    const changes = write === 'update' && previous ? changesOf(previous, version.row, change) : [];
    if (write === 'update' && changes.length === 0) return [];
    return [
      {
        name: rowEventName(change, previous, version.row),
        uid: model.uid,
        model: model.modelName,
        documentId: version.documentId,
        locale: null,
        status: null,
        entry: visible(version.row, model, change),
        previous: previous && visible(previous, model, change),
        changes,
        actor,
      },
    ];
  });
}
