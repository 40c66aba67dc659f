/** Deliveries as lines of CSV (RFC 4180), safe to open in a spreadsheet. Pure. */
import type { Attempt, Delivery } from '../../contract/delivery';

type Cell = string | number | boolean | null | undefined;
type Exported = { delivery: Delivery; last: Attempt | undefined };

/** In the order of the columns; `docs/dead-letters.md` explains them. */
const COLUMNS: Record<string, (exported: Exported) => Cell> = {
  id: ({ delivery }) => delivery.id,
  eventId: ({ delivery }) => delivery.eventId,
  event: ({ delivery }) => delivery.event,
  webhookId: ({ delivery }) => delivery.webhook.id,
  webhookName: ({ delivery }) => delivery.webhook.name,
  state: ({ delivery }) => delivery.state,
  reason: ({ delivery }) => delivery.reason,
  attemptCount: ({ delivery }) => delivery.attemptCount,
  createdAt: ({ delivery }) => delivery.createdAt,
  deliveredAt: ({ delivery }) => delivery.deliveredAt,
  nextAttemptAt: ({ delivery }) => delivery.nextAttemptAt,
  uid: ({ delivery }) => delivery.uid,
  documentId: ({ delivery }) => delivery.documentId,
  locale: ({ delivery }) => delivery.locale,
  isTest: ({ delivery }) => delivery.isTest,
  verdict: ({ delivery }) => delivery.verdict,
  lastAttemptAt: ({ last }) => last?.at,
  lastOutcome: ({ last }) => last?.outcome,
  lastStatus: ({ last }) => last?.response?.status,
  lastError: ({ last }) => last?.error,
  lastDurationMs: ({ last }) => last?.durationMs,
};

export const CSV_COLUMNS = Object.keys(COLUMNS);

/** A spreadsheet would run such a text as a formula; an apostrophe in front prevents it (OWASP, CSV injection). */
const isFormula = (text: string) => /^[=+\-@\t\r\n]/.test(text);

const cellOf = (value: Cell): string => {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const lineOf = (cells: Cell[]) => `${cells.map(cellOf).join(',')}\r\n`;

export const CSV_HEAD = lineOf(CSV_COLUMNS);

export const csvLine = (exported: Exported): string =>
  lineOf(Object.values(COLUMNS).map((column) => column(exported)));
