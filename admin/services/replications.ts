/** Replications, their runs, and running or cancelling one. */
import type {
  Replication,
  ReplicationInput,
  ReplicationRun,
} from '../../server/contract/replication';
import { command, listOfOne, resource } from './resource';

const NAME = 'replications';

const all = resource<Replication, ReplicationInput>({ name: NAME, tag: 'replication' });
const running = { name: NAME, one: all.one, stale: ['replication'] } as const;

export const replications = {
  ...all,
  /** Newest first. */
  runs: listOfOne<ReplicationRun>(NAME, 'runs', ['replication']),
  run: command<Replication>('run', running),
  /** Asks for its end, which comes a moment later. */
  cancel: command<Replication>('cancel', running),
};
