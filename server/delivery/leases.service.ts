/** Which claims this process holds, and the heartbeat that keeps them. */
import { randomUUID } from 'node:crypto';
import type { ClaimedRow, Held } from '../outbox/claim.service';

type Options = {
  /** How long a lease lasts (ms): longer than any attempt. */
  lease: number;
  extend(held: Held[], leaseUntil: number): Promise<void>;
  now(): number;
  onError(error: unknown): void;
};

/** A delivery whose lease ran out may be claimed anew by the same process: then it is held twice. */
const keyOf = ({ id, claim_id }: Held) => `${claim_id} ${id}`;

export const createLeases = ({ lease, extend, now, onError }: Options) => {
  const held = new Map<string, Held>();
  let timer: NodeJS.Timeout | null = null;

  const beat = () => {
    if (held.size > 0) extend([...held.values()], now() + lease).catch(onError);
  };

  return {
    newClaim: () => ({ claimId: randomUUID(), leaseUntil: now() + lease }),
    hold: (rows: readonly ClaimedRow[]) => {
      for (const { id, claim_id } of rows) held.set(keyOf({ id, claim_id }), { id, claim_id });
    },
    letGo: (row: ClaimedRow) => {
      held.delete(keyOf(row));
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
