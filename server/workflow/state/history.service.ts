/** Who moved a document, when, with which words, and what the validations said. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor } from '../../contract/event';
import type { HistoryEntry, HistoryOutcome } from '../../contract/document';
import type { Moment } from '../../store/outbox/rows';
import type { Tables } from '../../store/tables.service';
import { languageOf, type Place } from '../../strapi/model/place';

/** What the panel shows at most. */
const SHOWN = 100;

type Row = {
  id: number;
  uid: string;
  document: string;
  language: string;
  workflow: string;
  at: Moment;
  actor: string;
  command: string | null;
  command_name: string | null;
  from_state: string;
  from_name: string;
  to_state: string;
  to_name: string;
  comment: string | null;
  outcome: HistoryOutcome;
  verdicts: string;
};

export type NewEntry = Omit<HistoryEntry, 'at'> & { at: number; workflow: string };

const rowOf = (place: Place, entry: NewEntry): Omit<Row, 'id'> => ({
  uid: place.uid,
  document: place.documentId,
  language: languageOf(place),
  workflow: entry.workflow,
  at: entry.at,
  actor: JSON.stringify(entry.actor),
  command: entry.command,
  command_name: entry.commandName,
  from_state: entry.from,
  from_name: entry.fromName,
  to_state: entry.to,
  to_name: entry.toName,
  comment: entry.comment,
  outcome: entry.outcome,
  verdicts: JSON.stringify(entry.verdicts),
});

const entryOf = (row: Row): HistoryEntry => ({
  at: new Date(Number(row.at)).toISOString(),
  actor: JSON.parse(row.actor) as Actor,
  command: row.command,
  commandName: row.command_name,
  from: row.from_state,
  fromName: row.from_name,
  to: row.to_state,
  toName: row.to_name,
  comment: row.comment,
  outcome: row.outcome,
  verdicts: JSON.parse(row.verdicts),
});

export const createHistory = (tables: Tables) => {
  const rows = tables.on<Row>('history');
  const whereOf = (place: Place) => ({
    uid: place.uid,
    document: place.documentId,
    language: languageOf(place),
  });

  const add = async (place: Place, entry: NewEntry, trx: Knex.Transaction): Promise<void> => {
    const own = { document_id: randomBytes(12).toString('hex') };
    await rows(trx).insert({ ...own, ...rowOf(place, entry) } as never);
  };

  /** Newest first. */
  const list = async (place: Place, trx: Knex.Transaction): Promise<HistoryEntry[]> => {
    const found = (await rows(trx)
      .where(whereOf(place))
      .orderBy('id', 'desc')
      .limit(SHOWN)) as unknown as Row[];
    return found.map(entryOf);
  };

  return { add, list };
};

export type History = ReturnType<typeof createHistory>;
