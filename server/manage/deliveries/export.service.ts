/** Everything that a list's filters find, as one text that is made while it is read. */
import type { DeliveryDetail, DeliveryQuery, ExportFormat } from '../../contract/delivery';
import type { LogQuery } from '../../store/outbox/log.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import {
  attemptOf,
  deliveryOf,
  sentBodyOf,
  type AttemptRow,
  type DeliveryRow,
} from '../../store/outbox/rows';
import { chunksOf } from '../../strapi/chunks';
import type { Webhooks } from '../webhooks/webhooks.service';
import { CSV_HEAD, csvLine } from './csv';
import type { Found } from './searching.service';

type Options = {
  outbox: Outbox;
  webhooks: Webhooks;
  logQueryOf(query: Found<DeliveryQuery>): Promise<LogQuery>;
};

/** Leaves out what the reader may not see, and names the documents. */
type Show = (details: readonly DeliveryDetail[]) => Promise<readonly DeliveryDetail[]>;

const TYPES: Record<ExportFormat, string> = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** Deliveries whose attempts, with their bodies, are in memory at a time. */
const AT_ONCE = 20;

export const detailOf = (
  row: DeliveryRow,
  attempts: AttemptRow[],
  names: ReadonlyMap<string, string>,
): DeliveryDetail => {
  const body = sentBodyOf(attempts);
  return {
    ...deliveryOf(row, names),
    isContentHidden: false,
    attempts: attempts.map((attempt) => attemptOf(attempt, body)).reverse(),
  };
};

const lineOf = (format: ExportFormat, detail: DeliveryDetail): string => {
  if (format === 'jsonl') return `${JSON.stringify(detail)}\n`;
  const { attempts, ...delivery } = detail;
  return csvLine({ delivery, last: attempts[0] });
};

export const createExport = ({ outbox, webhooks, logQueryOf }: Options) => {
  const details = async function* (
    query: Found<DeliveryQuery>,
    show: Show,
  ): AsyncGenerator<DeliveryDetail> {
    const names = await webhooks.names();
    for await (const page of outbox.log.pages(await logQueryOf(query))) {
      for (const rows of chunksOf(page, AT_ONCE)) {
        const attempts = await outbox.log.attemptsOfAll(rows.map(({ id }) => id));
        const found = rows.map((row) => detailOf(row, attempts.get(row.id) ?? [], names));
        yield* await show(found);
      }
    }
  };

  const lines = async function* (query: Found<DeliveryQuery>, format: ExportFormat, show: Show) {
    if (format === 'csv') yield CSV_HEAD;
    // A table has neither bodies nor titles.
    const shown: Show = format === 'csv' ? async (found) => found : show;
    for await (const detail of details(query, shown)) yield lineOf(format, detail);
  };

  /** Oldest first. Nothing is read from the database before somebody reads the lines. */
  return (query: Found<DeliveryQuery>, format: ExportFormat, show: Show) => ({
    type: TYPES[format],
    lines: lines(query, format, show),
  });
};
