/** The plan of a run: its database and engine, its duration, and its possible faults. */

export const DATABASES = ['sqlite', 'postgres', 'mysql'] as const;
export const ENGINES = ['database', 'bullmq'] as const;

export type Database = (typeof DATABASES)[number];
export type Engine = (typeof ENGINES)[number];

/** Short, so that the deliveries of a dead process become free soon: a lease lasts this and ten seconds (ms). */
export const TIMEOUT_MS = 2000;

export type Plan = {
  database: Database;
  engine: Engine;
  seed: number;
  /** How long faults are injected (ms); null: until `kills` processes were killed. */
  forMs: number | null;
  kills: number | null;
  /** How many Strapis run at the same time. */
  processes: number;
};

export type Fault =
  | 'kill'
  | 'threadKill'
  | 'databaseRestart'
  | 'databaseNetwork'
  | 'receiverNetwork'
  | 'redisRestart'
  | 'redisFlush';

const WEIGHTS: Record<Fault, number> = {
  kill: 5,
  threadKill: 4,
  databaseRestart: 2,
  databaseNetwork: 2,
  receiverNetwork: 2,
  redisRestart: 2,
  redisFlush: 2,
};

/** SQLite has no server and allows one process; only BullMQ uses Redis. */
const faultsOf = ({ database, engine, kills }: Plan): Fault[] => [
  'kill',
  'threadKill',
  ...(kills === null ? (['receiverNetwork'] as const) : []),
  ...(kills === null && database !== 'sqlite'
    ? (['databaseRestart', 'databaseNetwork'] as const)
    : []),
  ...(kills === null && engine === 'bullmq' ? (['redisRestart', 'redisFlush'] as const) : []),
];

/** Each fault, repeated by its weight. */
export const weightedFaults = (plan: Plan): Fault[] =>
  faultsOf(plan).flatMap((fault) => Array<Fault>(WEIGHTS[fault]).fill(fault));

/** Every supported combination: SQLite allows one process, so Redis has nothing to share. */
export const matrix = (databases: readonly Database[], engines: readonly Engine[]) =>
  databases.flatMap((database) =>
    engines
      .filter((engine) => database !== 'sqlite' || engine === 'database')
      .map((engine) => ({ database, engine })),
  );

export const processesOf = (database: Database): number => (database === 'sqlite' ? 1 : 3);
