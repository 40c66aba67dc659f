/** What brings due deliveries to the lanes of the processes that send: the database alone, or with the help of Redis. */
import type { ClaimedRow } from '../../store/outbox/claim.service';
import type { Job } from '../jobs.service';
import type { Lane, LaneLimits } from '../lane';

export type Engine = {
  driver: 'database' | 'bullmq';
  limits: LaneLimits;
  /** Whether what is being stored may be claimed in the same breath, past everybody else who sends. */
  mayHandOver: boolean;
  /** How often the database is asked which webhooks have something due (ms). */
  lookEvery: number;
  /** Whether what this engine needs besides the database answers; null where it needs nothing. */
  isReachable(): boolean | null;
  /** From here on others are told what is announced here; and `wake`, if there is one, what is announced elsewhere. */
  open(wake: ((webhookIds?: readonly string[]) => void) | null): void;
  close(): Promise<void>;
  /** Something of these webhooks, or of any, may be due. Told by every process, whether it sends or not; returns at once. */
  announce(webhookIds?: readonly string[]): void;
  /**
   * Brings what is due into a lane, and lowers its flags where there is no more. Answers when the next will be due
   * (ms), or null where that is not known or told otherwise. `slots`: how many could be sent at once.
   */
  fill(lane: Lane<Job>, slots: number): Promise<number | null>;
  /** These are under way no longer: they were answered, or given back. */
  free(rows: readonly ClaimedRow[]): void;
  /** Nothing is sent to this webhook any more. */
  drop(webhookId: string): void;
};
