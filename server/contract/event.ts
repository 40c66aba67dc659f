/** An event, frozen when it happened. Receivers recognize duplicates by its id. */
import type { Verdict } from './document';

export type Actor = {
  type: 'admin' | 'api-token' | 'user' | 'system';
  id: string | number | null;
  name: string | null;
};

/** The actor of a change that no request made. */
export const SYSTEM_ACTOR: Actor = { type: 'system', id: null, name: null };

/**
 * One changed field of a document. `field` is an attribute's name; components and relations change as a whole. Both
 * values are missing if only something private changed.
 */
export type FieldChange = { field: string; from?: unknown; to?: unknown };

/** A state as events name it. */
export type NamedState = { key: string; name: string; final: boolean };

/** A move in a workflow. */
export type WorkflowFacts = {
  workflow: { id: string; name: string };
  /** Null if an edit put the document back, without a command. */
  command: { key: string; name: string } | null;
  from: NamedState;
  to: NamedState | null;
  comment: string | null;
  dryRun: boolean;
  /** For `workflow.refused`. */
  verdicts?: Verdict[];
};

/** Moments are ISO 8601 in UTC; the time zone has its IANA name. */
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

/** A run of a replication. */
export type ReplicationFacts = {
  /** The same in all events of a run. */
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
  /** Copied documents by content type; empty if they could not be counted. */
  counts: Record<string, number>;
  replicatedCount: number;
  /** The documents by content type. */
  replicatedIds: Record<string, string[]>;
  /** There are more documents than ids in the list; the counts include all. */
  idsTruncated?: true;
  error: string | null;
};

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
  status: 'draft' | 'published' | null;
  /** The document after the event; after a deletion or an unpublication, its last version. */
  entry: Record<string, unknown> | null;
  /** The document before the event; null if there was none. */
  previous: Record<string, unknown> | null;
  changes: FieldChange[];
  actor: Actor;
  /** True if `entry.create` added a locale to an existing document, which `previous` does not show. */
  isNewLocale?: boolean;
  /** For screen and schedule events: whether visitors see the document after the event. Sent in the format `vee`. */
  isLive?: boolean;
  /** Only for a sample, whose actor does not exist: the account that the format `sitecore` sends. */
  account?: string;
  /** The state after the event. Stored only for a webhook whose format sends it (`sitecore`). */
  workflowState?: { workflow: string; state: string } | null;
  /** For workflow events and validation calls. */
  transition?: WorkflowFacts;
  /** For schedule events. */
  schedule?: ScheduleFacts;
  /** For replication events, which belong to no document. */
  replication?: ReplicationFacts;
  /** The W3C `traceparent` of the recording. Stored, never sent. */
  trace?: string;
}>;
