/** Which claims this process holds, and the heartbeat that keeps them. */
import { randomUUID } from 'node:crypto';
import { claimIdOf } from '../store/outbox/claim.service';
import type { ClaimedRow, Held } from '../store/outbox/claim.service';

type Options = {
  /** How long a lease lasts (ms): longer than any attempt. */
  lease: number;
  extend(held: Held[], leaseUntil: number): Promise<void>;
  now(): number;
  onError(error: unknown): void;
};

export const createLeases = ({ lease, extend, now, onError }: Options) => {
  const owner = randomUUID();
  const held = new Map<number, ClaimedRow>();
  let timer: NodeJS.Timeout | null = null;

  const beat = () => {
    if (held.size > 0) extend([...held.values()], now() + lease).catch(onError);
  };

  return {
    newClaim: () => ({ claimId: claimIdOf(owner, randomUUID()), leaseUntil: now() + lease }),
    /**
     * Those of what was just claimed that are new here. The rest this process holds already, under way or answered, and
     * could not keep its lease while the database was away: sent again it would come twice, so it goes on under the new claim.
     */
    adopt: (rows: readonly ClaimedRow[]): ClaimedRow[] =>
      rows.filter((row) => {
        const known = held.get(row.id);
        if (known?.attempt_count !== row.attempt_count) return true;
        known.claim_id = row.claim_id;
        return false;
      }),
    hold: (rows: readonly ClaimedRow[]) => {
      for (const row of rows) held.set(row.id, row);
    },
    letGo: (row: ClaimedRow) => {
      if (held.get(row.id) === row) held.delete(row.id);
    },
    start: () => {
      timer = setInterval(beat, lease / 3);
    },
    stop: () => {
      if (timer) clearInterval(timer);
    },
  };
};

export type Leases = ReturnType<typeof createLeases>;
