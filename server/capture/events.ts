/** Which events a change raises, one per document, locale and operation; and which fields changed. */
import type { EventName } from '../contract/catalogue';
import type { Actor, FieldChange, WebhookEvent } from '../contract/event';
import { isSameJson } from '../store/json';
import {
  isRow,
  SYSTEM_ATTRIBUTES,
  type Attribute,
  type RowGroup,
  type TypeContext,
} from '../strapi/model/content-model';
import { isPrivate, visible } from '../strapi/model/document-tree';

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

export const NO_VERSIONS: Versions = { drafts: [], published: [] };

export const versionsOf = (versions: readonly Version[]): Versions => ({
  drafts: versions.filter(({ isPublished }) => !isPublished),
  published: versions.filter(({ isPublished }) => isPublished),
});

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

/** A document action, with the versions before and after it. */
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

function happening(
  change: TypeContext & { actor: Actor },
  name: EventName,
  { entry, previous }: Pair,
): Happening {
  return {
    name,
    uid: change.model.uid,
    model: change.model.modelName,
    documentId: entry.documentId,
    locale: entry.locale,
    status: entry.isPublished ? 'published' : 'draft',
    entry: visible(entry.row, change),
    previous: previous && visible(previous.row, change),
    changes: previous === null ? [] : changesOf(previous.row, entry.row, change),
    actor: change.actor,
  };
}

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
  versions.map((entry) => happening(change, name, { entry, previous: entry }));

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
const rowEventName = ({ group, write }: RowChange, { previous, entry }: Pair): EventName =>
  group === 'release' && previous && !previous.row.releasedAt && entry.row.releasedAt
    ? 'release.publish'
    : `${group}.${write}`;

/** The event of a deleted row holds the row as it last was; an update without changes raises no event. */
export function rowEventsOf(change: RowChange): Happening[] {
  const { write, before, after } = change;
  return (write === 'delete' ? before : after).flatMap((entry) => {
    const pair = { entry, previous: before.find(({ id }) => id === entry.id) ?? null };
    const event = happening(change, rowEventName(change, pair), pair);
    if (write === 'update' && event.changes.length === 0) return [];
    return [{ ...event, locale: null, status: null }];
  });
}

/**
 * The changes between two versions of a document, field by field. Both rows are whole. Fields that neither of them has are
 * ignored.
 */
export function changesOf(previous: Row, entry: Row, type: TypeContext): FieldChange[] {
  return Object.keys(type.model.attributes).flatMap((field) => {
    const isCompared = !SYSTEM_ATTRIBUTES.has(field) && (field in entry || field in previous);
    if (!isCompared || entry[field] === previous[field]) return [];
    const change = changeOf(field, [previous[field], entry[field]], type);
    return change ? [change] : [];
  });
}

function changeOf(field: string, values: [unknown, unknown], type: TypeContext) {
  const attribute = type.model.attributes[field] as Attribute;
  const seen = (isWhole: boolean) =>
    values.map((value) => comparedValue(attribute, value, { ...type, isWhole }));
  const [before, after] = seen(true);
  if (isSameJson(before, after)) return null;
  if (isPrivate(field, type)) return { field };
  const [from, to] = seen(false);
  return isSameJson(from, to) ? { field } : { field, from, to };
}

/** `isWhole`: with private values, to find their changes; they are compared and never shown. */
type View = Pick<TypeContext, 'modelOf' | 'privateNames'> & { isWhole: boolean };

/** A field's value as `changes` shows it: related documents and files by reference, components without row ids. */
function comparedValue(attribute: Attribute, value: unknown, view: View): unknown {
  switch (attribute.type) {
    case 'relation':
      return reference(value);
    case 'media':
      return fileReference(value);
    case 'component':
    case 'dynamiczone':
      return componentValue(attribute, value, view);
    default:
      return value ?? null;
  }
}

/**
 * A component as its model describes it. Its row id is left out, because publishing and saving make a new row. The type
 * of an attribute is never guessed from its value: JSON may hold an `id`, a `documentId` or a `mime` of its own.
 */
function componentValue(attribute: Attribute, value: unknown, view: View): unknown {
  if (Array.isArray(value)) return value.map((item) => componentValue(attribute, item, view));
  if (!isRow(value)) return value ?? null;
  const { id: _rowId, ...fields } = value;
  const { modelOf, privateNames, isWhole } = view;
  const model = modelOf(attribute.component ?? String(value.__component ?? ''));
  if (!model) return isWhole ? fields : null;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, inner]) => {
      if (name === '__component') return [[name, inner]];
      const known = model.attributes[name];
      const isShown = isWhole || !isPrivate(name, { model, privateNames });
      return known && isShown ? [[name, comparedValue(known, inner, view)]] : [];
    }),
  );
}

/** A related document without its row id: publishing makes a new row. */
function reference(value: unknown): unknown {
  if (Array.isArray(value)) return unique(value.map(reference));
  if (!isRow(value)) return value ?? null;
  const { documentId, id, __type } = value;
  return { ...(documentId ? { documentId } : { id }), ...(__type ? { __type } : {}) };
}

function fileReference(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fileReference);
  if (!isRow(value)) return value ?? null;
  return { id: value.id, documentId: value.documentId, name: value.name, url: value.url };
}

/**
 * The draft, the published version and the locales of a related document are rows of one document: the document is named
 * once. A document without draft & publish is related to all of them.
 */
function unique(references: unknown[]): unknown[] {
  const known = new Set<string>();
  return references.filter((reference) => {
    const key = JSON.stringify(reference);
    return known.has(key) ? false : known.add(key);
  });
}
