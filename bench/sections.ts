/** The sections of the benchmark by name, with the apps that they need and the tables that they return. */
import type { DatabaseKind } from '../tests/support/strapi';
import { measureClaims } from './claims';
import { measureDrain } from './drain';
import { measureGate } from './gate';
import { measureGrowth } from './growth';
import { measureIdle } from './idle';
import { measureIsolation } from './isolation';
import { measureLatencies } from './latency';
import { measureMemory } from './memory';
import { measureProcesses, type Engine } from './processes';
import { measureQueues } from './queues';
import { measureReads } from './reads';
import type { BenchReceiver } from './receiver';
import {
  claimsTable,
  gateTable,
  growthTable,
  idleTable,
  isolationTable,
  memoryTable,
  processesTable,
  readsTable,
} from './report';
import { drainTable, latencyTable, queuesTable, writeTables } from './report-sending';
import type { Table } from './table';
import type { Subject, Variant } from './variants';
import { measureWriteRates } from './write-rate';

const PER_SECOND = 50;
const READS_PER_SECOND = 25;
const WEBHOOKS = [1, 100, 300, 1000];

export const FULL = {
  write: { rounds: 20, count: 20, limitMs: 300_000 },
  drain: { rounds: 5, count: 4000 },
  reads: { perSecond: READS_PER_SECOND, count: 4000, samples: 600, rounds: 20 },
  queues: { rounds: 3, count: 4000 },
  idle: { webhooks: WEBHOOKS, rounds: 3, windowMs: 8000 },
  growth: { rounds: 12, pages: 40, notices: 3 },
  latency: { rounds: 4, count: 250, perSecond: PER_SECOND },
  gate: { rounds: 6, count: 40 },
  isolation: { rounds: 6, count: 250, perSecond: PER_SECOND },
  claims: { finished: 1_000_000, pending: 100_000, claims: 100 },
  memory: { pending: 100_000, samples: 15 },
  processes: { count: 1600, rounds: 3 },
};
export const QUICK: typeof FULL = {
  write: { rounds: 5, count: 12, limitMs: 60_000 },
  drain: { rounds: 3, count: 800 },
  reads: { perSecond: READS_PER_SECOND, count: 4000, samples: 150, rounds: 4 },
  queues: { rounds: 2, count: 800 },
  idle: { webhooks: WEBHOOKS, rounds: 2, windowMs: 3000 },
  growth: { rounds: 5, pages: 20, notices: 2 },
  latency: { rounds: 2, count: 100, perSecond: PER_SECOND },
  gate: { rounds: 2, count: 20 },
  isolation: { rounds: 1, count: 150, perSecond: PER_SECOND },
  claims: { finished: 100_000, pending: 10_000, claims: 20 },
  memory: { pending: 20_000, samples: 4 },
  processes: { count: 320, rounds: 1 },
};

export type Place = { receiver: BenchReceiver; database: DatabaseKind; plan: typeof FULL };

/** A section that uses some of the apps that run side by side. */
type SideBySide = {
  variants: Variant[];
  measure(subjects: Subject[], place: Place): Promise<Table[]>;
};

const SENDING: Variant[] = ['one', 'strapi'];

export const SIDE_BY_SIDE: Record<string, SideBySide> = {
  write: {
    variants: ['without', 'none', 'stored', 'one', 'strapi'],
    measure: async (subjects, { receiver, plan }) =>
      writeTables(await measureWriteRates(subjects, receiver, plan.write)),
  },
  drain: {
    variants: SENDING,
    measure: async (subjects, { receiver, plan }) => {
      const over = (url: string) => measureDrain(subjects, receiver, { ...plan.drain, url });
      return [
        drainTable(await over(receiver.url), 'HTTPS'),
        drainTable(await over(receiver.plainUrl), 'HTTP'),
      ];
    },
  },
  latency: {
    variants: SENDING,
    measure: async (subjects, { receiver, plan }) => [
      latencyTable(await measureLatencies(subjects, receiver, plan.latency), PER_SECOND),
    ],
  },
  gate: {
    variants: ['none'],
    measure: async (subjects, { receiver, plan }) => {
      const [subject] = subjects as [Subject];
      return [gateTable(await measureGate(subject, receiver, plan.gate))];
    },
  },
};

const processes = async (engine: Engine, { receiver, database, plan }: Place): Promise<Table[]> => {
  if (database === 'sqlite') return [];
  const rates = await measureProcesses(receiver, { ...plan.processes, database, engine });
  return [processesTable(rates, engine === 'bullmq' ? `${database} and BullMQ` : database)];
};

/** Sections that start their own apps. */
export const ALONE: Record<string, (place: Place) => Promise<Table[]>> = {
  queues: async ({ receiver, database, plan }) => [
    queuesTable(await measureQueues(receiver, { ...plan.queues, database })),
  ],
  reads: async ({ receiver, database, plan }) => [
    readsTable(await measureReads(receiver, { ...plan.reads, database }), plan.reads.count),
  ],
  idle: async ({ receiver, database, plan }) => [
    idleTable(await measureIdle(receiver, { ...plan.idle, database })),
  ],
  growth: async ({ receiver, database, plan }) => [
    growthTable(await measureGrowth(receiver, { ...plan.growth, database })),
  ],
  isolation: async ({ receiver, database, plan }) => [
    isolationTable(await measureIsolation(receiver, { ...plan.isolation, database })),
  ],
  claims: async ({ database, plan }) => [
    claimsTable(await measureClaims({ ...plan.claims, database }), plan.claims),
  ],
  memory: async ({ receiver, database, plan }) => [
    memoryTable(await measureMemory(receiver, { ...plan.memory, database }), plan.memory.pending),
  ],
  processes: (place) => processes('database', place),
  bullmq: (place) => processes('bullmq', place),
};
