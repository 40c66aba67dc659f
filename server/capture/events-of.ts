/** Names what a change was: one event per document, locale and operation. Pure. */
import type { EventName } from '../contract/catalogue';
import type { WebhookEvent } from '../contract/event';
import { visible } from '../strapi/model/visible';
import { changesOf } from './changes';
import type { Change, Version } from './change';

/** An event without its identity, which the recorder gives it. */
export type Happening = Omit<WebhookEvent, 'id' | 'time'>;

type Pair = { entry: Version; previous: Version | null };

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

const isSameDocument = (one: Version, other: Version) =>
  one.documentId === other.documentId && one.locale === other.locale;

/** Each version with the one of the same locale before. */
const paired = (versions: Version[], before: Version[]): Pair[] =>
  versions.map((entry) => ({
    entry,
    previous: before.find((version) => isSameDocument(version, entry)) ?? null,
  }));

const created =
  (change: Change, isNewLocale: boolean) =>
  (entry: Version): Happening => ({
    ...happening(change, 'entry.create', { entry, previous: null }),
    ...(isNewLocale ? { isNewLocale } : {}),
  });

/**
 * A save that changed nothing is no event: the Publish button saves before it publishes, and a
 * locale that was not there before is created by updating it.
 */
const saved = (change: Change): Happening[] =>
  paired(change.after.drafts, change.before.drafts).flatMap((pair) => {
    if (pair.previous === null) return [created(change, true)(pair.entry)];
    const update = happening(change, 'entry.update', pair);
    return update.changes.length > 0 ? [update] : [];
  });

const published = (change: Change): Happening[] =>
  paired(change.after.published, change.before.published).map((pair) =>
    happening(change, 'entry.publish', pair),
  );

/** What is gone is told as it last was. */
const gone = (change: Change, name: EventName, versions: Version[]): Happening[] =>
  versions.map((entry) => ({
    ...happening(change, name, { entry, previous: entry }),
    changes: [],
  }));

/**
 * A locale's draft and its published version are one document. The published one speaks for both: who mirrors what
 * is public must know that it went, and as what it was public.
 */
const deleted = ({ before }: Change): Version[] => [
  ...before.published,
  ...before.drafts.filter(
    (draft) => !before.published.some((version) => isSameDocument(version, draft)),
  ),
];

export const eventsOf = (change: Change): Happening[] => {
  switch (change.action) {
    case 'create':
      return [...change.after.drafts.map(created(change, false)), ...published(change)];
    case 'clone':
      return change.after.drafts.map(created(change, false));
    case 'update':
      return [...saved(change), ...published(change)];
    case 'publish':
      return published(change);
    case 'unpublish':
      return gone(change, 'entry.unpublish', change.before.published).map((event) => ({
        ...event,
        status: 'draft',
      }));
    case 'delete':
      return gone(change, 'entry.delete', deleted(change));
    case 'discardDraft':
      return paired(change.after.drafts, change.before.drafts).map((pair) =>
        happening(change, 'entry.draft-discard', pair),
      );
  }
};
