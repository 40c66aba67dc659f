/** What a run is made of: which database and engine, for how long, and what may go wrong. */

export const DATABASES = ['sqlite', 'postgres', 'mysql'] as const;
export const ENGINES = ['database', 'bullmq'] as const;

export type Database = (typeof DATABASES)[number];
export type Engine = (typeof ENGINES)[number];

/** Short, so that what a dead process held is free again soon: a lease is this and ten seconds (ms). */
export const TIMEOUT_MS = 2000;

export type Plan = {
  database: Database;
  engine: Engine;
  seed: number;
  /** How long things go wrong (ms); null: until so many processes were killed. */
  forMs: number | null;
  kills: number | null;
  /** Strapis at work side by side. */
  processes: number;
};

export type Fault =
  | 'kill'
  | 'databaseRestart'
  | 'databaseNetwork'
  | 'receiverNetwork'
  | 'redisRestart'
  | 'redisFlush';

const WEIGHTS: Record<Fault, number> = {
  kill: 5,
  databaseRestart: 2,
  databaseNetwork: 2,
  receiverNetwork: 2,
  redisRestart: 2,
  redisFlush: 2,
};

/** SQLite has no server and is for one process; only BullMQ has a Redis. */
const faultsOf = ({ database, engine, kills }: Plan): Fault[] => [
  'kill',
  ...(kills === null ? (['receiverNetwork'] as const) : []),
  ...(kills === null && database !== 'sqlite'
    ? (['databaseRestart', 'databaseNetwork'] as const)
    : []),
  ...(kills === null && engine === 'bullmq' ? (['redisRestart', 'redisFlush'] as const) : []),
];

/** Each fault as often as it weighs. */
export const bagOf = (plan: Plan): Fault[] =>
  faultsOf(plan).flatMap((fault) => Array<Fault>(WEIGHTS[fault]).fill(fault));

/** Every combination that there is: SQLite has no second process that Redis could share with. */
export const matrix = (databases: readonly Database[], engines: readonly Engine[]) =>
  databases.flatMap((database) =>
    engines
      .filter((engine) => database !== 'sqlite' || engine === 'database')
      .map((engine) => ({ database, engine })),
  );

export const processesOf = (database: Database): number => (database === 'sqlite' ? 1 : 3);
