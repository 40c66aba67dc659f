/**
 * An event as text, with each large value once. `previous` repeats most of `entry`, and `changes` repeats both: a text of
 * 5 MB would be stored four times. A value that stands elsewhere in the event leaves null in its place, and `shared` names
 * it. Events of earlier versions have no `shared`, and are read as they are. Pure.
 */
import type { FieldChange, WebhookEvent } from '../../contract/event';
import { jsonText } from '../json-text';

type Row = Record<string, unknown>;

/** Fields of `previous` that are as in `entry`; changed fields whose `from` is in `previous`, and whose `to` is in `entry`. */
type Shared = { previous: string[]; from: string[]; to: string[] };
type Stored = WebhookEvent & { shared?: Shared };

/** Texts up to this length cost less than their names in `shared`. */
const SHORT = 64;

export function storedTextOf(event: WebhookEvent): string {
  const { entry, previous, changes } = event;
  const same = (field: string) => isShared(entry?.[field], previous?.[field]);
  const shared: Shared = {
    previous: Object.keys(previous ?? {}).filter(same),
    from: changes.flatMap(({ field, from }) => (isShared(from, previous?.[field]) ? field : [])),
    to: changes.flatMap(({ field, to }) => (isShared(to, entry?.[field]) ? field : [])),
  };
  if (Object.values(shared).every((fields) => fields.length === 0)) return jsonText(event);
  const isIn = setsOf(shared);
  const stored: Stored = {
    ...event,
    previous: previous && withValues(previous, isIn.previous, () => null),
    changes: changes.map((change) => ({
      ...change,
      ...(isIn.from.has(change.field) ? { from: null } : {}),
      ...(isIn.to.has(change.field) ? { to: null } : {}),
    })),
    shared,
  };
  return jsonText(stored);
}

export function eventOf(text: string): WebhookEvent {
  const { shared, ...event } = JSON.parse(text) as Stored;
  if (!shared) return event;
  const isIn = setsOf(shared);
  const { entry } = event;
  const previous =
    event.previous && withValues(event.previous, isIn.previous, (field) => entry?.[field]);
  const changes = event.changes.map((change: FieldChange) => ({
    ...change,
    ...(isIn.from.has(change.field) ? { from: previous?.[change.field] } : {}),
    ...(isIn.to.has(change.field) ? { to: entry?.[change.field] } : {}),
  }));
  return { ...event, previous, changes };
}

function isShared(one: unknown, other: unknown): boolean {
  if (typeof one === 'string') return one.length > SHORT && one === other;
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return false;
  // As text, so that the order of keys is kept, too.
  return one === other || jsonText(one) === jsonText(other);
}

const setsOf = ({ previous, from, to }: Shared) => ({
  previous: new Set(previous),
  from: new Set(from),
  to: new Set(to),
});

/** The keys stay in their order. */
function withValues(row: Row, fields: Set<string>, valueOf: (field: string) => unknown): Row {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      fields.has(field) ? valueOf(field) : value,
    ]),
  );
}
