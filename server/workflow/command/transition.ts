/** A move in a workflow as events, history and endpoints tell it. Pure. */
import type { VALIDATION } from '../../contract/catalogue';
import type { Happening } from '../../capture/events';
import type { Actor, FieldChange, NamedState } from '../../contract/event';
import type { HistoryOutcome, Verdict } from '../../contract/document';
import { hasDraftAndPublish, type ContentModel } from '../../strapi/model/content-model';
import { named, type Flow } from '../sources/flow';
import type { NewEntry } from '../state/history.service';
import type { Place } from '../../strapi/model/place';

type Row = Record<string, unknown>;

/** `command` is null where no command ran: an edit put the document back. */
export type Move = {
  flow: Pick<Flow, 'id' | 'name'>;
  place: Place;
  model: ContentModel;
  command: { key: string; name: string } | null;
  from: NamedState;
  to: NamedState;
  comment: string | null;
  actor: Actor;
  /** The document as it is moved. */
  entry: Row | null;
  /** What it would change of what is published. */
  previous: Row | null;
  changes: FieldChange[];
};

type EventName = 'workflow.transition' | 'workflow.refused' | typeof VALIDATION;

export const happeningOf = (
  move: Move,
  name: EventName,
  { dryRun = false, verdicts }: { dryRun?: boolean; verdicts?: Verdict[] } = {},
): Happening => ({
  name,
  uid: move.model.uid,
  model: move.model.modelName,
  documentId: move.place.documentId === '' ? null : move.place.documentId,
  locale: move.place.locale,
  status: hasDraftAndPublish(move.model) ? 'draft' : 'published',
  entry: move.entry,
  previous: move.previous,
  changes: move.changes,
  actor: move.actor,
  transition: {
    workflow: { id: move.flow.id, name: move.flow.name },
    command: move.command && { key: move.command.key, name: move.command.name },
    from: named(move.from),
    to: named(move.to),
    comment: move.comment,
    dryRun,
    ...(verdicts ? { verdicts } : {}),
  },
});

/** A refused document stays where it is, and its history says where it was to go. */
export const entryOf = (
  move: Move,
  done: { outcome: HistoryOutcome; at: number; verdicts: Verdict[] },
): NewEntry => ({
  workflow: move.flow.id,
  actor: move.actor,
  command: move.command?.key ?? null,
  commandName: move.command?.name ?? null,
  from: move.from.key,
  fromName: move.from.name,
  to: move.to.key,
  toName: move.to.name,
  comment: move.comment,
  ...done,
});
