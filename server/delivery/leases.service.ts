/** Which claims this process holds, and the heartbeat that keeps them. */
import { randomUUID } from 'node:crypto';
import type { ClaimedRow } from '../outbox/claim.service';

type Options = {
  /** How long a lease lasts (ms): longer than any attempt. */
  lease: number;
  extend(claimIds: string[], leaseUntil: number): Promise<void>;
  now(): number;
  onError(error: unknown): void;
};

export const createLeases = ({ lease, extend, now, onError }: Options) => {
  const held = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  const beat = () => {
    if (held.size > 0) extend([...held.keys()], now() + lease).catch(onError);
  };

  return {
    newClaim: () => ({ claimId: randomUUID(), leaseUntil: now() + lease }),
    hold: (rows: readonly ClaimedRow[]) => {
      for (const { claim_id } of rows) held.set(claim_id, (held.get(claim_id) ?? 0) + 1);
    },
    letGo: ({ claim_id }: ClaimedRow) => {
      const count = (held.get(claim_id) ?? 1) - 1;
      if (count > 0) held.set(claim_id, count);
      else held.delete(claim_id);
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
