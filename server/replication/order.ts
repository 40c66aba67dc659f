/** What a replication's own process is told, and what it says. */
import type { RunProgress, TransferGroup } from '../contract/replication';
import type { Tallied } from './tally';

export type Order = {
  destination: string;
  token: string;
  only: TransferGroup[];
  exclude: TransferGroup[];
  /** The addresses of the destination's host that the guard allowed; empty where the URL holds an address itself. */
  addresses: { address: string; family: number }[];
};

export type Said =
  | { kind: 'progress'; progress: RunProgress }
  | { kind: 'completed'; tallied: Tallied; progress: RunProgress }
  | { kind: 'failed'; error: string; progress: RunProgress };
