/** Names what a change was: one event per document, locale and operation. Pure. */
import type { EventName } from '../contract/catalogue';
import type { DocumentStatus, WebhookEvent } from '../contract/event';
import { changesOf } from './changes';
import type { Change, Row } from './change';

/** An event without its identity, which the recorder gives it. */
export type Happening = Omit<WebhookEvent, 'id' | 'time'>;

type Pair = { entry: Row; previous: Row | null };

const statusOf = (row: Row): DocumentStatus => (row.publishedAt ? 'published' : 'draft');
const localeOf = (row: Row) => (row.locale as string | null | undefined) ?? null;

const happening = (change: Change, name: EventName, { entry, previous }: Pair): Happening => ({
  name,
  uid: change.model.uid,
  model: change.model.modelName,
  documentId: entry.documentId as string,
  locale: localeOf(entry),
  status: statusOf(entry),
  entry,
  previous,
  changes: previous === null ? [] : changesOf(previous, entry, change.model),
  actor: change.actor,
});

/** Each row with the one of the same locale before. */
const paired = (rows: Row[], before: Row[]): Pair[] =>
  rows.map((entry) => ({
    entry,
    previous:
      before.find(
        (row) => row.documentId === entry.documentId && localeOf(row) === localeOf(entry),
      ) ?? null,
  }));

const created =
  (change: Change, isNewLocale: boolean) =>
  (entry: Row): Happening => ({
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
const gone = (change: Change, name: EventName, rows: Row[]): Happening[] =>
  rows.map((entry) => ({ ...happening(change, name, { entry, previous: entry }), changes: [] }));

/** A locale's draft and its published version are one document: the draft speaks for both. */
const deletedRows = ({ before }: Change): Row[] => [
  ...before.drafts,
  ...before.published.filter(
    (row) => !before.drafts.some((draft) => localeOf(draft) === localeOf(row)),
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
      return gone(change, 'entry.delete', deletedRows(change));
    case 'discardDraft':
      return paired(change.after.drafts, change.before.drafts).map((pair) =>
        happening(change, 'entry.draft-discard', pair),
      );
  }
};
