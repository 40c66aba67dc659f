/** Replications: created, changed, run, cancelled, listed and deleted by administrators. */
import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { MASK } from '../../contract/names';
import type { Page, Paging } from '../../contract/api';
import type {
  Replication,
  ReplicationQuery,
  ReplicationRun,
  ReplicationSettings,
} from '../../contract/replication';
import {
  cronProblem,
  jobAnswerOf,
  jobColumnsOf,
  jobSettingsOf,
  keptTokenProblem,
  nextRun,
  type JobRow,
} from '../../replication/job';
import { runAnswerOf } from '../../replication/run';
import type { Runs } from '../../replication/runs.service';
import type { JobRuns } from '../../replication/job-runs.service';
import type { PeerGuard } from '../../send/http/guard.service';
import { changedFields, pageOf } from '../../store/settings';
import { JOB_UID } from '../../store/models';
import type { Secrets } from '../../store/secrets/secrets.service';
import type { Clock } from '../../strapi/clock.service';
import {
  checkNone,
  invalid,
  problem,
  refused,
  type Change,
  type Problem,
} from '../../strapi/errors';
import type { Resources } from '../resource.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  secrets: Secrets;
  resources: Resources;
  guard: PeerGuard;
  runs: Runs;
  jobRuns: JobRuns;
};

export const createReplications = (options: Options) => {
  const { strapi, clock, secrets, guard, runs, jobRuns } = options;
  const replications = options.resources.of<JobRow>({
    uid: JOB_UID,
    key: 'jobId',
    subject: 'replication',
    sortable: ['name', 'destination', 'createdAt', 'updatedAt'],
  });
  const { rows } = replications;

  async function withRuns(found: JobRow[]): Promise<Replication[]> {
    const last = await runs.findAll(found.flatMap(({ lastRun }) => lastRun ?? []));
    return found.map((row) => jobAnswerOf(row, last.get(row.lastRun ?? '')));
  }

  async function find(id: string): Promise<Replication> {
    const [found] = await withRuns([await replications.find(id)]);
    return found as Replication;
  }

  async function list({ search }: ReplicationQuery, paging: Paging): Promise<Page<Replication>> {
    return replications.list(search ? { name: { $containsi: search } } : {}, paging, withRuns);
  }

  function isHere(destination: string): boolean {
    const own = String(strapi.config.get('server.absoluteUrl') || '');
    return URL.canParse(own) && `${destination}/`.startsWith(own.replace(/\/*$/, '/'));
  }

  async function problemsOfDestination(destination: string): Promise<Problem[]> {
    if (isHere(destination)) return [problem(['destination'], 'replication-to-itself')];
    const peer = await guard(destination);
    return peer.kind === 'refused' ? [{ path: ['destination'], message: peer.message }] : [];
  }

  async function check(settings: ReplicationSettings, stored: JobRow | null): Promise<void> {
    const { destination, cron } = settings;
    const token = keptTokenProblem(settings, stored);
    const turn = cron === null ? null : cronProblem(cron, clock.now());
    checkNone([
      ...(await problemsOfDestination(destination)),
      ...(token === null ? [] : [{ path: ['token'], message: token }]),
      ...(turn === null ? [] : [{ path: ['cron'], message: turn }]),
    ]);
  }

  /** A changed cron expression counts from now on. An unchanged one keeps its turn, which an instance may just be taking. */
  function turnOf({ cron }: ReplicationSettings, stored: JobRow | null) {
    if (cron === null) return { nextDueAt: null };
    if (stored?.cron === cron && stored.nextDueAt !== null) return {};
    return { nextDueAt: nextRun(cron, clock.now()) };
  }

  function dataOf(settings: ReplicationSettings, stored: JobRow | null) {
    const isKept = settings.token === MASK;
    const token = isKept ? (stored?.token ?? null) : secrets.encrypt(settings.token);
    if (token === null) throw invalid([problem(['token'], 'encryption-key-missing')]);
    return { ...jobColumnsOf(settings, token), ...turnOf(settings, stored) };
  }

  async function create(settings: ReplicationSettings): Promise<Replication> {
    await check(settings, null);
    const now = clock.now();
    const times = { createdAt: now, updatedAt: now };
    const data = { ...dataOf(settings, null), jobId: randomUUID(), ...times };
    return find(await replications.create(data));
  }

  async function update(
    id: string,
    { settings, version }: Change<ReplicationSettings>,
  ): Promise<Replication> {
    await replications.update(
      { id, version },
      {
        prepare: async (stored) => {
          await check(settings, stored);
          const fields = changedFields(jobSettingsOf(stored), settings);
          return { data: dataOf(settings, stored), fields };
        },
        // Not `update`: Strapi would set `updatedAt` to a Date, and this column holds milliseconds.
        write: ({ data }) => rows().updateMany({ where: { jobId: id }, data }),
      },
    );
    return find(id);
  }

  /** Refused while it runs: its run would belong to nothing. */
  async function remove(id: string): Promise<Replication> {
    const found = await find(id);
    await replications.remove(found, async () => {
      const { count } = await rows().deleteMany({ where: { jobId: id, activeRun: null } });
      if (count === 0) throw refused('replication-still-running');
    });
    return found;
  }

  /** Starts it here and now. */
  async function run(id: string): Promise<Replication> {
    if (!(await jobRuns.startByHand(await replications.find(id))))
      throw refused('replication-running');
    return find(id);
  }

  /** Requests the end of the active run, on whichever instance it runs. */
  async function cancel(id: string): Promise<Replication> {
    const { activeRun } = await replications.find(id);
    if (activeRun === null || !(await runs.cancel(activeRun)))
      throw refused('replication-not-running');
    return find(id);
  }

  async function runsOf(id: string, paging: Paging): Promise<Page<ReplicationRun>> {
    const { jobId } = await replications.find(id);
    const { page, pageSize } = paging;
    const found = await runs.ofJob(jobId, { offset: (page - 1) * pageSize, limit: pageSize });
    return pageOf(found.rows.map(runAnswerOf), { paging, total: found.total });
  }

  return { list, find, create, update, remove, run, cancel, runs: runsOf };
};

export type Replications = ReturnType<typeof createReplications>;
