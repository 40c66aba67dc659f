/** Which deliveries wait for the first attempts of others of their webhook and document. */
import type { Knex } from 'knex';
import { ownerOf } from './claim-id';
import { UNANSWERED } from './due.service';
import type { DeliveryRow } from './rows';
import { chunksOf, readInChunks } from '../../strapi/chunks';
import type { Tables } from './tables.service';

/** First attempts of a place are made one after the other. */
export type Place = Pick<DeliveryRow, 'webhook_id' | 'document_id'>;

const keyOfPlace = ({ webhook_id, document_id }: Place) => `${webhook_id} ${document_id}`;

/** The deliveries of one document that one process may hold for one webhook without an answer. */
const MOST_OF_DOCUMENT = 8;
const MOST_UNANSWERED = 500;

/** Webhooks that one query asks about. */
const LOOKS = 50;

export const createFollowing = (tables: Tables) => {
  /** The webhooks of these deliveries for which a later one of the same document waits. */
  const followed = async (rows: readonly Place[]): Promise<string[]> => {
    const documents = new Map<string, Set<string>>();
    for (const { webhook_id, document_id } of rows) {
      const known = documents.get(webhook_id) ?? new Set();
      if (document_id !== null) documents.set(webhook_id, known.add(document_id));
    }
    const looks = [...documents].flatMap(([webhookId, ids]) =>
      chunksOf([...ids]).map((chunk) =>
        tables
          .deliveries()
          .select('webhook_id')
          .where('webhook_id', webhookId)
          .where('state', 'pending')
          .whereIn('document_id', chunk)
          .limit(1),
      ),
    );
    const found = new Set<string>();
    for (const some of chunksOf(looks, LOOKS)) {
      const asked = some.map((look, index) => look.as(`look_${index}`));
      const seen = (await tables.together(asked)) as Record<string, string | null>;
      for (const webhookId of Object.values(seen)) if (webhookId !== null) found.add(webhookId);
    }
    return [...found];
  };

  /**
   * Which of the places that a process is about to store as claimed must wait in the database instead: there an earlier
   * delivery waits, or another process holds one, or this process holds many already.
   */
  const crowded = async (
    places: readonly Place[],
    { owner, trx }: { owner: string | null; trx: Knex.Transaction },
  ): Promise<(place: Place) => boolean> => {
    const ofDocuments = places.filter(({ document_id }) => document_id !== null);
    if (ofDocuments.length === 0) return () => false;
    const documentIds = [...new Set(ofDocuments.map((place) => place.document_id))];
    const webhookIds = [...new Set(ofDocuments.map((place) => place.webhook_id))];
    const rows = await readInChunks(
      documentIds,
      (some) =>
        tables
          .deliveries(trx)
          .whereIn('document_id', some)
          .whereIn('webhook_id', webhookIds)
          .whereIn('state', [...UNANSWERED])
          .where('attempt_count', 0)
          .limit(MOST_UNANSWERED)
          .select('webhook_id', 'document_id', 'claim_id') as Promise<DeliveryRow[]>,
    );
    if (rows.length >= MOST_UNANSWERED) return () => true;
    const held = new Map<string, number>();
    for (const row of rows) {
      const weight = ownerOf(row.claim_id) === owner ? 1 : MOST_OF_DOCUMENT;
      held.set(keyOfPlace(row), (held.get(keyOfPlace(row)) ?? 0) + weight);
    }
    return (place) => (held.get(keyOfPlace(place)) ?? 0) >= MOST_OF_DOCUMENT;
  };

  return { followed, crowded };
};

export type Following = ReturnType<typeof createFollowing>;
