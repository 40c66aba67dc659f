/** For a project's own replications: `strapi.plugin('workflow-webhooks').service('replication')`. */
import { z } from 'zod';
import type { Actor } from '../contract/event';
import { parse } from '../strapi/errors';
import { keepAlive, type Runs } from './runs.service';
import { messageOf } from './sides.service';
import { createTally } from './tally';

const text = (what: string) =>
  z.string(`Expected ${what}.`).trim().min(1, `Expected ${what}.`).max(1000);

const startSchema = z.strictObject({
  name: text('a name'),
  source: text('where the content comes from'),
  destination: text('where the content goes'),
  kind: z
    .enum(['transfer', 'export', 'import'], 'Expected "transfer", "export" or "import".')
    .default('transfer'),
});

export type OwnReplication = z.input<typeof startSchema>;

export type OwnJob = {
  /** `replication.id` of its events. */
  id: string;
  /** Counts copied documents, each once. */
  replicated(uid: string, ...documentIds: string[]): void;
  /** Stores `replication.completed`. */
  complete(): Promise<void>;
  /** Stores `replication.failed`, with the error's message and what was copied until then. */
  fail(error: unknown): Promise<void>;
};

type Options = { runs: Runs; mine: Set<string>; actor(): Actor };

export const createProjectCode = ({ runs, mine, actor }: Options) => {
  const jobOf = (id: string): OwnJob => {
    const tally = createTally();
    const stop = keepAlive({ runs, runId: id, mine });
    const end = async (ending: Parameters<Runs['end']>[1]) => {
      stop();
      if (!(await runs.end(id, ending)))
        throw new Error(`The replication ${id} is over already; it can end only once.`);
    };
    return {
      id,
      replicated: (uid, ...documentIds) => tally.add(uid, documentIds),
      complete: () => end({ state: 'completed', tallied: tally.result() }),
      fail: (error) => end({ state: 'failed', error: messageOf(error), tallied: tally.result() }),
    };
  };

  /** Stores `replication.started`. If the process dies before the end, another instance stores `replication.failed`. */
  const start = async (input: OwnReplication): Promise<OwnJob> => {
    const facts = parse(startSchema, input);
    const beginning = { ...facts, trigger: 'code' as const, actor: actor() };
    return jobOf(await runs.begin(beginning, { notifiesNow: true }));
  };

  return { start };
};
