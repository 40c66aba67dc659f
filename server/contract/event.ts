/** What happened, frozen when it happened: the unit that receivers de-duplicate by. */
import type { Verdict } from './document';

export type Actor = {
  type: 'admin' | 'api-token' | 'user' | 'system';
  id: string | number | null;
  name: string | null;
};

/**
 * One changed field of a document. `field` is an attribute's name; components and relations change as a whole. Both
 * values are missing if only something private changed: the field's name may leave, its values may not.
 */
export type FieldChange = { field: string; from?: unknown; to?: unknown };

/** A state or command as events name it. */
export type NamedState = { key: string; name: string; final: boolean };

/** What an event tells of a move in a workflow. */
export type WorkflowFacts = {
  workflow: { id: string; name: string };
  /** Null where no command ran: an edit put the document back. */
  command: { key: string; name: string } | null;
  from: NamedState;
  to: NamedState | null;
  comment: string | null;
  dryRun: boolean;
  /** Of `workflow.refused`: what the endpoints answered. */
  verdicts?: Verdict[];
};

/** A schedule as its events tell of it: moments are ISO 8601 in UTC, the time zone is IANA's name of it. */
export type ScheduleFacts = {
  id: string;
  uid: string;
  documentId: string;
  locale: string | null;
  publishAt: string | null;
  archiveAt: string | null;
  timezone: string;
  state: 'scheduled' | 'done' | 'failed' | 'cancelled';
  error: string | null;
};

/** A replication job as its events tell of it. */
export type ReplicationFacts = {
  /** The same in all events of one run. */
  id: string;
  name: string;
  trigger: 'manual' | 'scheduled' | 'cli' | 'remote' | 'code';
  kind: 'transfer' | 'export' | 'import';
  source: string;
  destination: string;
  status: 'In Progress' | 'Successful' | 'Failed' | 'Cancelled';
  /** ISO 8601, UTC. */
  startedAt: string;
  completedAt: string | null;
  /** Documents by content type, as they were counted on their way; empty where nobody could count. */
  counts: Record<string, number>;
  replicatedCount: number;
  /** The documents by content type. */
  replicatedIds: Record<string, string[]>;
  /** There were more documents than ids are told of; the counts are of all. */
  idsTruncated?: true;
  error: string | null;
};

export type DocumentStatus = 'draft' | 'published';

export type WebhookEvent = Readonly<{
  /** `evt_` and a UUIDv7 without dashes: unique, and sortable by time. Sent as `webhook-id`. */
  id: string;
  name: string;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  uid: string | null;
  model: string | null;
  documentId: string | null;
  locale: string | null;
  status: DocumentStatus | null;
  /** The document after the event; for a deletion or an unpublication, as it last was. */
  entry: Record<string, unknown> | null;
  /** The document before the event; null where there was none. */
  previous: Record<string, unknown> | null;
  changes: FieldChange[];
  actor: Actor;
  /** True where `entry.create` added a locale to a document that was there already; `previous` cannot tell. */
  isNewLocale?: boolean;
  /**
   * Of the screen and schedule events: whether visitors see the document after the event, which its draft cannot tell.
   * Stored, and sent in the format `vee`.
   */
  isLive?: boolean;
  /** Of a sample, whose actor is nobody: the account in place of the one that is looked up. Sent in the format `sitecore`. */
  account?: string;
  /**
   * Of a document that a workflow governs: its state after the event. Stored only for a webhook whose format sends it
   * (`sitecore`).
   */
  workflowState?: { workflow: string; state: string } | null;
  /** Of the workflow events, and of what a validation is asked. */
  transition?: WorkflowFacts;
  /** Of the schedule events, which name the scheduled document as any event of it does. */
  schedule?: ScheduleFacts;
  /** Of the replication events, which belong to no document. */
  replication?: ReplicationFacts;
  /** Where in a trace it was recorded (W3C `traceparent`). Stored, never sent. */
  trace?: string;
}>;
