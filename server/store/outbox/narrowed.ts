/** The conditions under which lists, exports and resends choose deliveries. Pure: it only adds them to a query. */
import type { Knex } from 'knex';
import { VALIDATION } from '../../contract/catalogue';
import type { DeliveryState } from '../../contract/delivery';
import type { VerdictKind } from '../../contract/document';
import type { DeliveryRow } from './rows';

type Rows = Knex.QueryBuilder<DeliveryRow>;

export type Choice = {
  webhook?: string;
  state?: readonly DeliveryState[];
  event?: string;
  documentId?: string;
  /** An event id or document id, or documents that were found by it. */
  search?: { text: string; documentIds: readonly string[] };
  verdict?: readonly VerdictKind[];
  /** Ids of deliveries: after one, and up to another, which is included. */
  after?: number;
  upTo?: number;
  /** ISO 8601; when the delivery was made, both included. */
  from?: string;
  to?: string;
  /** ISO 8601; since when it is over, included. Of what is not over it says nothing. */
  endedFrom?: string;
};

/** What may be sent again: everything that is not already on its way. */
export const RESENDABLE: readonly DeliveryState[] = ['delivered', 'dead', 'cancelled', 'retrying'];

export const narrowed = (rows: Rows, choice: Choice): Rows => {
  if (choice.webhook) rows.where('webhook_id', choice.webhook);
  if (choice.state) rows.whereIn('state', [...choice.state]);
  if (choice.event) rows.where('event', choice.event);
  if (choice.documentId) rows.where('document_id', choice.documentId);
  const { search } = choice;
  if (search)
    rows.where((any) =>
      any
        .where('event_id', search.text)
        .orWhere('document_id', search.text)
        .orWhereIn('document_id', [...search.documentIds]),
    );
  if (choice.verdict) rows.whereIn('verdict', [...choice.verdict]);
  if (choice.after !== undefined) rows.where('id', '>', choice.after);
  if (choice.upTo !== undefined) rows.where('id', '<=', choice.upTo);
  if (choice.from) rows.where('created_at', '>=', Date.parse(choice.from));
  if (choice.to) rows.where('created_at', '<=', Date.parse(choice.to));
  if (choice.endedFrom) rows.where('due_at', '>=', Date.parse(choice.endedFrom));
  return rows;
};

/** Of webhooks that are there, or they would wait for ever; neither tests nor questions to validations. */
export const sendable = (rows: Rows, webhookIds: readonly string[]): Rows =>
  rows
    .whereIn('webhook_id', [...webhookIds])
    .where('is_test', false)
    .whereNot('event', VALIDATION);
